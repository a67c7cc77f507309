// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace mcpool::bench {

/// Counts latencies in buckets that are at most 1/64 wide of their value, in
/// constant memory.
class histogram {
public:
  histogram();

  /// Counts one.
  void add(std::chrono::nanoseconds x) noexcept;

  /// How many there are.
  std::uint64_t count() const noexcept { return count_; }

  /// What the part `q` of all (0 to 1) does not exceed, in microseconds; 0 for
  /// none.
  double quantile_us(double q) const noexcept;

  /// The longest, in microseconds.
  double max_us() const noexcept;

private:
  std::vector<std::uint32_t> buckets_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

} // namespace mcpool::bench
