// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace mcpool::testkit::fake_server {

/// Something to be written.
struct piece {
  std::string bytes;
  /// Pause after each byte; 0 writes all at once.
  std::chrono::milliseconds drip{0};
  /// Written again and again, until the reader goes away.
  bool endless = false;
  /// Called when the bytes have left or were lost.
  std::function<void()> then;
};

/// Owns a stream and writes pieces to it, one after the other, never
/// blocking. Keeps itself alive while it writes.
template <class Stream>
class byte_writer : public std::enable_shared_from_this<byte_writer<Stream>> {
public:
  explicit byte_writer(Stream stream)
    : stream_{std::move(stream)},
      pause_{stream_.get_executor()} {}

  /// The stream, for reading and closing.
  Stream& stream() { return stream_; }

  /// Called once when writing fails because nobody reads any more.
  void on_lost(std::function<void()> what) { on_lost_ = std::move(what); }

  /// Bytes that wait to be written.
  std::size_t waiting() const { return waiting_; }

  /// Queues a piece. After a failure or `close` it is lost at once.
  void write(piece what) {
    if (lost_) {
      if (what.then)
        what.then();
      return;
    }
    waiting_ += what.bytes.size();
    queue_.push_back(std::move(what));
    if (queue_.size() == 1)
      start();
  }

  /// Closes the stream; what waits is lost.
  void close() {
    boost::system::error_code ignored;
    stream_.close(ignored);
    pause_.cancel();
    on_lost_ = nullptr;
    lose();
  }

private:
  void start() {
    auto& now = queue_.front();
    if (now.bytes.empty())
      return next();
    auto size = now.drip.count() > 0 ? 1 : now.bytes.size();
    auto part = boost::asio::buffer(now.bytes.data() + sent_, size);
    boost::asio::async_write(
      stream_, part,
      [self = this->shared_from_this()](auto error, std::size_t bytes) {
        self->on_written(error, bytes);
      });
  }

  void on_written(boost::system::error_code error, std::size_t bytes) {
    if (lost_)
      return;
    if (error)
      return lose();
    auto& now = queue_.front();
    sent_ += bytes;
    if (sent_ < now.bytes.size())
      return start_after(now.drip);
    if (!now.endless)
      return next();
    sent_ = 0;
    start_after(now.drip);
  }

  void start_after(std::chrono::milliseconds time) {
    if (time.count() == 0)
      return start();
    pause_.expires_after(time);
    pause_.async_wait([self = this->shared_from_this()](auto error) {
      if (!error && !self->lost_)
        self->start();
    });
  }

  void next() {
    auto done = std::move(queue_.front());
    queue_.pop_front();
    sent_ = 0;
    waiting_ -= done.bytes.size();
    auto more = !queue_.empty();
    if (done.then)
      done.then();
    if (more && !lost_)
      start();
  }

  void lose() {
    if (std::exchange(lost_, true))
      return;
    auto queue = std::exchange(queue_, {});
    waiting_ = 0;
    for (auto& one : queue)
      if (auto then = std::exchange(one.then, nullptr))
        then();
    if (auto tell = std::exchange(on_lost_, nullptr))
      tell();
    // The bytes being written must outlive the operation that was started.
    queue_ = std::move(queue);
  }

  Stream stream_;
  boost::asio::steady_timer pause_;
  std::deque<piece> queue_;
  std::size_t sent_ = 0;
  std::size_t waiting_ = 0;
  bool lost_ = false;
  std::function<void()> on_lost_;
};

} // namespace mcpool::testkit::fake_server
