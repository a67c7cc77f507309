// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/load.hpp>
#include <mcpool/engine/ask.hpp>

#include <atomic>
#include <memory>
#include <set>
#include <thread>

// What connects and disconnects many at once.

namespace mcpool::bench {

namespace {

using owner_list = std::vector<repository_actor>;

std::vector<server_name> names(int count) {
  std::vector<server_name> out;
  for (int i = 0; i < count; ++i)
    out.push_back({cat("s", i)});
  return out;
}

/// What many `get_many`s found.
struct storm_result {
  histogram times;
  int connected = 0;
};

/// Every owner gets all of `servers`, `parallel` owners at a time.
storm_result get_all(bench_pool& pool, const owner_list& owners,
                     std::vector<server_name> servers, int parallel) {
  auto connected = std::make_shared<std::atomic<int>>(0);
  repo::get_many request{std::move(servers), pool.soon()};
  auto get = [=](auto* self, int i, auto done) {
    engine::ask(self, owners[static_cast<std::size_t>(i)], request)
      .then(
        [=](const repo::connection_map& x) mutable {
          *connected += static_cast<int>(x.connections.size());
          done();
        },
        [=](const caf::error&) mutable { done(); });
  };
  auto count = static_cast<int>(owners.size());
  auto times = run_batch(pool.system(), count, parallel, get);
  return {std::move(times), *connected};
}

void disconnect_all(bench_pool& pool, const owner_list& owners) {
  auto end = [owners](auto* self, int i, auto done) {
    engine::ask(self, owners[static_cast<std::size_t>(i)],
                repo::disconnect_all{})
      .then([done]() mutable { done(); },
            [done](const caf::error&) mutable { done(); });
  };
  auto count = static_cast<int>(owners.size());
  run_batch(pool.system(), count, count, end);
}

} // namespace

record cold_storm(const options& o) {
  auto count = o.number("owners", 200, 1);
  auto servers = o.number("servers", 5, 1);
  bench_pool pool{o, wide_limits(o), http_servers(o, servers)};
  if (o.flag("prewarm")) {
    auto first = pool.owners("w", count);
    get_all(pool, first, names(servers), count);
    disconnect_all(pool, first);
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
  auto base = rss_kb();
  auto owners = pool.owners("u", count);
  stopwatch watch;
  auto got = get_all(pool, owners, names(servers), count);
  record out{{"owners", count},
             {"servers", servers},
             {"prewarm", o.flag("prewarm") ? 1 : 0},
             {"connected", got.connected},
             {"errors", count * servers - got.connected},
             {"wall_ms", watch.wall_ms()},
             {"cpu_ms", watch.cpu_ms()},
             {"owner_ready", owner_quantiles(got.times)},
             {"rss_base_kb", base}};
  add_memory(out);
  return out;
}

record race(const options& o) {
  auto count = o.number("concurrency", 64, 1);
  bench_pool pool{o, wide_limits(o), http_servers(o, 1)};
  auto owner = pool.owner("u0");
  auto found = std::make_shared<std::vector<connection_actor>>();
  auto failed = std::make_shared<std::atomic<int>>(0);
  auto until = pool.soon();
  auto get = [=](auto* self, int, auto done) {
    engine::ask(self, owner, repo::get{{"s0"}, until})
      .then(
        [=](const repo::connection_ref& x) mutable {
          found->push_back(x.connection);
          done();
        },
        [=](const caf::error&) mutable {
          ++*failed;
          done();
        });
  };
  stopwatch watch;
  run_batch(pool.system(), count, count, get);
  auto wall = watch.wall_ms();
  std::set<connection_actor> distinct{found->begin(), found->end()};
  disconnect_all(pool, {owner});
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  // A connection that has ended answers no question.
  auto left = 0;
  caf::scoped_actor self{pool.system()};
  for (const auto& x : distinct)
    if (engine::await<conn::connection_status>(self, x, conn::status{}))
      ++left;
  return {{"concurrency", count},
          {"wall_ms", wall},
          {"errors", failed->load()},
          {"distinct_connections", distinct.size()},
          {"still_connected_after_disconnect_all", left}};
}

record mem(const options& o) {
  auto n = o.number("n", 1000, 1);
  auto servers = o.number("servers", 5, 1);
  bench_pool pool{o, wide_limits(o), http_servers(o, servers)};
  auto first = pool.owner("warm");
  pool.get(first, "s0");
  disconnect_all(pool, {first});
  std::this_thread::sleep_for(std::chrono::milliseconds{500});
  auto base = rss_kb();
  auto owners = pool.owners("u", (n + servers - 1) / servers);
  stopwatch watch;
  auto got = get_all(pool, owners, names(servers), o.number("parallel", 16, 1));
  auto wall = watch.wall_ms();
  auto just = rss_kb();
  std::this_thread::sleep_for(o.seconds("settle", 6));
  auto settled = rss_kb();
  auto connected = std::max(got.connected, 1);
  auto wanted = static_cast<int>(owners.size()) * servers;
  return {{"n", got.connected},
          {"errors", wanted - got.connected},
          {"connect_wall_ms", wall},
          {"rss_base_kb", base},
          {"rss_connected_kb", just},
          {"rss_settled_kb", settled},
          {"hwm_kb", hwm_kb()},
          {"per_conn_kb",
           rounded(static_cast<double>(settled - base) / connected, 2)},
          {"rss_total_per_conn_kb",
           rounded(static_cast<double>(settled) / connected, 2)}};
}

record stdio(const options& o) {
  auto n = o.number("n", 100, 1);
  bench_pool pool{o, wide_limits(o), stdio_servers(o, n)};
  auto owner = pool.owner("u0");
  auto base = rss_kb();
  stopwatch watch;
  auto got = get_all(pool, {owner}, names(n), 1);
  record out{{"n", got.connected},
             {"errors", n - got.connected},
             {"batch", o.number("batch", 3, 1)},
             {"wall_ms", watch.wall_ms()},
             {"cpu_ms", watch.cpu_ms()},
             {"rss_base_kb", base}};
  add_memory(out);
  out["per_conn_kb"] = rounded(static_cast<double>(rss_kb() - base) / n, 2);
  disconnect_all(pool, {owner});
  return out;
}

record stale(const options& o) {
  auto n = o.number("n", 200, 1);
  auto servers = http_servers(o, n);
  bench_pool pool{o, wide_limits(o), servers};
  auto owner = pool.owner("u0");
  repo::get_many all{names(n), pool.soon()};
  stopwatch cold;
  auto before = pool.ask<repo::connection_map>(owner, all);
  auto cold_ms = cold.wall_ms();
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  auto registry = pool.registry();
  stopwatch watch;
  for (auto& x : servers) {
    x.headers["X-Revision"] = secret{"2"};
    pool.ask<void>(registry, messages::registry::put_config{x});
  }
  auto after = pool.ask<repo::connection_map>(owner, all);
  auto wall = watch.wall_ms();
  auto cpu = watch.cpu_ms();
  auto renewed = 0;
  for (const auto& [name, x] : after.connections)
    renewed += x.connection != before.connections[name].connection ? 1 : 0;
  record out{{"n", n},
             {"batch", o.number("batch", 3, 1)},
             {"errors", n - renewed},
             {"cold_ms", cold_ms},
             {"restart_ms", wall},
             {"renewed", renewed},
             {"cpu_ms", cpu}};
  add_memory(out);
  std::this_thread::sleep_for(o.seconds("settle", 0.5));
  return out;
}

} // namespace mcpool::bench
