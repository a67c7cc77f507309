// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/children.hpp>
#include <mcpool/bench/raw_child.hpp>
#include <mcpool/bench/raw_http.hpp>

#include <charconv>
#include <deque>
#include <memory>
#include <unordered_map>

namespace mcpool::bench {

namespace {

using child_ptr = std::unique_ptr<raw_child>;

/// Starts one and waits for its answer to `initialize`.
child_ptr start_ready(const options& o) {
  auto out = std::make_unique<raw_child>(o.command());
  auto ready = false;
  out->shake_hands([&ready] { ready = true; });
  while (!ready)
    if (!out->read_some())
      throw std::runtime_error{"the server ended at once"};
  return out;
}

long id_of(std::string_view line) {
  constexpr std::string_view key = "\"id\":";
  auto pos = line.find(key);
  long out = -1;
  if (pos != line.npos)
    std::from_chars(line.data() + pos + key.size(), line.data() + line.size(),
                    out);
  return out;
}

void ask_once(raw_child& child) {
  auto answered = false;
  child.on_line([&](std::string_view) { answered = true; });
  child.send(raw_call(1));
  while (!answered)
    if (!child.read_some())
      throw std::runtime_error{"the server ended"};
}

} // namespace

record raw_stdio_call(const options& o) {
  auto child = start_ready(o);
  load_plan plan{o};
  long last = 0;
  auto phase = [&](std::chrono::nanoseconds limit) {
    load_result out;
    auto open = plan.concurrency;
    auto end = clock::now() + limit;
    std::unordered_map<long, clock::time_point> begun;
    auto next = [&](clock::time_point now) {
      if (now >= end) {
        --open;
        return;
      }
      begun.emplace(++last, now);
      child->send(raw_call(last));
    };
    child->on_line([&](std::string_view line) {
      auto now = clock::now();
      auto pos = begun.find(id_of(line));
      if (pos == begun.end() || line.find(greeting) == line.npos)
        ++out.errors;
      else
        out.latency.add(now - pos->second);
      if (pos != begun.end())
        begun.erase(pos);
      next(now);
    });
    for (int i = 0; i < plan.concurrency; ++i)
      next(clock::now());
    while (open > 0)
      if (!child->read_some())
        throw std::runtime_error{"the server ended"};
    return out;
  };
  record out;
  add_load(out, plan, measure(plan, phase));
  return out;
}

record raw_stdio(const options& o) {
  auto n = o.number("n", 100, 1);
  auto batch = o.number("batch", 3, 1);
  auto base = rss_kb();
  stopwatch watch;
  std::deque<child_ptr> all;
  auto ready = 0;
  std::function<void()> start = [&] {
    if (static_cast<int>(all.size()) == n)
      return;
    all.push_back(std::make_unique<raw_child>(o.command()));
    all.back()->shake_hands([&] {
      ++ready;
      start();
    });
  };
  for (int i = 0; i < batch; ++i)
    start();
  auto list = [&all] {
    std::vector<raw_child*> out;
    for (auto& x : all)
      out.push_back(x.get());
    return out;
  };
  run_children(list, [&] { return ready == n; });
  record out{{"n", ready},
             {"errors", n - ready},
             {"batch", batch},
             {"wall_ms", watch.wall_ms()},
             {"cpu_ms", watch.cpu_ms()},
             {"rss_base_kb", base}};
  add_memory(out);
  out["per_conn_kb"] = rounded(static_cast<double>(rss_kb() - base) / n, 2);
  return out;
}

record raw_recover(const options& o) {
  auto n = o.number("n", 10, 1);
  auto child = start_ready(o);
  ask_once(*child);
  histogram times;
  for (int i = 0; i < n; ++i) {
    auto start = clock::now();
    kill_now(child->pid());
    child = start_ready(o);
    ask_once(*child);
    times.add(clock::now() - start);
  }
  return {{"n", n},
          {"errors", 0},
          {"refused", 0},
          {"first_answer_p50_ms", rounded(times.quantile_us(0.5) / 1e3, 2)},
          {"first_answer_max_ms", rounded(times.max_us() / 1e3, 2)}};
}

} // namespace mcpool::bench
