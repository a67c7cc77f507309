// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/children.hpp>

#include <stdexcept>
#include <thread>

namespace mcpool::bench {

namespace {

using namespace std::chrono_literals;

repo::call echo(const bench_pool& pool) {
  repo::call out;
  out.server = {"s0"};
  out.method = "tools/call";
  out.params = shared_text{std::string{echo_params}};
  out.until = pool.soon();
  return out;
}

pid_t only_child(const std::string& program) {
  auto all = children_of_ours(program);
  if (all.size() != 1)
    throw std::runtime_error{
      cat("there are ", all.size(), " processes of ", program, ", not one")};
  return all.front();
}

/// Asks until there is an answer; returns how often it was refused.
int ask_until_answered(bench_pool& pool, const repository_actor& owner) {
  caf::scoped_actor self{pool.system()};
  auto give_up = clock::now() + 1min;
  for (int refused = 0;; ++refused) {
    auto x = engine::await<conn::call_result>(self, owner, echo(pool));
    if (x)
      return refused;
    if (clock::now() > give_up)
      throw std::runtime_error{to_string(x.error())};
    std::this_thread::sleep_for(1ms);
  }
}

} // namespace

record recover(const options& o) {
  auto n = o.number("n", 10, 1);
  auto program = o.command().front();
  auto limits = wide_limits(o);
  limits.cooldown.reset_after = 0ms; // each end is the first one
  bench_pool pool{o, limits, stdio_servers(o, 1)};
  auto owner = pool.owner("u0");
  ask_until_answered(pool, owner);
  histogram times;
  auto refused = 0;
  for (int i = 0; i < n; ++i) {
    auto victim = only_child(program);
    auto start = clock::now();
    kill_now(victim);
    refused += ask_until_answered(pool, owner);
    times.add(clock::now() - start);
  }
  return {{"n", n},
          {"errors", 0},
          {"refused", refused},
          {"first_answer_p50_ms", rounded(times.quantile_us(0.5) / 1e3, 2)},
          {"first_answer_max_ms", rounded(times.max_us() / 1e3, 2)}};
}

} // namespace mcpool::bench
