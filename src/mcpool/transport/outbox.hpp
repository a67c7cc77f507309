// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace mcpool::transport {

/// The messages that wait for room in a pipe, in their order.
class outbox {
public:
  /// Refuses what would exceed `max_bytes`, but for a message that is alone.
  explicit outbox(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// What `write_to` came to.
  enum class progress {
    /// Nothing is left.
    done,
    /// The pipe is full: wait until it can be written again.
    full,
    /// The pipe takes more, but others shall have their turn.
    more,
    /// The pipe is broken; `errno` says how.
    failed,
  };

  /// Appends a message. Fails with `busy` and the numbers.
  result<void> push(outgoing x);

  /// Takes back a request of which nothing was written yet.
  void forget(std::int64_t request_id);

  /// Writes messages, a line break after each, until something of `progress`
  /// is the case. `fd` is non-blocking; SIGPIPE is blocked or ignored.
  progress write_to(int fd);

  /// The requests of which nothing was written, in their order.
  std::vector<std::int64_t> unsent() const;

  void clear();

  bool empty() const noexcept { return queue_.empty(); }

  /// Bytes that wait, each message with a bit more for its own keep.
  std::size_t bytes() const noexcept { return bytes_; }

private:
  std::size_t first_whole() const noexcept;
  long write_some(int fd) const;
  void advance(std::size_t written);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::deque<outgoing> queue_;
  /// How much of the first message was written, line break included.
  std::size_t offset_ = 0;
};

} // namespace mcpool::transport
