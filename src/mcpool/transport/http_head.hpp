// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcpool::transport {

/// Status and header fields of one HTTP answer (RFC 9110, sections 6.3, 15).
/// Reused from answer to answer, so that reading one allocates nothing.
class http_head {
public:
  /// All fields of one answer together may have this many bytes.
  static constexpr std::size_t max_bytes = 64 * 1024;

  /// Forgets everything, and keeps the memory.
  void clear() noexcept;

  /// Takes one line as it came, with its line end. An interim answer (1xx) is
  /// forgotten when the next status line comes, but its bytes count. False when
  /// the bytes of all lines exceed `max_bytes`.
  bool add_line(std::string_view line);

  /// Whether the empty line after the fields of a final answer was seen.
  bool complete() const noexcept { return complete_; }

  /// The status code, 100 to 999; 0 as long as there is none.
  int status() const noexcept { return status_; }

  /// Tells whether the status means success.
  bool ok() const noexcept { return status_ >= 200 && status_ < 300; }

  /// The value of the first field `name`, given in lower case, without the
  /// blanks around it; empty if there is none. Valid until the next change.
  std::string_view find(std::string_view name) const noexcept;

  /// The media type in lower case without its parameters, or nothing.
  std::string media_type() const;

  /// `Retry-After` (RFC 9110, section 10.2.3), seconds or a date, from `now`;
  /// at most a day, never negative. Nothing if it is absent or unreadable.
  std::optional<duration> retry_after(time_point now) const;

private:
  void begin_answer(std::string_view line);

  std::string lines_;
  std::size_t bytes_ = 0;
  int status_ = 0;
  bool complete_ = false;
};

/// Tells whether two texts differ in the case of ASCII letters at most.
bool same_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Removes blanks and tabs around `text`.
std::string_view trimmed(std::string_view text) noexcept;

/// The beginning of what a server sent, for an error or the log: at most
/// `limit` bytes, control characters and what is not ASCII replaced, runs of
/// blanks joined, `...` included if something was cut off.
std::string printable_sample(std::string_view text, std::size_t limit = 200);

} // namespace mcpool::transport
