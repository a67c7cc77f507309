// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/measure.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace mcpool::bench {

namespace {

long status_kb(const std::string& field) {
  std::ifstream file{"/proc/self/status"};
  for (std::string word; file >> word;)
    if (word == field) {
      long out = 0;
      file >> out;
      return out;
    }
  return 0;
}

} // namespace

std::chrono::microseconds cpu_time() {
  rusage x{};
  getrusage(RUSAGE_SELF, &x);
  auto us = [](const timeval& t) {
    return std::chrono::seconds{t.tv_sec}
           + std::chrono::microseconds{t.tv_usec};
  };
  return us(x.ru_utime) + us(x.ru_stime);
}

long rss_kb() {
  return status_kb("VmRSS:");
}

long hwm_kb() {
  return status_kb("VmHWM:");
}

double rounded(double x, int digits) {
  auto factor = std::pow(10.0, digits);
  return std::round(x * factor) / factor;
}

double in_ms(std::chrono::nanoseconds x) {
  return rounded(static_cast<double>(x.count()) / 1e6, 2);
}

void add_load(record& to, const load_plan& plan, const load_result& x) {
  auto secs = static_cast<double>(x.wall.count()) / 1e9;
  auto ops = static_cast<double>(x.latency.count());
  to["concurrency"] = plan.concurrency;
  to["secs"] = rounded(secs, 3);
  to["ops"] = x.latency.count();
  to["errors"] = x.errors;
  to["ops_s"] = rounded(ops / secs);
  to["p50_us"] = rounded(x.latency.quantile_us(0.5), 2);
  to["p90_us"] = rounded(x.latency.quantile_us(0.9), 2);
  to["p99_us"] = rounded(x.latency.quantile_us(0.99), 2);
  to["p999_us"] = rounded(x.latency.quantile_us(0.999), 2);
  to["max_us"] = rounded(x.latency.max_us());
  to["cpu_us_per_op"]
    = rounded(static_cast<double>(x.cpu.count()) / std::max(ops, 1.0), 2);
  add_memory(to);
}

record owner_quantiles(const histogram& x) {
  return {{"p50_us", rounded(x.quantile_us(0.5))},
          {"p90_us", rounded(x.quantile_us(0.9))},
          {"p99_us", rounded(x.quantile_us(0.99))},
          {"max_us", rounded(x.max_us())}};
}

void add_memory(record& to) {
  to["rss_kb"] = rss_kb();
  to["hwm_kb"] = hwm_kb();
}

void raise_descriptor_limit() {
  rlimit x{};
  if (getrlimit(RLIMIT_NOFILE, &x) != 0)
    return;
  x.rlim_cur = x.rlim_max;
  setrlimit(RLIMIT_NOFILE, &x);
}

} // namespace mcpool::bench
