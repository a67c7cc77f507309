// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "load.hpp"

#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace mcpool::system {

namespace {

using ms = std::chrono::milliseconds;
using dice = std::mt19937_64;

/// What a spared server may take, whatever happens to others.
constexpr auto spared_limit = scaled(4000ms);

/// The load is ours: a dozen callers on a machine of two cores.
constexpr auto soak_grace = 2 * grace;

int roll(dice& x, int low, int high) {
  return std::uniform_int_distribution<>{low, high}(x);
}

bool is_expected(errc code) {
  static constexpr errc all[]{errc::not_configured,    errc::busy,
                              errc::cooling_down,      errc::connect_failed,
                              errc::connect_timeout,   errc::handshake_failed,
                              errc::connection_lost,   errc::superseded,
                              errc::call_timed_out,    errc::cancelled,
                              errc::remote_error,      errc::payload_too_large,
                              errc::protocol_violation};
  return std::find(std::begin(all), std::end(all), code) != std::end(all);
}

void check_time(playground& all, const target& x, const answer& y, ms limit) {
  if (y.took > limit + soak_grace)
    all.complain(cat("a call of ", x.name, " had ", limit.count(), " ms, but ",
                     to_string(y)));
}

void check_kind(playground& all, const target& x, const answer& y) {
  if (!y.value && !is_expected(y.value.error().code))
    all.complain(cat("a call of ", x.name, ": ", to_string(y)));
}

// Says something nobody else does, and hears it.
void echo(playground& all, const target& x, dice& random, ms limit,
          load_counts& count) {
  auto words = std::to_string(random());
  auto y = all.ask(x, limit, "echo", {{"message", words}});
  ++(y.value ? count.answered : count.refused);
  check_time(all, x, y, limit);
  check_kind(all, x, y);
  if (y.value && *y.value != words && *y.value != "no result of a tool")
    all.complain(cat(x.name, " answered ", *y.value, " instead of ", words));
}

void ask_generation(playground& all, const target& x, ms limit,
                    load_counts& count) {
  auto least = x.acknowledged.load();
  auto y = all.ask(x, limit, "env", {{"name", "GENERATION"}});
  ++(y.value ? count.answered : count.refused);
  check_time(all, x, y, limit);
  if (y.value && std::atoi(y.value->c_str()) < least)
    all.complain(cat(x.name, " answered with generation ", *y.value, " when ",
                     least, " was known"));
}

void take_time(playground& all, const target& x, dice& random, ms limit,
               load_counts& count) {
  auto y = all.ask(x, limit, "sleep", {{"ms", roll(random, 1, 400)}});
  ++(y.value ? count.answered : count.refused);
  check_time(all, x, y, limit);
  check_kind(all, x, y);
}

} // namespace

void call_at_random(playground& all, std::uint64_t seed, load_counts& count) {
  dice random{seed};
  while (!all.is_over()) {
    auto& x = all.targets[roll(random, 0, 6)];
    ms limit{roll(random, 20, 2500)};
    switch (roll(random, 0, 3)) {
      case 0:
        if (x.is_program()) {
          ask_generation(all, x, limit, count);
          break;
        }
        [[fallthrough]];
      case 1: take_time(all, x, random, limit, count); break;
      default: echo(all, x, random, limit, count);
    }
    // A refusal comes at once; nobody asks again that fast.
    std::this_thread::sleep_for(ms{roll(random, 1, 20)});
  }
}

void call_spared(playground& all, target& x, load_counts& count) {
  for (int i = 0; !all.is_over(); ++i) {
    // A start of its own now and then must not wait either.
    if (i % 20 == 19)
      all.the_pool().ask_as<void>(x.owner, repo::disconnect{{x.name}});
    auto y = all.ask(x, 5 * spared_limit, "echo", {{"message", "well"}});
    ++count.spared;
    if (!y.value || y.took > spared_limit)
      all.complain(cat("the spared ", x.name, ": ", to_string(y)));
    std::this_thread::sleep_for(50ms);
  }
}

} // namespace mcpool::system
