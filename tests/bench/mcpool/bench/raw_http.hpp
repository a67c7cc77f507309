// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::bench {

class raw_transfer;

/// libcurl's multi interface on epoll, in one thread: what HTTP costs with no
/// pool around it.
class raw_http {
public:
  raw_http();
  raw_http(const raw_http&) = delete;
  raw_http& operator=(const raw_http&) = delete;
  ~raw_http();

  /// Lets transfers go on until `done` returns true. Throws
  /// `std::runtime_error` after a minute.
  template <class F>
  void run_until(F done) {
    auto limit = clock::now() + std::chrono::minutes{1};
    while (!done())
      turn(limit);
  }

private:
  friend raw_transfer;

  using clock = std::chrono::steady_clock;

  static int on_socket(CURL*, curl_socket_t fd, int what, void* self,
                       void* known);
  static int on_timer(CURLM*, long ms, void* self);

  void turn(clock::time_point limit);
  int wait_ms() const;
  void act(curl_socket_t fd, int mask);
  void collect();

  CURLM* multi_;
  int epoll_;
  std::optional<clock::time_point> due_;
};

/// One easy handle, for one request after the other.
class raw_transfer {
public:
  /// Takes the status, the body and the session id of the answer; status 0 if
  /// there was none.
  using handler = std::function<void(const raw_transfer&)>;

  raw_transfer(raw_http& loop, const std::string& url);
  raw_transfer(const raw_transfer&) = delete;
  raw_transfer& operator=(const raw_transfer&) = delete;
  ~raw_transfer();

  /// Whose requests these are; empty for nobody's.
  void use_session(const std::string& id);

  /// Sends a message; `done` is called with this.
  void post(std::string body, handler done);

  /// Opens the stream of the session, which is not meant to end.
  void stream();

  /// Ends the session.
  void remove(handler done);

  long status() const noexcept { return status_; }
  const std::string& body() const noexcept { return body_; }
  const std::string& session() const noexcept { return session_; }

private:
  friend raw_http;

  static std::size_t on_header(char* data, std::size_t, std::size_t size,
                               void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size,
                             void* self);

  void start(const char* method, bool has_body, handler done);
  void finish(CURLcode code);

  raw_http& loop_;
  CURL* easy_;
  curl_slist* fields_ = nullptr;
  const char* method_ = nullptr;
  bool running_ = false;
  std::string sent_;
  std::string body_;
  std::string session_;
  long status_ = 0;
  handler done_;
};

/// One MCP session over HTTP.
class raw_session {
public:
  raw_session(raw_http& loop, const std::string& url);

  /// Makes the session and opens its stream; `done` is called when the server
  /// accepted it, with false if it did not.
  void open(std::function<void(bool)> done);

  /// Ends it; `done` is called when the server said so.
  void close(std::function<void()> done);

  const std::string& id() const noexcept { return id_; }

private:
  raw_transfer posts_;
  raw_transfer stream_;
  std::string id_;
};

/// JSON-RPC messages as the raw cases send them.
std::string raw_initialize();
std::string raw_initialized();
std::string raw_ping(long id);
std::string raw_call(long id);

} // namespace mcpool::bench
