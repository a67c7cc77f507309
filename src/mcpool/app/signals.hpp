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
///
/// The second SIGINT or SIGTERM ends the process at once, with code 130, from
/// the first `listener` on; the kernel and the process guard end its children.
class signals {
public:
  using handler = std::function<void()>;

  /// Whom signals are told, one at a time.
  class listener {
  public:
    /// `stop` is called on the first SIGINT or SIGTERM, `reload` on each
    /// SIGHUP, on the thread of the signals.
    listener(signals& from, handler stop, handler reload);

    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    /// Waits for a handler that runs. From here on none does.
    ~listener();

  private:
    signals& from_;
  };

  /// Blocks SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE.
  signals();

  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

  /// Ends the thread; the signals stay blocked.
  ~signals();

  /// Tells whether `stop` was called.
  bool stopped() const noexcept;

private:
  struct shared;

  void start();

  std::shared_ptr<shared> shared_;
  std::thread thread_;
};

} // namespace mcpool::app
