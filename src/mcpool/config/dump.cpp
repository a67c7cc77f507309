// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/dump.hpp>

#include <mcpool/config/option_writer.hpp>

namespace mcpool::config {

namespace {

using json = nlohmann::ordered_json;

json shown(server_config x) {
  auto out = json::object();
  option_writer<json> writer{out, write_mode::shown};
  for (const auto& option : server_options())
    if (suits(option.fits, x.transport))
      writer.write(option, x);
  return out;
}

json shown(pool_config pool, server_config defaults) {
  auto out = json::object();
  option_writer<json> writer{out, write_mode::shown};
  for (const auto& option : pool_options())
    writer.write(option, pool);
  auto& limits = out["defaults"] = json::object();
  option_writer<json> limit_writer{limits, write_mode::shown};
  for (const auto& option : server_options())
    if (option.use == purpose::limit)
      limit_writer.write(option, defaults);
  return out;
}

} // namespace

std::string dump(const document& x) {
  auto out = json::object();
  auto& servers = out["mcpServers"] = json::object();
  for (const auto& [name, server] : x.servers)
    servers[name.value] = shown(server);
  out["pool"] = shown(x.pool, x.defaults);
  return out.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

} // namespace mcpool::config
