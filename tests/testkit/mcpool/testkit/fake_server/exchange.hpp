// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/stats.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::testkit::fake_server {

/// How much of a text leaves.
enum class shape { whole, half, endless };

/// How a connection ends.
enum class ending { orderly, reset };

/// One answer, ready to be sent.
struct reply {
  /// Empty: nothing to say (HTTP: 202).
  std::string text;
  /// Sent even if empty.
  bool even_if_empty = false;
  /// How often it is sent.
  int copies = 1;
  shape how = shape::whole;
  /// Pause after each byte; 0 sends all at once.
  std::chrono::milliseconds drip{0};
  /// The answer to `initialize` that makes a session.
  bool opens_session = false;

  // -- HTTP only

  /// 0 is 200, or 202 without text.
  int status = 0;
  /// Empty: what the text is.
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> header;
  /// Unset: what the server does by default.
  std::optional<bool> sse;

  /// Whether it is something else than the answer to a message.
  bool is_plain_http() const { return status != 0 || !content_type.empty(); }
};

/// The way back of one message. Lives until it is answered or given up; all
/// calls come from the one thread there is.
class exchange {
public:
  virtual ~exchange() = default;

  /// Sends a message that belongs to the request, before its answer.
  virtual void send(const std::string& text) = 0;

  /// Answers. Called at most once, and not after `abandon`.
  virtual void answer(const reply& what) = 0;

  /// The request was cancelled: there will be no answer.
  virtual void abandon() = 0;

  /// Closes the connection after what was sent so far.
  virtual void close(ending how) = 0;

  /// Ends the SSE stream, so that the client must come back for the rest
  /// after `retry`. Without meaning on stdio.
  virtual void break_stream(std::chrono::milliseconds retry) = 0;

  /// Calls `then` when everything sent so far has left or was lost.
  virtual void when_sent(std::function<void()> then) = 0;

  /// Forgets the session this belongs to. Without meaning on stdio.
  virtual void lose_session() = 0;

  /// Keeps `what` until the exchange is over.
  void hold(gauge::token what) { held_.push_back(std::move(what)); }

  /// Lets go of everything that was held.
  void release() { held_.clear(); }

  /// Whether `answer` or `abandon` was called.
  bool over() const { return over_; }

protected:
  /// To be called first by `answer` and `abandon`.
  void end() {
    over_ = true;
    release();
  }

private:
  std::vector<gauge::token> held_;
  bool over_ = false;
};

} // namespace mcpool::testkit::fake_server
