// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/http_server.hpp>

#include <mcpool/system/http_exchange.hpp>

#include <stdexcept>
#include <utility>

namespace mcpool::system {

http_server http_server::fake(const system_test& test, words args,
                              std::uint16_t port) {
  static int count = 0;
  auto port_file = test.file("port-" + std::to_string(++count));
  args.insert(args.begin(),
              {"http", "--port", std::to_string(port), "--port-file", port_file,
               "--lifetime", std::to_string(test.lifetime.count()) + "s"});
  process_spec spec{MCPOOL_FAKE_SERVER, std::move(args), test.environment, "",
                    test.folder()};
  http_server out;
  out.process_ = std::make_unique<process>(spec, test.folder());
  if (!eventually([&] { return !read_file(port_file).empty(); }))
    throw std::runtime_error{"the server did not start: "
                             + out.process_->err()};
  out.port_ = json::parse(read_file(port_file))["port"];
  return out;
}

// Somebody else may take the port before the server does.
http_server http_server::everything(const system_test& test) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    http_server out;
    out.port_ = free_port();
    process_spec spec{MCPOOL_NODE,
                      {MCPOOL_EVERYTHING, "streamableHttp"},
                      test.environment,
                      "",
                      test.folder()};
    spec.environment["PORT"] = std::to_string(out.port_);
    out.process_ = std::make_unique<process>(spec, test.folder());
    auto is_up = [&] { return listens(out.port_); };
    if (eventually([&] { return !out.process_->runs() || is_up(); })
        && out.process_->runs())
      return out;
  }
  throw std::runtime_error{"server-everything does not start"};
}

std::string http_server::url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/mcp";
}

json http_server::config() const {
  return {{"url", url()}};
}

json http_server::stats() const {
  return json::parse(http_get(port_, "/stats"));
}

void http_server::drop_sessions() const {
  http_post(port_, "/admin/drop-sessions", "");
}

void http_server::set_rules(const std::string& text) const {
  http_post(port_, "/admin/rules", text);
}

} // namespace mcpool::system
