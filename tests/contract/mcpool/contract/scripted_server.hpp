// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mcpool::contract {

/// One request as a scripted server read it.
struct http_seen {
  std::string method;
  std::string path;
  /// Field names in lower case.
  std::map<std::string, std::string> fields;
  std::string body;
  /// Counts connections from 1.
  int connection = 0;
  std::chrono::steady_clock::time_point at;

  std::string field(const std::string& name) const {
    auto i = fields.find(name);
    return i == fields.end() ? std::string{} : i->second;
  }
};

/// One accepted connection: writes exactly the bytes it is told.
class http_peer {
public:
  http_peer(int fd, int number) : fd_(fd), number_(number) {}
  http_peer(const http_peer&) = delete;
  http_peer& operator=(const http_peer&) = delete;
  ~http_peer();

  /// Writes all of it; false if the client is gone.
  bool write(std::string_view bytes);

  /// Writes an answer with its length.
  bool answer(int status, std::string_view type, std::string_view body,
              std::string_view more_fields = {});

  /// Writes the head of an event stream that ends with the connection.
  bool begin_events(std::string_view more_fields = {});

  /// Waits until the client has hung up, or the server ends.
  void wait_gone();

  /// Ends the connection in order, or with RST.
  void close();
  void reset();

  /// Sends FIN and goes on.
  void half_close();

  /// From another thread: makes every wait end.
  void interrupt();

  std::optional<http_seen> read_request();
  bool open() const { return fd_ >= 0; }

private:
  bool fill();

  std::mutex mutex_;
  std::atomic<int> fd_;
  int number_;
  std::string buffer_;
};

/// An HTTP server on a free port of the loopback interface that answers what a
/// function writes, a thread per connection.
class scripted_server {
public:
  using handler = std::function<void(http_peer&, const http_seen&)>;

  explicit scripted_server(handler answer);
  ~scripted_server();

  std::string url(std::string_view path = "/mcp") const;
  int port() const { return port_; }

  /// What was asked so far.
  std::vector<http_seen> seen() const;

  /// Those of one method.
  std::vector<http_seen> seen(std::string_view method) const;

  /// Waits for so many requests of a method; what there is after 10 seconds.
  std::vector<http_seen> wait_seen(std::string_view method,
                                   std::size_t count) const;

  /// Connections accepted so far, and those open now.
  int accepted() const { return accepted_; }
  int connected() const { return connected_; }

  /// From now on connections are refused.
  void stop_listening();

private:
  void accept_all();
  void serve(const std::shared_ptr<http_peer>& peer);

  handler answer_;
  std::atomic<int> listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::vector<http_seen> seen_;
  std::vector<std::shared_ptr<http_peer>> peers_;
  std::vector<std::thread> threads_;
  std::atomic<int> accepted_{0};
  std::atomic<int> connected_{0};
  std::thread acceptor_;
};

} // namespace mcpool::contract
