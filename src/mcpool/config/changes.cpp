// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/changes.hpp>

#include <tuple>

namespace mcpool::config {

namespace {

bool same(const server_config& a, const server_config& b) {
  auto rest = [](const server_config& x) {
    return std::tie(x.name, x.title, x.description, x.startup, x.keep_alive);
  };
  return a.fingerprint == b.fingerprint && rest(a) == rest(b);
}

bool same(const throttle_config& a, const throttle_config& b) {
  auto all = [](const throttle_config& x) {
    return std::tie(x.max_starting, x.max_starting_per_owner, x.max_waiting);
  };
  return all(a) == all(b);
}

bool same(const cooldown_config& a, const cooldown_config& b) {
  auto all = [](const cooldown_config& x) {
    return std::tie(x.base, x.max, x.reset_after);
  };
  return all(a) == all(b);
}

bool same(const pool_config& a, const pool_config& b) {
  auto rest = [](const pool_config& x) {
    return std::tie(x.max_attempts, x.threads, x.drain_timeout, x.liveness_ttl,
                    x.ping_timeout, x.max_calls_per_connection,
                    x.max_waiting_callers, x.scope_idle_timeout, x.max_scopes);
  };
  return same(a.throttle, b.throttle) && same(a.cooldown, b.cooldown)
         && rest(a) == rest(b);
}

} // namespace

change_list changes_between(const document& before, const document& after) {
  change_list out;
  for (const auto& [name, server] : after.servers) {
    auto old = before.servers.find(name);
    if (old == before.servers.end() || !same(old->second, server))
      out.changed.push_back(name);
  }
  for (const auto& entry : before.servers)
    if (after.servers.count(entry.first) == 0)
      out.removed.push_back(entry.first);
  out.pool_changed = !same(before.pool, after.pool);
  return out;
}

} // namespace mcpool::config
