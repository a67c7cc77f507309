// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/io_loop.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace mcpool::transport {

/// What the loop notes about a running transfer: set it as CURLOPT_PRIVATE. It
/// outlives the loop.
struct curl_user {
  /// The socket that was last seen working for it, or -1.
  curl_socket_t socket = -1;
  /// The peer closed that socket before it had the end of what was sent.
  bool missing_end = false;
};

/// libcurl's multi interface on an I/O loop: its sockets and its timer, and
/// nothing about HTTP. Everything happens on the loop.
///
/// Each function that enters libcurl is called from the loop itself, never from
/// a callback of libcurl. A socket whose wait is still pending is not armed
/// again, and the timer is only moved when it would ring too late: the usual
/// request costs no more system calls than its own.
class curl_loop : public std::enable_shared_from_this<curl_loop> {
public:
  /// A transfer ended; called after libcurl was left. What it throws costs no
  /// other transfer.
  using done_handler = std::function<void(CURL*, CURLcode)>;

  curl_loop(io_loop& loop, done_handler on_done);
  curl_loop(const curl_loop&) = delete;
  curl_loop& operator=(const curl_loop&) = delete;
  ~curl_loop();

  /// Sets what every transfer of this loop needs, once per handle.
  void prepare(CURL* easy);

  /// Begins a transfer; `run_due` must follow, once for any number of them.
  bool add(CURL* easy);

  /// Ends a transfer that was added, without a word.
  void remove(CURL* easy) noexcept;

  /// Lets libcurl do what is due, and reports transfers that ended.
  void run_due();

  /// How many connections libcurl aims at, used or not. It reads that when a
  /// transfer gives its connection back, and closes at most one then, the
  /// oldest that nobody uses.
  void keep_connections(long most);

  /// Why the last socket could not be made, an errno value; 0 if it could.
  int socket_error() const noexcept { return socket_error_; }

  /// Closes all connections. The transfers were removed before.
  void shut_down();

private:
  struct watched;
  using watched_ptr = std::shared_ptr<watched>;

  static curl_socket_t open_socket(void* self, curlsocktype purpose,
                                   curl_sockaddr* address) noexcept;
  static int close_socket(void* self, curl_socket_t fd) noexcept;
  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self,
                       void*) noexcept;
  static int on_timer(CURLM*, long ms, void* self) noexcept;

  watched_ptr find(curl_socket_t fd) const noexcept;
  watched_ptr watch(curl_socket_t fd, bool ours) noexcept;
  watched_ptr make_watched(curl_socket_t fd, bool ours);
  void make_room(std::size_t sockets);
  void abandon(curl_socket_t fd) noexcept;
  void abandon_closed() noexcept;
  void forget(curl_socket_t fd);
  void update(const watched_ptr& x, CURL* easy, int what);
  void arm(const watched_ptr& x) noexcept;
  void arm_late();
  void wait_for(const watched_ptr& x, int direction);
  void on_ready(const watched_ptr& x, int direction, bool failed);
  void act(curl_socket_t fd, int mask);
  void collect();
  CURLMsg* next_message();
  void arm_timer();
  void run_soon();
  void run_if_due();
  void on_timer_rang();

  io_loop& loop_;
  done_handler on_done_;
  /// Why the last socket could not be made.
  int socket_error_ = 0;
  CURLM* multi_;
  /// By descriptor: libcurl's sockets, and the pipes of its resolver.
  std::vector<watched_ptr> sockets_;
  /// Those that libcurl lost interest in before they were connected: it may
  /// have closed them without a word.
  std::vector<curl_socket_t> dropped_;
  /// There was no memory for a wait.
  bool unarmed_ = false;
  boost::asio::steady_timer timer_;
  /// When libcurl wants to be called.
  std::optional<std::chrono::steady_clock::time_point> due_;
  /// When the timer rings, if it is armed.
  std::optional<std::chrono::steady_clock::time_point> armed_;
  /// `run_soon` has a turn of the loop coming.
  bool posted_ = false;
};

} // namespace mcpool::transport
