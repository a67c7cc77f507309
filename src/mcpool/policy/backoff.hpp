// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mcpool::policy {

/// How long a server is left alone after its starts failed.
struct backoff_limits {
  /// After the first failure; it doubles with each further one.
  duration base;
  /// Never longer than this.
  duration max;
  /// Who was ready for this long starts from the beginning.
  duration reset_after;
};

/// Randomised exponential back-off. The n-th failure in a row is answered with
/// a pause from the upper half of `base * 2^(n-1)`, so that pauses never shrink
/// while they grow, and servers that failed together do not come back together.
///
/// A loss of what was ready is no failure at first: the server may come back at
/// once, one time. If that one does not stay either, its loss counts.
///
/// A plain object: the caller has the clock and the dice.
class backoff {
public:
  /// How many failures there were in a row.
  std::uint32_t failures() const noexcept { return failures_; }

  /// A start failed. `dice` is a random number from 0 to 1. Returns the pause.
  duration failed(const backoff_limits& limits, double dice) noexcept {
    ++failures_;
    return pause(limits, dice);
  }

  /// A start succeeded.
  void ready(time_point now) noexcept { ready_at_ = now; }

  /// What was ready has ended, whatever the reason.
  void ended(const backoff_limits& limits, time_point now) noexcept {
    auto since = std::exchange(ready_at_, time_point{});
    if (since != time_point{} && now - since >= limits.reset_after)
      *this = {};
  }

  /// What was ready is lost, which is an end. Returns the pause; zero for none.
  duration lost(const backoff_limits& limits, time_point now,
                double dice) noexcept {
    ended(limits, now);
    if (std::exchange(had_a_loss_, true))
      return failed(limits, dice);
    return duration::zero();
  }

private:
  // Doubles step by step, so that nothing overflows.
  duration pause(const backoff_limits& limits, double dice) const noexcept {
    auto most = std::min(limits.base, limits.max);
    for (auto n = failures_; n > 1 && most < limits.max; --n)
      most = most < limits.max / 2 ? most * 2 : limits.max;
    auto half = most / 2;
    auto spread = static_cast<double>((most - half).count());
    return half + duration{static_cast<duration::rep>(dice * spread)};
  }

  std::uint32_t failures_ = 0;
  bool had_a_loss_ = false;
  time_point ready_at_{};
};

} // namespace mcpool::policy
