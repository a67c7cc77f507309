// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <utility>

namespace mcpool::transport {

/// Owns one file descriptor and closes it at the end.
class unique_fd {
public:
  unique_fd() = default;

  /// Takes over `fd`; a negative number owns nothing.
  explicit unique_fd(int fd) noexcept : fd_(fd) {}

  unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}

  unique_fd& operator=(unique_fd&& other) noexcept {
    reset(other.release());
    return *this;
  }

  ~unique_fd() { reset(); }

  /// The descriptor, or -1.
  int get() const noexcept { return fd_; }

  explicit operator bool() const noexcept { return fd_ >= 0; }

  /// Gives the descriptor away.
  int release() noexcept { return std::exchange(fd_, -1); }

  /// Closes what it owns and takes over `fd`.
  void reset(int fd = -1) noexcept;

private:
  int fd_ = -1;
};

/// Both ends of a pipe.
struct pipe_ends {
  unique_fd read;
  unique_fd write;
};

/// Makes a pipe whose ends no program inherits, both blocking, neither of them
/// numbered 0 to 2. Fails with `connect_failed`.
result<pipe_ends> make_pipe();

/// Makes reads and writes of `fd` return instead of waiting.
void set_nonblocking(int fd) noexcept;

} // namespace mcpool::transport
