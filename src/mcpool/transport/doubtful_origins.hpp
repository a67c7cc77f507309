// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace mcpool::transport {

/// The origins of servers that did not answer lately: connections that were
/// made before then may be dead without a word.
///
/// An origin is remembered for `longest` after it last did not answer, and at
/// most `max_size` of them are, those of the latest. A plain object; adding
/// costs O(n), asking O(log n).
class doubtful_origins {
public:
  using clock = std::chrono::steady_clock;

  /// libcurl itself uses no connection again that was idle for longer
  /// (CURLOPT_MAXAGE_CONN).
  static constexpr std::chrono::seconds longest{118};

  static constexpr std::size_t max_size = 1000;

  /// A server did not answer at `now`.
  void add(const std::string& origin, clock::time_point now);

  /// How long ago the server did not answer; nothing if it always did, or long
  /// enough ago.
  std::optional<clock::duration> age(const std::string& origin,
                                     clock::time_point now) const;

  /// True if nobody is remembered.
  bool empty() const noexcept { return since_.empty(); }

  /// How many are remembered.
  std::size_t size() const noexcept { return since_.size(); }

private:
  void drop_old(clock::time_point now);
  void drop_oldest();

  /// When each did not answer, last.
  std::map<std::string, clock::time_point> since_;
};

} // namespace mcpool::transport
