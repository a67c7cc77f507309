// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdint>
#include <utility>

namespace mcpool::transport {

/// Lets so many events pass in each second and counts the others: what a server
/// prints must not become a flood of ours.
class rate_gate {
public:
  using clock = std::chrono::steady_clock;

  explicit rate_gate(std::uint32_t per_second) : per_second_(per_second) {}

  /// Tells whether an event at `now` may pass.
  bool admit(clock::time_point now) {
    if (now - since_ >= std::chrono::seconds{1}) {
      since_ = now;
      passed_ = 0;
    }
    if (passed_ < per_second_) {
      ++passed_;
      return true;
    }
    ++held_;
    return false;
  }

  /// How many were not let through since the last time this was asked.
  std::uint64_t take_held() noexcept { return std::exchange(held_, 0); }

private:
  std::uint32_t per_second_;
  std::uint32_t passed_ = 0;
  std::uint64_t held_ = 0;
  clock::time_point since_{};
};

} // namespace mcpool::transport
