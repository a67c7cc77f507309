// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/bench_pool.hpp>

#include <mcpool/config/fingerprint_of.hpp>

#include <algorithm>
#include <utility>

namespace mcpool::bench {

namespace {

actors::service_options
options_of(config::pool_config pool,
           const std::vector<config::server_config>& servers) {
  actors::service_options out;
  out.config.pool = pool;
  for (const auto& x : servers)
    out.config.servers.emplace(x.name, x);
  return out;
}

} // namespace

std::vector<config::server_config> http_servers(const options& o, int count) {
  std::vector<config::server_config> out;
  for (int i = 0; i < count; ++i) {
    config::server_config x;
    x.name = {cat("s", i)};
    x.transport = config::transport_kind::streamable_http;
    x.replacement = config::replacement_mode::overlap;
    x.url = o.url(i);
    x.fingerprint = config::fingerprint_of(x);
    out.push_back(std::move(x));
  }
  return out;
}

std::vector<config::server_config> stdio_servers(const options& o, int count) {
  auto command = o.command();
  std::vector<config::server_config> out;
  for (int i = 0; i < count; ++i) {
    config::server_config x;
    x.name = {cat("s", i)};
    x.command = command.front();
    x.args.assign(command.begin() + 1, command.end());
    x.fingerprint = config::fingerprint_of(x);
    out.push_back(std::move(x));
  }
  return out;
}

config::pool_config wide_limits(const options& o) {
  config::pool_config out;
  auto batch = o.number("batch", 3, 1);
  out.throttle.max_starting_per_owner = static_cast<std::uint32_t>(batch);
  out.throttle.max_starting
    = static_cast<std::uint32_t>(std::max(batch, o.number("permits", 600, 1)));
  return out;
}

bench_pool::bench_pool(const options& o, config::pool_config pool,
                       const std::vector<config::server_config>& servers)
  : config_(static_cast<std::uint32_t>(o.number("threads", 0))),
    system_(config_),
    service_(system_, options_of(pool, servers)) {}

repository_actor bench_pool::owner(std::string_view user) {
  return need(service_.repository(need(user_scope(user))));
}

std::vector<repository_actor> bench_pool::owners(std::string_view prefix,
                                                 int count) {
  std::vector<repository_actor> out;
  for (int i = 0; i < count; ++i)
    out.push_back(owner(cat(prefix, i)));
  return out;
}

registry_actor bench_pool::registry() {
  return ask<registry_actor>(service_.pool(), messages::pool::find_registry{});
}

} // namespace mcpool::bench
