// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/protocol/message.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::config {
struct server_config;
} // namespace mcpool::config

namespace mcpool::transport {

/// What a message is to the transport: Streamable HTTP treats them differently.
enum class outgoing_kind : std::uint8_t {
  /// The `initialize` request: opens a new session, whatever there was before.
  initialize,
  /// Any other request; an answer with its id is expected.
  request,
  /// A notification, or our answer to a request of the server.
  one_way,
};

/// One JSON-RPC message on its way to the server.
struct outgoing {
  /// The message, one line of UTF-8 without a line break.
  shared_text text;
  outgoing_kind kind = outgoing_kind::one_way;
  /// The id of a request, greater than 0; 0 for one-way messages.
  std::int64_t request_id = 0;
};

/// Whether the server may have seen a message that failed.
enum class delivery : std::uint8_t {
  /// Nothing of it was sent, or the server refused it unprocessed.
  not_sent,
  /// It was sent, at least in part.
  maybe_sent,
};

/// What a transport tells. All functions are called on the thread that runs the
/// I/O loop, one after the other, never from inside a call to the transport,
/// and none after `on_close`. They must not block.
class listener {
public:
  virtual ~listener() = default;

  /// The transport can send. Comes once, before everything else but
  /// `on_close`; stdio: the process runs.
  virtual void on_open() = 0;

  /// The server sent a message. For an array, once per element.
  virtual void on_message(protocol::message x) = 0;

  /// The server sent several messages at once; the same as `on_message` with
  /// each of them, in order. Not empty.
  virtual void on_messages(std::vector<protocol::message> x) {
    for (auto& one : x)
      on_message(std::move(one));
  }

  /// Nothing is where the server should be: no connection could be made (DNS,
  /// TCP, or no answer within `connectTimeout`), or there is no such program.
  /// Comes right before the `on_failure` or `on_close` that says why.
  virtual void on_unreachable() {}

  /// There will be no answer to the request `id`, because of `why`; the
  /// transport itself may go on. HTTP: a status that is no success, a body that
  /// is no answer, a broken exchange that could not be resumed.
  virtual void on_failure(std::int64_t id, refusal why, delivery sent) = 0;

  /// Nothing of these requests was written, and nothing will be: the transport
  /// lost the server. In the order in which they were sent; `on_close` follows.
  virtual void on_unsent(std::vector<std::int64_t> ids) { (void)ids; }

  /// The server does not know our session any more; every request but
  /// `initialize` will fail until a new one was made. Comes before the
  /// `on_failure` of the request that met it, once per session.
  virtual void on_session_lost() = 0;

  /// The server printed something that is no message; `sample` is its
  /// beginning, at most 200 bytes of printable text.
  virtual void on_noise(std::string sample) = 0;

  /// The transport ended because of `why`, and everything it owned is gone:
  /// sockets, process and its group. The last call. After `close` the code
  /// is `cancelled`; otherwise `connect_failed` (never opened),
  /// `connection_lost`, `payload_too_large` or `protocol_violation`. The text
  /// names exit code or signal and the last lines of standard error.
  virtual void on_close(refusal why) = 0;
};

/// One way to talk to one server, for one session at a time.
///
/// All functions may be called from any thread and return at once; what they
/// ask for happens on the thread of the I/O loop, in the order of the calls.
/// Destroying the last handle of a transport that was not closed closes it, in
/// order and in the background; nobody is told then.
class transport {
public:
  virtual ~transport() = default;

  /// Starts the process, or prepares to connect. Once.
  virtual void open() = 0;

  /// Sends a message. Requests are answered by exactly one of: a message with
  /// its id, `on_failure`, `on_close`, which may be preceded by `on_unsent`.
  /// One-way messages that cannot be sent are logged. What exceeds the bound on
  /// unsent bytes fails with `busy`. What is sent after `close` goes nowhere:
  /// `on_close` is its answer.
  virtual void send(outgoing x) = 0;

  /// The handshake is done: `protocol_version` is what was agreed on.
  /// Streamable HTTP sends it with every further request and opens the GET
  /// stream.
  virtual void established(std::string protocol_version) = 0;

  /// Nobody waits for the request `id` any more: frees what it holds. The
  /// server is not told.
  virtual void forget(std::int64_t id) = 0;

  /// Ends in order: what was sent before still goes out; then DELETE, or end of
  /// input, TERM, KILL, each within the configured `close_timeout`. Ends in
  /// `on_close`.
  virtual void close() = 0;
};

/// Makes the transport of a server; it is not open yet. The one place where
/// tests put a scripted one.
using transport_factory = std::function<std::shared_ptr<transport>(
  const config::server_config&, std::shared_ptr<listener>)>;

} // namespace mcpool::transport
