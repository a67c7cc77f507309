// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/histogram.hpp>

#include <algorithm>
#include <cmath>

namespace mcpool::bench {

namespace {

constexpr unsigned parts_bits = 6;
constexpr std::uint64_t parts = 1u << parts_bits;

// Below `parts` each value has its own bucket; above, each power of two has
// `parts` of them.
std::size_t bucket_of(std::uint64_t x) noexcept {
  if (x < parts)
    return x;
  auto power = 63u - static_cast<unsigned>(__builtin_clzll(x));
  auto shift = power - parts_bits;
  return (shift + 1) * parts + ((x >> shift) - parts);
}

// The middle of a bucket.
double value_of(std::size_t bucket) noexcept {
  if (bucket < parts)
    return static_cast<double>(bucket);
  auto shift = static_cast<int>(bucket / parts - 1);
  return std::ldexp(static_cast<double>(bucket % parts + parts) + 0.5, shift);
}

} // namespace

histogram::histogram() : buckets_(bucket_of(~std::uint64_t{0}) + 1) {}

void histogram::add(std::chrono::nanoseconds x) noexcept {
  ++buckets_[bucket_of(static_cast<std::uint64_t>(std::max(x.count(), 0L)))];
  ++count_;
  max_ = std::max(max_, x);
}

double histogram::quantile_us(double q) const noexcept {
  if (count_ == 0)
    return 0;
  auto rank = std::min(static_cast<std::uint64_t>(q * count_), count_ - 1);
  std::size_t bucket = 0;
  for (std::uint64_t seen = buckets_[0]; seen <= rank;)
    seen += buckets_[++bucket];
  return std::min(value_of(bucket) / 1e3, max_us());
}

double histogram::max_us() const noexcept {
  return static_cast<double>(max_.count()) / 1e3;
}

} // namespace mcpool::bench
