// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>
#include <memory>
#include <thread>

namespace mcpool::app {

/// Turns signals into calls, on a thread of its own.
///
/// Must be made before any other thread: it blocks the signals for the process,
/// and every later thread inherits that.
class signals {
public:
  using handler = std::function<void()>;

  /// Blocks SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE.
  signals();

  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  /// Stops listening; the signals stay blocked.
  ~signals();

  /// Starts listening: `stop` is called on the first SIGINT or SIGTERM,
  /// `reload` on each SIGHUP. The second SIGINT or SIGTERM ends the process at
  /// once, with code 130; the kernel and the process guard end its children.
  void listen(handler stop, handler reload);

  /// Tells whether `stop` was called.
  bool stopped() const noexcept;

private:
  struct shared;

  std::shared_ptr<shared> shared_;
  std::thread thread_;
};

} // namespace mcpool::app
