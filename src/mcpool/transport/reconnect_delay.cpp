// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/reconnect_delay.hpp>

#include <algorithm>
#include <cmath>

namespace mcpool::transport {

namespace {

constexpr double first_ms = 1000;
constexpr double growth = 1.5;
constexpr double longest_ms = 30'000;
constexpr double jitter_ms = 199;

} // namespace

duration reconnect_delay::next(double random) noexcept {
  auto grown = std::min(first_ms * std::pow(growth, barren_), longest_ms);
  barren_ = std::min(barren_ + 1, 100);
  auto wait = retry_ ? static_cast<double>(retry_->count()) : grown;
  auto jitter = std::chrono::duration<double, std::milli>(random * jitter_ms);
  return std::chrono::milliseconds{static_cast<std::int64_t>(wait)}
         + std::chrono::ceil<duration>(jitter);
}

} // namespace mcpool::transport
