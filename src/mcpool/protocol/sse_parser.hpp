// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::protocol {

/// One event of a stream.
struct sse_event {
  /// Its type; `message` if the server named none.
  std::string event = "message";
  /// Its data lines, joined with `\n`. Empty for an event that only carries an
  /// id or a `retry`, like the priming event of MCP 2025-11-25.
  shared_text data;
  /// True if the event has an id of its own.
  bool has_id = false;
  /// That id; an empty one resets the last event id.
  std::string id;
  /// How long to wait before reconnecting, if the server said so; at most 24 h.
  std::optional<std::chrono::milliseconds> retry;
};

/// What an `sse_parser` accepts at most, in bytes.
struct sse_limits {
  /// One line, and the data of one event.
  std::size_t event = 16 * 1024 * 1024;
  /// One id, which travels back in a header.
  std::size_t id = 4096;
};

/// Reads a `text/event-stream` (WHATWG HTML, section 9.2.6) in any pieces.
///
/// Differs from a browser in one point: an event that has no data but an id or
/// a `retry` is reported too, with empty data. The bytes of the data stay as
/// they are; `decode` checks that they are UTF-8.
class sse_parser {
public:
  explicit sse_parser(sse_limits limits = {}) : limits_(limits) {}

  /// Appends the events that are complete after `bytes` to `events`. Fails with
  /// `payload_too_large` past a limit; `events` has got those before it then.
  /// From there on every call fails.
  result<void> feed(std::string_view bytes, std::vector<sse_event>& events);

  /// The id of the last complete event that had one: where to resume.
  const std::string& last_event_id() const noexcept { return last_id_; }

  /// True if an event is begun and not complete; the end of the stream
  /// discards it.
  bool in_event() const noexcept;

private:
  std::size_t skip_bom(std::string_view bytes);
  result<void> keep(std::string_view part);
  result<void> finish_line(std::string_view rest,
                           std::vector<sse_event>& events);
  result<void> on_line(std::string_view line, std::vector<sse_event>& events);
  result<void> on_field(std::string_view name, std::string_view value);
  result<void> on_data(std::string_view value);
  result<void> on_id(std::string_view value);
  void on_retry(std::string_view value);
  void dispatch(std::vector<sse_event>& events);
  refusal fail(std::string_view what, std::size_t bound);

  sse_limits limits_;
  /// The beginning of the next line.
  std::string line_;
  /// The event that is being built, without its data.
  sse_event event_;
  /// Its data lines so far.
  std::string data_;
  bool has_data_ = false;
  std::string last_id_;
  /// How many bytes of a byte order mark were seen; 3 once the start is over.
  std::size_t bom_ = 0;
  /// The last line ended with a `\r`: a `\n` that follows belongs to it.
  bool skip_lf_ = false;
  /// A limit was exceeded.
  bool failed_ = false;
};

} // namespace mcpool::protocol
