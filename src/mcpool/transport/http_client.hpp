// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/transport/http_head.hpp>
#include <mcpool/transport/http_target.hpp>
#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mcpool::transport {

/// The methods of MCP over HTTP.
enum class http_method : std::uint8_t { get, post, delete_ };

/// One request.
struct http_request {
  http_method method = http_method::post;
  /// Address, fields and limits that it shares with others. Never null.
  std::shared_ptr<const http_target> target;
  /// Sent with POST only.
  shared_text body;
  /// The whole exchange, redirects included, ends after this long; 0: never.
  duration timeout{0};
  /// It ends when no byte of the answer came for this long; 0: never.
  duration idle_timeout{0};
  /// Close the connection afterwards: nothing else will be asked.
  bool last = false;
  /// It tries whether the server answers. If it does not, the connections that
  /// the client keeps may be as dead, without a word: no later request uses one
  /// of them.
  bool tries = false;
};

/// How an exchange ended.
struct http_outcome {
  /// How it ended: the answer is complete, the handler had enough of it, it
  /// took too long, or it broke.
  enum class ending : std::uint8_t { complete, stopped, timed_out, broken };

  ending how = ending::complete;
  /// Why, unless complete or stopped. `connect_failed`, `connect_timeout`,
  /// `connection_lost`, `payload_too_large`, `protocol_violation` or
  /// `invalid_config`.
  refusal why;
  /// Whether the server may have seen the request, if it broke.
  delivery sent = delivery::maybe_sent;
  /// No connection could be made.
  bool unreachable = false;
};

/// What a handler wants after a piece of the body.
enum class http_flow : std::uint8_t {
  /// The next piece.
  more,
  /// Nothing any more; the connection is closed.
  stop,
};

/// Receives one answer, on the thread of the loop. May call the client. What
/// `on_head` or `on_body` throws ends the exchange with `payload_too_large`.
class http_handler {
public:
  virtual ~http_handler() = default;

  /// Status and fields of the final answer; redirects that are followed and
  /// interim answers are not seen.
  virtual void on_head(const http_head& head) = 0;

  /// The next piece of the body.
  virtual http_flow on_body(std::string_view bytes) = 0;

  /// The last call.
  virtual void on_done(const http_outcome& outcome) = 0;
};

/// Sends HTTP requests from one I/O loop: libcurl's multi interface on asio.
///
/// HTTP/1.1 with keep-alive, HTTP/2 where TLS negotiates it; proxies from the
/// environment as curl takes them; certificates are verified; http and https
/// only. A connection per exchange in flight, without a limit per host; about
/// `max_idle_connections` are kept for the next ones. No cookies, no cache, no
/// compression.
///
/// Redirects: 307 and 308 to the same origin are followed, at most 5 in a row,
/// with method, body and fields unchanged. Every other one ends the exchange
/// with `connect_failed`, which names where it pointed.
///
/// Repetition: a request is sent again, on a new connection, only if its
/// connection was kept from an earlier exchange and the server closed it before
/// its kernel had the end of the request, so that nobody can have processed it.
/// libcurl by itself would repeat a request that the server received and died
/// of.
///
/// The constructor and the destructor may run on any thread; everything else on
/// the thread of the loop, which must outlive this object.
class http_client {
public:
  /// Names an exchange; never 0, never used twice.
  using exchange_id = std::uint64_t;

  /// How many connections without an exchange libcurl aims at. It only looks
  /// when an exchange gives its connection back, and closes the oldest idle one
  /// then, so that after a burst more stay open until later exchanges end.
  static constexpr std::size_t max_idle_connections = 256;

  explicit http_client(io_loop& loop);
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Ends the exchanges that still run, without a word to their handlers.
  ~http_client();

  /// Sends a request. Nothing is called before this function has returned.
  exchange_id start(http_request request,
                    std::shared_ptr<http_handler> handler);

  /// Ends an exchange and frees its connection; its handler hears nothing any
  /// more. Does nothing if it has ended.
  void cancel(exchange_id id);

  /// Lets an exchange end as `timed_out` at the latest after `limit` from now.
  void end_within(exchange_id id, duration limit);

  /// Lets an exchange end as `timed_out` when no byte came for `limit`.
  void end_when_idle(exchange_id id, duration limit);

private:
  class state;

  io_loop& loop_;
  std::shared_ptr<state> state_;
};

} // namespace mcpool::transport
