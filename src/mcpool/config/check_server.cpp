// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/check_server.hpp>

#include <mcpool/config/load.hpp>
#include <mcpool/config/option_writer.hpp>

#include <utility>

// The configuration is written as a file would have it and read back, so that
// there is one set of rules.

namespace mcpool::config {

namespace {

using json = nlohmann::json;

void escape(std::map<std::string, secret>& values) {
  for (auto& [name, value] : values)
    value = secret{escape_variables(value.reveal())};
}

// What a file must say to mean `x`.
server_config as_written(server_config x) {
  for (auto& arg : x.args)
    arg = escape_variables(arg);
  x.cwd = escape_variables(x.cwd);
  x.url = escape_variables(x.url);
  escape(x.env);
  escape(x.headers);
  return x;
}

std::string file_of(server_config x) {
  auto server = json::object();
  option_writer<json> writer{server, write_mode::raw};
  for (const auto& option : server_options())
    if (suits(option.fits, x.transport))
      writer.write(option, x);
  auto servers = json::object();
  servers[x.name.value] = std::move(server);
  auto file = json::object();
  file["mcpServers"] = std::move(servers);
  return file.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

result<void> check_server(const server_config& x) {
  auto found = load_texts({{"", file_of(as_written(x))}}, {});
  if (found)
    return {};
  for (auto& one : found.findings) {
    one.file.clear();
    one.line = 0;
  }
  return refusal_of(found.findings);
}

} // namespace mcpool::config
