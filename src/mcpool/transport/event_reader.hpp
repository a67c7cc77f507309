// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/protocol/message.hpp>
#include <mcpool/protocol/sse_parser.hpp>
#include <mcpool/transport/reconnect_delay.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::transport {

/// Receives what a body holds.
class message_sink {
public:
  virtual ~message_sink() = default;

  /// One message.
  virtual void on_message(protocol::message x) = 0;

  /// Something that is no message; its printable beginning.
  virtual void on_noise(std::string sample) = 0;
};

/// Reads the messages of an event stream, over all the connections that it
/// takes to receive it. Events of other types than `message` are ignored.
class event_reader {
public:
  /// An event may have `max_bytes`.
  explicit event_reader(std::size_t max_bytes);

  /// The stream goes on in a new connection: what is unfinished is forgotten.
  void restart();

  /// Hands the messages that are complete now to `sink`. Fails with
  /// `payload_too_large`.
  result<void> feed(std::string_view bytes, message_sink& sink);

  /// Where to resume; empty if that is not possible.
  const std::string& last_event_id() const noexcept { return last_id_; }

  /// When to open it again.
  reconnect_delay& delay() noexcept { return delay_; }

private:
  void on_event(protocol::sse_event& x, message_sink& sink);

  std::size_t max_bytes_;
  protocol::sse_parser parser_;
  std::vector<protocol::sse_event> events_;
  std::string last_id_;
  reconnect_delay delay_;
};

/// Hands the messages of a JSON text to `sink`. Fails like `decode`.
result<void> read_messages(const shared_text& json, std::size_t max_bytes,
                           message_sink& sink);

} // namespace mcpool::transport
