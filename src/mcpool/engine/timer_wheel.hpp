// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

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

  /// Drops what is pending.
  ~timer_wheel();

  /// The instant of this clock.
  time_point now() const;

  /// Calls `f` once, not earlier than `after` from now and about one tick
  /// late, on the thread of the wheel (manual: of `advance`). It must only
  /// post.
  timer_id set(duration after, callback f);

  /// Calls `f` at an instant; at once, that is within a tick, if it passed.
  timer_id set_at(time_point at, callback f) {
    return set(at - now(), std::move(f));
  }

  /// Takes a timer back; false if it fired, is firing, or never was.
  bool cancel(timer_id id);

  /// How many are pending.
  std::size_t pending() const;

  /// Moves the clock of a manual wheel, calling what becomes due in order.
  void advance(duration by);

private:
  static constexpr std::size_t slots = 4096;
  static constexpr duration tick = std::chrono::milliseconds{10};
  static constexpr std::uint32_t none = 0;
  static constexpr std::uint64_t never = ~std::uint64_t{0};

  // Nodes live in one vector; links are indices + 1, so that 0 is none.
  struct node {
    std::uint64_t due = 0;
    std::uint32_t generation = 0;
    std::uint32_t next = none;
    std::uint32_t previous = none;
    bool linked = false;
    callback f;
  };

  std::uint64_t tick_of(time_point at) const;
  std::uint32_t take_node();
  callback release(std::uint32_t index);
  void link(std::uint32_t index);
  void unlink(std::uint32_t index);
  void collect(std::uint64_t at, std::vector<callback>& due);
  void step_to(std::uint64_t at, std::unique_lock<std::mutex>& guard);
  std::uint64_t next_due() const;
  void run();

  const mode mode_;
  const time_point start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  time_point manual_now_;
  std::uint64_t current_ = 0;
  // The tick until which the thread sleeps; 0 while it does not.
  std::uint64_t wake_ = 0;
  std::size_t pending_ = 0;
  std::uint32_t free_ = none;
  std::vector<node> nodes_;
  std::array<std::uint32_t, slots> heads_{};
  std::thread thread_;
};

} // namespace mcpool::engine
