// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/children.hpp>

#include <thread>

namespace mcpool::bench {

namespace {

record rest(const options& o, record out) {
  out["errors"] = 0;
  out["processes"] = children_of_ours({}).size();
  stopwatch watch;
  std::this_thread::sleep_for(o.seconds("settle", 6));
  out["cpu_pct"] = rounded(100 * watch.cpu_ms() / watch.wall_ms(), 3);
  add_memory(out);
  return out;
}

} // namespace

record idle(const options& o) {
  auto n = o.number("n", 100, 1);
  stopwatch watch;
  bench_pool pool{o, {}, stdio_servers(o, n)};
  pool.ask<bool>(pool.owner("u0"), repo::has{{"s0"}});
  return rest(o, {{"n", n}, {"ready_ms", watch.wall_ms()}});
}

record raw_idle(const options& o) {
  stopwatch watch;
  actors::system_config config{
    static_cast<std::uint32_t>(o.number("threads", 0))};
  caf::actor_system system{config};
  return rest(o, {{"n", 0}, {"ready_ms", watch.wall_ms()}});
}

} // namespace mcpool::bench
