// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace mcpool::engine {

/// Names a pending timer; 0 is none. Never reused while anybody could still
/// hold it: the upper half counts the uses of a node.
using timer_id = std::uint64_t;

/// The current instant of this process: wall-clock time at its start, advanced
/// by the steady clock, so that it never runs backwards. From any thread.
time_point now();

/// The clock of a pool and its timers: a hashed wheel with 4096 slots of 10 ms.
/// Setting and cancelling take constant time however many are pending.
///
/// CAF's own timers are quadratic (1.x) or cannot be cancelled (0.17). All
/// functions may be called from any thread.
class timer_wheel {
public:
  /// Who moves the time.
  enum class mode : std::uint8_t {
    /// A thread of the wheel, by the steady clock. It sleeps while nothing is
    /// pending.
    real,
    /// The test, by `advance`.
    manual,
  };

  using callback = std::function<void()>;

  explicit timer_wheel(mode how = mode::real);

  timer_wheel(const timer_wheel&) = delete;
  timer_wheel& operator=(const timer_wheel&) = delete;

  /// Drops what is pending and waits for a callback that is running, unless it
  /// is that callback which destroys the wheel.
  ~timer_wheel();

  /// The instant of this clock.
  time_point now() const;

  /// Calls `f` once, not earlier than `after` from now and about one tick
  /// late, on the thread of the wheel (manual: of `advance`). It must only
  /// post. More than a hundred years are a hundred years.
  timer_id set(duration after, callback f);

  /// Calls `f` at an instant; at once, that is within a tick, if it passed.
  timer_id set_at(time_point at, callback f);

  /// Takes a timer back; false if it fired, is firing, or never was.
  bool cancel(timer_id id);

  /// How many are pending.
  std::size_t pending() const;

  /// Moves the clock of a manual wheel tick by tick, calling what becomes due
  /// in order; timers of the same tick in the order they were set.
  void advance(duration by);

private:
  class core;

  // Shared with the thread, which may outlive the wheel by one callback.
  std::shared_ptr<core> core_;
  std::thread thread_;
};

} // namespace mcpool::engine
