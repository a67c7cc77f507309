// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/bench/histogram.hpp>
#include <mcpool/bench/options.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>

namespace mcpool::bench {

using clock = std::chrono::steady_clock;
using record = nlohmann::ordered_json;

/// User and system time of this process.
std::chrono::microseconds cpu_time();

/// VmRSS of this process.
long rss_kb();

/// VmHWM of this process.
long hwm_kb();

/// Milliseconds as the records show them.
double in_ms(std::chrono::nanoseconds x);

/// Rounds to `digits` behind the point.
double rounded(double x, int digits = 1);

/// Time and CPU since it was made.
class stopwatch {
public:
  std::chrono::nanoseconds wall() const { return clock::now() - start_; }
  double wall_ms() const { return in_ms(wall()); }
  double cpu_ms() const { return in_ms(cpu_time() - cpu_); }

private:
  clock::time_point start_ = clock::now();
  std::chrono::microseconds cpu_ = cpu_time();
};

/// What one phase of a closed loop came to.
struct load_result {
  histogram latency;
  std::uint64_t errors = 0;
  std::chrono::nanoseconds wall{0};
  std::chrono::microseconds cpu{0};
};

/// How hard a closed loop is to push, and how long.
struct load_plan {
  int concurrency = 1;
  std::chrono::nanoseconds warmup{0};
  std::chrono::nanoseconds time{0};

  explicit load_plan(const options& o)
    : concurrency(o.number("concurrency", 1, 1)),
      warmup(o.seconds("warmup", 1)),
      time(o.seconds("secs", 4)) {}
};

/// The two phases of a closed loop; `run(limit)` does one of them and returns
/// latencies and errors.
template <class Run>
load_result measure(const load_plan& plan, Run run) {
  run(plan.warmup);
  stopwatch watch;
  auto cpu = cpu_time();
  load_result out = run(plan.time);
  out.wall = watch.wall();
  out.cpu = cpu_time() - cpu;
  return out;
}

/// The fields of a closed loop.
void add_load(record& to, const load_plan& plan, const load_result& x);

/// `p50_ms` and so on, for times that only a record of a storm has.
record owner_quantiles(const histogram& x);

/// Adds `rss_kb` and `hwm_kb`.
void add_memory(record& to);

/// Lets this process have as many descriptors as it may.
void raise_descriptor_limit();

} // namespace mcpool::bench
