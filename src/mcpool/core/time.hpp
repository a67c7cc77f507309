// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace mcpool {
inline namespace core {

/// Time spans everywhere in the service.
using duration = std::chrono::nanoseconds;

/// An absolute instant, counted from the Unix epoch. Instants come from the
/// clock of a pool, which never runs backwards but stands still while its
/// machine does: after that it is behind the one of a process that began later.
/// So what other processes tell a pool is in the pool's time, as
/// `node::remote_pool::now` gives it.
using time_point = std::chrono::time_point<std::chrono::system_clock, duration>;

/// The instant at which somebody stops waiting. Set once, where a request
/// enters the service; it travels in the message.
///
/// The default value means "none given": the receiver applies the limit of its
/// configuration. There is no way to ask for an endless wait.
struct deadline {
  /// The instant, or the epoch for "none given".
  time_point at{};

  /// Tells whether somebody set this deadline.
  bool given() const noexcept { return at != time_point{}; }

  /// Returns this deadline, or `other` when none was given.
  deadline or_else(deadline other) const noexcept {
    return given() ? *this : other;
  }

  /// Returns the earlier of two deadlines; one that was not given never wins.
  friend deadline earlier(deadline a, deadline b) noexcept {
    if (!a.given() || !b.given())
      return a.or_else(b);
    return a.at < b.at ? a : b;
  }

  friend bool operator==(deadline a, deadline b) noexcept {
    return a.at == b.at;
  }
};

/// Reads a duration with a unit: `"250ms"`, `"30s"`, `"15m"`, `"2h"`, `"1d"`,
/// fractions like `"1.5s"` included; a bare number is milliseconds, as MCP
/// hosts write them. Fails with `invalid_config` for anything else, for
/// negative values and for what exceeds 365 days.
result<duration> parse_duration(std::string_view text);

/// Prints `d` with the largest unit that divides it exactly, `"30s"`, down to
/// nanoseconds; `parse_duration` reads it back to the same value.
std::string format_duration(duration d);

} // namespace core
} // namespace mcpool
