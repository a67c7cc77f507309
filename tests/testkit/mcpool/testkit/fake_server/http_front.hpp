// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/http_connection.hpp>
#include <mcpool/testkit/fake_server/http_session.hpp>
#include <mcpool/testkit/fake_server/server.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace mcpool::testkit::fake_server {

/// Speaks Streamable HTTP (2025-03-26 to 2025-11-25) on the loopback address,
/// with any number of connections, and records what clients do wrong.
class http_front {
public:
  explicit http_front(world& all);

  /// Runs the `start` steps, then listens and says where.
  void start();

  // -- for its exchanges

  const options& chosen() const { return world_.chosen; }

  /// The session got its first answer: it exists now.
  void open_session(const http_session_ptr& who);

  /// Forgets a session and everything it runs.
  void close_session(const http_session_ptr& who, http_sessions::end why);

  /// What a request for a dead session gets.
  reply dead_session_reply() const;

private:
  using connection = http_connection::pointer;

  // -- connections

  void listen();
  void announce();
  void accept();
  void on_accept(boost::asio::ip::tcp::socket socket);
  void read_until_eof();

  // -- requests

  void on_request(const connection& from, const http_request& request);
  void note_header(const http_request& request);
  void on_endpoint(const connection& from, const http_request& request);
  void on_post(const connection& from, const http_request& request);
  void on_get(const connection& from, const http_request& request);
  void on_delete(const connection& from, const http_request& request);
  void serve_get(const connection& from, const http_session_ptr& who,
                 const std::string& last_event);
  void resume(const connection& from, const http_session_ptr& who,
              const std::string& last_event);
  http_session_ptr session_for(const connection& from,
                               const http_request& request,
                               const std::string& method);
  bool spend_request(const connection& from, const http_session_ptr& who,
                     const nlohmann::json& message);

  // -- administration

  void on_admin(const connection& from, const http_request& request);
  void push(const connection& from, const std::string& text);
  void drop_sessions(const connection& from);
  void replace_rules(const connection& from, const std::string& text);

  /// Answers with a JSON-RPC error and, if `kind` is given, records it.
  void refuse(const connection& from, int status, const std::string& kind,
              const std::string& text);

  world& world_;
  server core_;
  http_sessions sessions_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::posix::stream_descriptor input_;
  char unread_[256];
};

} // namespace mcpool::testkit::fake_server
