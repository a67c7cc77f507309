// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::protocol {

/// Cuts a stream of bytes into lines: the framing of stdio (MCP, "Transports").
///
/// A line ends with `\n`; a `\r` before it is dropped, and so are empty lines.
/// Each byte is looked at once and copied once, but for a line that comes in
/// parts. Holds at most one line of the bound.
class line_reader {
public:
  /// A line may have up to `max_line` bytes without its end.
  explicit line_reader(std::size_t max_line) : max_line_(max_line) {}

  /// Appends the lines that are complete after `bytes` to `lines`. Fails with
  /// `payload_too_large` as soon as a line exceeds the bound, even without its
  /// end; `lines` has got those before it then. From there on every call fails.
  result<void> feed(std::string_view bytes, std::vector<shared_text>& lines);

  /// The line that is incomplete so far, for the end of the stream.
  std::string_view partial() const noexcept { return partial_; }

private:
  bool keep(std::string_view part);
  void finish(std::vector<shared_text>& lines);
  refusal too_long() const;

  std::size_t max_line_;
  /// The beginning of the next line.
  std::string partial_;
  /// A line exceeded the bound.
  bool failed_ = false;
};

} // namespace mcpool::protocol
