// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/byte_writer.hpp>
#include <mcpool/testkit/fake_server/server.hpp>
#include <mcpool/testkit/fake_server/session.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mcpool::testkit::fake_server {

/// Speaks MCP on stdin and stdout, a message per line. stdin is not read
/// while more than 4 MiB wait on stdout; a line of more than 64 MiB ends the
/// process.
class stdio_front {
public:
  explicit stdio_front(world& all);

  /// Runs the `start` steps, then reads. The loop of `world` does the rest.
  void start();

  // -- for its exchanges

  /// Writes a line.
  void write_line(std::string text, std::chrono::milliseconds drip);

  /// Writes the first half of a line, or an endless one, and nothing more.
  void write_broken(const std::string& text, shape how);

  /// Calls `then` when everything so far was written or lost.
  void when_written(std::function<void()> then);

  /// Closes stdout after what was written so far.
  void close_output();

private:
  using pipe = boost::asio::posix::stream_descriptor;

  void run_start_steps();
  void catch_term();
  void read();
  void on_read(std::size_t bytes);
  void on_line(std::string_view line);
  void on_eof();
  std::shared_ptr<exchange> make_exchange();

  world& world_;
  server core_;
  std::shared_ptr<session> session_ = std::make_shared<session>();
  pipe input_;
  std::shared_ptr<byte_writer<pipe>> output_;
  boost::asio::signal_set term_;
  std::string chunk_;
  std::string unread_;
  std::size_t scanned_ = 0;
  bool paused_ = false;
  // After half a line or an endless one nothing else may be written.
  bool mute_ = false;
};

} // namespace mcpool::testkit::fake_server
