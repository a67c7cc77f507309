// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/raw_http.hpp>

#include <deque>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace mcpool::bench {

namespace {

using session_list = std::deque<raw_session>;

/// Opens all of them, in groups of which each has at most `batch` at a time.
int open_all(raw_http& loop, session_list& all, int group, int batch) {
  auto count = static_cast<int>(all.size());
  auto opened = 0;
  auto ended = 0;
  std::function<void(int, int)> open = [&](int i, int end) {
    if (i < end)
      all[static_cast<std::size_t>(i)].open([&, i, end](bool ok) {
        opened += ok ? 1 : 0;
        ++ended;
        open(i + batch, end);
      });
  };
  for (int first = 0; first < count; first += group)
    for (int i = first; i < first + std::min(batch, group) && i < count; ++i)
      open(i, std::min(first + group, count));
  loop.run_until([&] { return ended == count; });
  return opened;
}

session_list make_sessions(raw_http& loop, const options& o, int count,
                           int servers) {
  session_list out;
  for (int i = 0; i < count; ++i)
    out.emplace_back(loop, o.url(i % servers));
  return out;
}

void close_all(raw_http& loop, session_list& all) {
  auto left = all.size();
  for (auto& x : all)
    x.close([&left] { --left; });
  loop.run_until([&] { return left == 0; });
}

/// Each of `--concurrency` handles sends the next request when it has the
/// answer to the last one.
template <class MakeBody>
record closed_loop(const options& o, MakeBody make_body,
                   std::string_view expected) {
  raw_http loop;
  load_plan plan{o};
  raw_session session{loop, o.url(0)};
  auto ready = false;
  session.open([&](bool ok) { ready = ok; });
  loop.run_until([&] { return ready; });
  std::deque<raw_transfer> handles;
  for (int i = 0; i < plan.concurrency; ++i)
    handles.emplace_back(loop, o.url(0)).use_session(session.id());
  long id = 0;
  auto phase = [&](std::chrono::nanoseconds limit) {
    load_result out;
    auto open = handles.size();
    auto end = clock::now() + limit;
    std::function<void(raw_transfer&, clock::time_point)> next;
    next = [&](raw_transfer& x, clock::time_point begin) {
      if (begin >= end) {
        --open;
        return;
      }
      x.post(make_body(++id), [&, begin](const raw_transfer& y) {
        auto now = clock::now();
        if (y.status() == 200 && y.body().find(expected) != std::string::npos)
          out.latency.add(now - begin);
        else
          ++out.errors;
        next(x, now);
      });
    };
    for (auto& x : handles)
      next(x, clock::now());
    loop.run_until([&] { return open == 0; });
    return out;
  };
  record out;
  add_load(out, plan, measure(plan, phase));
  return out;
}

} // namespace

record raw_call(const options& o) {
  return closed_loop(
    o, [](long id) { return raw_call(id); }, greeting);
}

record raw_ping_loop(const options& o) {
  return closed_loop(
    o, [](long id) { return raw_ping(id); }, "\"result\"");
}

record raw_cold_storm(const options& o) {
  auto owners = o.number("owners", 200, 1);
  auto servers = o.number("servers", 5, 1);
  auto batch = o.number("batch", 3, 1);
  raw_http loop;
  if (o.flag("prewarm")) {
    auto first = make_sessions(loop, o, owners * servers, servers);
    open_all(loop, first, servers, batch);
    close_all(loop, first);
  }
  auto base = rss_kb();
  stopwatch watch;
  auto all = make_sessions(loop, o, owners * servers, servers);
  auto opened = open_all(loop, all, servers, batch);
  record out{{"owners", owners},
             {"servers", servers},
             {"prewarm", o.flag("prewarm") ? 1 : 0},
             {"connected", opened},
             {"errors", owners * servers - opened},
             {"wall_ms", watch.wall_ms()},
             {"cpu_ms", watch.cpu_ms()},
             {"rss_base_kb", base}};
  add_memory(out);
  return out;
}

record raw_race(const options& o) {
  raw_http loop;
  auto all = make_sessions(loop, o, 1, 1);
  stopwatch watch;
  auto opened = open_all(loop, all, 1, 1);
  auto wall = watch.wall_ms();
  close_all(loop, all);
  return {{"concurrency", o.number("concurrency", 64, 1)},
          {"wall_ms", wall},
          {"errors", 1 - opened},
          {"distinct_connections", opened},
          {"still_connected_after_disconnect_all", 0}};
}

record raw_mem(const options& o) {
  auto n = o.number("n", 1000, 1);
  auto servers = o.number("servers", 5, 1);
  raw_http loop;
  auto first = make_sessions(loop, o, 1, 1);
  open_all(loop, first, 1, 1);
  auto base = rss_kb();
  stopwatch watch;
  auto all = make_sessions(loop, o, n, servers);
  auto opened = open_all(loop, all, n, 3 * o.number("parallel", 16, 1));
  auto wall = watch.wall_ms();
  auto just = rss_kb();
  auto settled_at = clock::now() + o.seconds("settle", 6);
  loop.run_until([&] { return clock::now() > settled_at; });
  auto settled = rss_kb();
  return {
    {"n", opened},
    {"errors", n - opened},
    {"connect_wall_ms", wall},
    {"rss_base_kb", base},
    {"rss_connected_kb", just},
    {"rss_settled_kb", settled},
    {"hwm_kb", hwm_kb()},
    {"per_conn_kb", rounded(static_cast<double>(settled - base) / n, 2)},
    {"rss_total_per_conn_kb", rounded(static_cast<double>(settled) / n, 2)}};
}

record raw_stale(const options& o) {
  auto n = o.number("n", 200, 1);
  auto batch = o.number("batch", 3, 1);
  raw_http loop;
  stopwatch cold;
  auto old = make_sessions(loop, o, n, n);
  open_all(loop, old, n, batch);
  auto cold_ms = cold.wall_ms();
  stopwatch watch;
  auto all = make_sessions(loop, o, n, n);
  auto renewed = open_all(loop, all, n, batch);
  close_all(loop, old);
  record out{{"n", n},
             {"batch", batch},
             {"errors", n - renewed},
             {"cold_ms", cold_ms},
             {"restart_ms", watch.wall_ms()},
             {"renewed", renewed},
             {"cpu_ms", watch.cpu_ms()}};
  add_memory(out);
  return out;
}

} // namespace mcpool::bench
