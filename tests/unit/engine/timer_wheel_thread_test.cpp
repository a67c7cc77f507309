// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timer_wheel.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <future>
#include <memory>
#include <thread>
#include <vector>

// The wheel with its own thread, by the clock of the machine. What is promised
// is exact in one direction only: a timer is never early. How late one is
// depends on what else runs, so the best of a few attempts counts.

namespace mcpool::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto lenient = duration{50ms};
constexpr auto forever = duration{10s};

/// Sets a timer and tells when it fired.
std::future<time_point> note(timer_wheel& wheel, duration after) {
  auto out = std::make_shared<std::promise<time_point>>();
  wheel.set(after, [out] { out->set_value(now()); });
  return out->get_future();
}

/// The least that a timer of `after` was late in a few attempts.
duration lateness(timer_wheel& wheel, duration after) {
  auto best = forever;
  for (int i = 0; i < 5 && best > lenient; ++i) {
    auto set = now();
    auto fired = note(wheel, after);
    if (fired.wait_for(forever) != std::future_status::ready)
      return forever;
    auto took = fired.get() - set;
    EXPECT_GE(took, after);
    best = std::min(best, took - after);
  }
  return best;
}

duration cpu_time() {
  timespec x{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &x);
  return std::chrono::seconds{x.tv_sec} + std::chrono::nanoseconds{x.tv_nsec};
}

TEST(TimerWheelThreadTest, NeverRunsBackwards) {
  auto before = now();
  for (int i = 0; i < 1000; ++i) {
    auto after = now();
    ASSERT_GE(after, before);
    before = after;
  }
}

TEST(TimerWheelThreadTest, CountsFromTheUnixEpoch) {
  EXPECT_LT(std::chrono::abs(now() - std::chrono::system_clock::now()), 1s);
}

TEST(TimerWheelThreadTest, IsNeverEarlyAndHardlyLate) {
  timer_wheel wheel;
  for (auto after : {0ms, 1ms, 5ms, 10ms, 15ms, 37ms, 60ms})
    EXPECT_LE(lateness(wheel, after), lenient) << after.count() << " ms";
}

TEST(TimerWheelThreadTest, IsOnTimeAfterALongIdleTime) {
  timer_wheel wheel;
  std::this_thread::sleep_for(150ms);
  EXPECT_LE(lateness(wheel, 20ms), lenient);
}

TEST(TimerWheelThreadTest, ASoonerTimerWakesTheSleepingThread) {
  timer_wheel wheel;
  auto late = note(wheel, 30s);
  std::this_thread::sleep_for(30ms); // it sleeps until the late one
  EXPECT_LE(lateness(wheel, 20ms), lenient);
  EXPECT_EQ(late.wait_for(0s), std::future_status::timeout);
}

TEST(TimerWheelThreadTest, AnInstantOfThePastWakesTheSleepingThread) {
  timer_wheel wheel;
  note(wheel, 30s);
  std::this_thread::sleep_for(30ms);
  std::promise<void> fired;
  wheel.set_at(now() - 1h, [&] { fired.set_value(); });
  EXPECT_EQ(fired.get_future().wait_for(forever), std::future_status::ready);
}

TEST(TimerWheelThreadTest, SpendsNoTimeWhileNothingIsPending) {
  timer_wheel wheel;
  auto before = cpu_time();
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(cpu_time() - before, 10ms);
}

TEST(TimerWheelThreadTest, SpendsNoTimeWhileItWaitsForATimer) {
  timer_wheel wheel;
  for (auto after : {10s, 60s, 3600s})
    note(wheel, after);
  std::this_thread::sleep_for(30ms);
  auto before = cpu_time();
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(cpu_time() - before, 10ms);
}

TEST(TimerWheelThreadTest, EndsAtOnceWithPendingTimers) {
  auto owned = std::make_shared<int>();
  auto start = now();
  {
    timer_wheel wheel;
    for (int i = 0; i < 100; ++i)
      wheel.set(30s, [owned] { FAIL(); });
  }
  EXPECT_LE(now() - start, 1s);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(TimerWheelThreadTest, EndsAtOnceWithoutTimers) {
  auto start = now();
  for (int i = 0; i < 20; ++i)
    timer_wheel wheel;
  EXPECT_LE(now() - start, 1s);
}

TEST(TimerWheelThreadTest, WaitsForARunningCallbackWhenItEnds) {
  std::promise<void> started;
  auto finished = false;
  {
    timer_wheel wheel;
    wheel.set(0ms, [&] {
      started.set_value();
      std::this_thread::sleep_for(50ms);
      finished = true;
    });
    started.get_future().wait();
  }
  EXPECT_TRUE(finished);
}

// The last actor that holds the wheel may end on the wheel's thread.
TEST(TimerWheelThreadTest, MayBeDestroyedByItsOwnCallbackRegression) {
  auto wheel = std::make_shared<timer_wheel>();
  auto& last = *wheel;
  std::promise<void> done;
  std::promise<void> go;
  auto released = go.get_future().share();
  last.set(0ms, [&, x = std::move(wheel)]() mutable {
    released.wait();
    x.reset();
    done.set_value();
  });
  last.set(0ms, [] { FAIL(); });
  go.set_value();
  EXPECT_EQ(done.get_future().wait_for(forever), std::future_status::ready);
}

TEST(TimerWheelThreadTest, TakesTimersFromManyThreads) {
  constexpr int threads = 4;
  constexpr int each = 2000;
  timer_wheel wheel;
  std::atomic<int> fired = 0;
  std::atomic<int> cancelled = 0;
  std::vector<std::thread> setters;
  for (int i = 0; i < threads; ++i)
    setters.emplace_back([&] {
      for (int k = 0; k < each; ++k) {
        auto id
          = wheel.set(std::chrono::milliseconds{k % 40}, [&] { ++fired; });
        if (k % 3 == 0 && wheel.cancel(id))
          ++cancelled;
      }
    });
  for (auto& x : setters)
    x.join();
  auto limit = now() + forever;
  while (fired + cancelled < threads * each && now() < limit)
    std::this_thread::sleep_for(5ms);
  EXPECT_EQ(wheel.pending(), 0u);
  EXPECT_EQ(fired + cancelled, threads * each);
  EXPECT_GT(cancelled, 0);
}

} // namespace
} // namespace mcpool::engine
