// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/embedded_pool.hpp>

#include <mcpool/config/finding.hpp>
#include <mcpool/config/load.hpp>

#include <stdexcept>

namespace mcpool::system {

namespace conn = messages::connection;

namespace {

actors::service_options options_of(const std::filesystem::path& file) {
  auto env = config::process_environment();
  auto loaded = config::load({file}, env);
  if (!loaded)
    throw std::runtime_error{"the configuration of the test is invalid: "
                             + to_string(loaded.findings.front())};
  actors::service_options out;
  out.config = std::move(*loaded.value);
  out.files = {file};
  out.environment = std::move(env);
  return out;
}

result<std::string> text_of(const result<conn::call_result>& x) {
  if (!x)
    return x.error();
  auto all = json::parse(x->json.view());
  return all["content"][0]["text"].get<std::string>();
}

} // namespace

embedded_pool::embedded_pool(const std::filesystem::path& config_file,
                             owner_scope owner)
  : owner_(std::move(owner)),
    config_(4),
    system_(config_),
    service_(system_, options_of(config_file)) {}

result<repo::connection_ref> embedded_pool::get(const std::string& server) {
  return ask_as<repo::connection_ref>(
    owner_, repo::get{{server}, service_.in(patience)});
}

result<repo::connection_map> embedded_pool::get_all() {
  return ask_as<repo::connection_map>(owner_,
                                      repo::get_all{service_.in(patience)});
}

result<void> embedded_pool::disconnect(const std::string& server) {
  return ask_as<void>(owner_, repo::disconnect{{server}});
}

result<void> embedded_pool::disconnect_all() {
  return ask_as<void>(owner_, repo::disconnect_all{});
}

result<std::string> embedded_pool::call(const std::string& server,
                                        const std::string& tool,
                                        const json& arguments) {
  return call_within(patience, server, tool, arguments);
}

result<std::string> embedded_pool::call_within(std::chrono::milliseconds limit,
                                               const std::string& server,
                                               const std::string& tool,
                                               const json& arguments) {
  repo::call x;
  x.server = {server};
  x.method = "tools/call";
  json params{{"name", tool}, {"arguments", arguments}};
  x.params = shared_text{params.dump()};
  x.until = service_.in(limit);
  return text_of(ask_as<conn::call_result>(owner_, std::move(x)));
}

std::future<result<std::string>>
embedded_pool::begin_call(const std::string& server, const std::string& tool,
                          const json& arguments) {
  return std::async(std::launch::async, [this, server, tool, arguments] {
    return call(server, tool, arguments);
  });
}

conn::connection_status embedded_pool::status(const std::string& server) {
  auto all = ask_as<repo::repository_status>(owner_, repo::status{});
  if (all)
    for (const auto& x : all->servers)
      if (x.server.value == server)
        return x;
  return {};
}

result<messages::pool::pool_status> embedded_pool::pool_status() {
  caf::scoped_actor self{system_};
  return engine::await<messages::pool::pool_status>(self, service_.pool(),
                                                    messages::pool::status{});
}

void embedded_pool::shutdown(std::chrono::milliseconds limit) {
  service_.shutdown(service_.in(limit));
}

} // namespace mcpool::system
