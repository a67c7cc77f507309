// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/byte_writer.hpp>
#include <mcpool/testkit/fake_server/exchange.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::testkit::fake_server {

using http_request
  = boost::beast::http::request<boost::beast::http::string_body>;

/// Names and values of a response's header.
using http_fields = std::vector<std::pair<std::string, std::string>>;

/// One TCP connection of a client. Reads one request after the other; the
/// response is written by whoever handles the request, in as many parts and
/// as wrong as it likes.
class http_connection : public std::enable_shared_from_this<http_connection> {
public:
  using pointer = std::shared_ptr<http_connection>;

  /// Handles a request; must respond, close, or let the client wait.
  using handler = std::function<void(const pointer&, const http_request&)>;

  /// Gets what was wrong with a request that could not be read.
  using complaint = std::function<void(const std::string&)>;

  http_connection(boost::asio::ip::tcp::socket socket, handler on_request,
                  complaint on_bad_request);

  /// Keeps `what` until the connection is gone.
  void hold(gauge::token what);

  /// Reads the next request.
  void read();

  /// Notices when the client goes away, without reading.
  void watch();

  // -- response

  /// Starts a response: of known length, or chunked.
  void head(int status, const http_fields& fields,
            std::optional<std::size_t> length);

  /// Writes a part of the body.
  void body(const std::string& bytes,
            std::chrono::milliseconds drip = std::chrono::milliseconds{0});

  /// Writes a part of the body again and again until the client goes away.
  void endless_body(const std::string& bytes);

  /// Ends the response and waits for the next request.
  void finish();

  /// A whole response.
  void respond(int status, const http_fields& fields, const std::string& text);

  /// Closes after what was written so far, or resets at once.
  void close(ending how);

  /// Calls `then` when everything so far was written or lost.
  void when_sent(std::function<void()> then);

  /// Calls `what` if the client goes away before the response is finished.
  void on_gone(std::function<void()> what);

  /// Whether the client is gone or was sent away.
  bool gone() const { return gone_; }

private:
  using tcp_writer = byte_writer<boost::asio::ip::tcp::socket>;
  using request_parser
    = boost::beast::http::request_parser<boost::beast::http::string_body>;

  void read_body();
  void on_read(boost::system::error_code error);
  void on_peer_activity(std::size_t generation);
  void be_gone();
  void write(std::string bytes, std::chrono::milliseconds drip, bool endless);

  std::shared_ptr<tcp_writer> writer_;
  boost::asio::steady_timer look_again_;
  handler on_request_;
  complaint on_bad_request_;
  boost::beast::flat_buffer buffer_;
  std::optional<request_parser> parser_;
  std::vector<gauge::token> held_;
  std::vector<std::function<void()>> on_gone_;
  // Which request is being handled; a watch of an earlier one is void.
  std::size_t generation_ = 0;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool gone_ = false;
};

} // namespace mcpool::testkit::fake_server
