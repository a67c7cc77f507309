// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/endpoint.hpp>

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/transport/http_target.hpp>
#include <mcpool/transport/program_path.hpp>

#include <algorithm>

namespace mcpool::transport {

namespace {

// Nothing for the usual one.
std::string patience_of(const config::server_config& x) {
  static const auto usual = connect_limit(config::server_config{});
  auto limit = connect_limit(x);
  return limit == usual ? std::string{}
                        : cat(" (connectTimeout ", format_duration(limit), ")");
}

} // namespace

std::string endpoint_of(const config::server_config& x) {
  if (x.transport != config::transport_kind::stdio) {
    auto origin = origin_of(x.url);
    return origin ? *origin + patience_of(x) : std::string{};
  }
  if (x.command.find('/') != std::string::npos)
    return beneath(x.cwd, x.command);
  return x.env.count("PATH") == 0 ? x.command : std::string{};
}

duration connect_limit(const config::server_config& x) {
  return std::min(x.connect_timeout, x.init_timeout * 9 / 10);
}

} // namespace mcpool::transport
