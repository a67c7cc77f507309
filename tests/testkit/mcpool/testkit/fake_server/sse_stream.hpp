// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/http_connection.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace mcpool::testkit::fake_server {

/// One SSE stream. It may outlive its connection: what is sent meanwhile is
/// kept (the last 1000 events) for a client that comes back with
/// `Last-Event-ID`. Events carry ids `<key>/<n>`, from 0, if it is resumable.
class sse_stream {
public:
  using milliseconds = std::chrono::milliseconds;

  sse_stream(std::string key, bool resumable,
             std::optional<milliseconds> retry);

  /// Starts an SSE response on `where`, with a priming event if resumable.
  /// A connection it had before is ended.
  void open(const http_connection::pointer& where, http_fields fields);

  /// Starts an SSE response that continues after event `last`.
  void resume(const http_connection::pointer& where, std::size_t last);

  /// Keeps `what` for as long as a connection is attached.
  void hold(gauge::token what);

  /// Sends one event.
  void emit(const std::string& text, milliseconds drip = milliseconds{0});

  /// Sends a part of an event, or an event that never ends.
  void emit_broken(const std::string& text, shape how);

  /// Ends the response, in a way that asks the client to come back.
  void interrupt(milliseconds retry);

  /// There will be no more events.
  void finish();

  /// Whether a client can see what is sent now.
  bool attached() const;

  /// Whether it outlives its connection.
  bool resumable() const { return resumable_; }

  /// The first part of its event ids.
  const std::string& key() const { return key_; }

private:
  struct event {
    std::size_t number;
    std::string text;
  };

  void attach(const http_connection::pointer& where);
  void detach();
  std::string format(const std::string& text);
  std::string retry_line() const;

  std::string key_;
  bool resumable_;
  std::optional<milliseconds> retry_;
  std::size_t next_ = 0;
  bool finished_ = false;
  std::deque<event> events_;
  std::weak_ptr<http_connection> where_;
  gauge::token held_;
};

} // namespace mcpool::testkit::fake_server
