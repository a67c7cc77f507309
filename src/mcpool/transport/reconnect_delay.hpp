// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <chrono>
#include <optional>

namespace mcpool::transport {

/// When to open a stream again that ended (MCP, "Resumability"): after what the
/// server asked for with `retry`, else after 1 s, 1.5 times longer for each
/// time that brought no event, up to 30 s. Jitter is only ever added, so that
/// nobody comes too early, and stays below 200 ms. Two failures in a row are
/// the end.
class reconnect_delay {
public:
  /// Attempts in a row that may fail.
  static constexpr int max_failures = 2;

  /// The server said `retry`; it holds from now on.
  void ask(std::chrono::milliseconds retry) noexcept { retry_ = retry; }

  /// An event came: all is well.
  void on_event() noexcept { barren_ = failures_ = 0; }

  /// The stream ended, or could not be opened.
  void on_failure() noexcept { ++failures_; }

  /// True if it should not be tried again.
  bool exhausted() const noexcept { return failures_ >= max_failures; }

  /// How long to wait before the next attempt. `random` is from 0 up to, but
  /// not including, 1.
  duration next(double random) noexcept;

private:
  std::optional<std::chrono::milliseconds> retry_;
  int failures_ = 0;
  /// Attempts since the last event.
  int barren_ = 0;
};

} // namespace mcpool::transport
