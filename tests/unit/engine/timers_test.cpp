// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timers.hpp>

#include "probe.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

class TimerSetTest : public ProbeTest {
protected:
  /// Sets a timer of the actor that notes that it ran.
  timer_set::key set(duration after, int id) {
    timer_set::key out = 0;
    inside([&](probe& x) {
      out = x.timers.set(after, [this, id] { fired.push_back(id); });
    });
    return out;
  }

  std::vector<int> fired;
};

TEST_F(TimerSetTest, RunsInTheActorWhenItIsDue) {
  EXPECT_NE(set(1s, 1), 0u);
  harness.advance(990ms);
  EXPECT_THAT(fired, IsEmpty());
  harness.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerSetTest, RunsInsideTheActorAndNotOnTheWheel) {
  set(10ms, 1);
  harness.wheel()->advance(10ms);
  EXPECT_THAT(fired, IsEmpty());
  harness.run();
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerSetTest, SharesTheClockOfThePool) {
  harness.advance(5s);
  inside([this](probe& x) { EXPECT_EQ(x.timers.now(), harness.now()); });
}

TEST_F(TimerSetTest, RunsAtAnInstant) {
  inside([this](probe& x) {
    x.timers.set_at(x.timers.now() + 50ms, [this] { fired.push_back(1); });
    x.timers.set_at(x.timers.now() - 1h, [this] { fired.push_back(2); });
    x.timers.set_at(time_point::max(), [this] { fired.push_back(3); });
  });
  harness.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(2));
  harness.advance(1min);
  EXPECT_THAT(fired, ElementsAre(2, 1));
}

TEST_F(TimerSetTest, NeverRunsWhatWasCancelled) {
  auto key = set(1s, 1);
  inside([&](probe& x) { x.timers.cancel(key); });
  EXPECT_EQ(key, 0u);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
  harness.advance(2s);
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerSetTest, NeverRunsWhatWasCancelledAfterItFired) {
  auto key = set(10ms, 1);
  // This message is ahead of the one that the wheel posts.
  post(aut, run_inside{[&] { state->timers.cancel(key); }});
  harness.wheel()->advance(10ms);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
  harness.run();
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerSetTest, ACallbackMayCancelOneThatFiredWithIt) {
  timer_set::key second = 0;
  inside([&](probe& x) {
    x.timers.set(10ms, [&] {
      fired.push_back(1);
      x.timers.cancel(second);
    });
    second = x.timers.set(10ms, [&] { fired.push_back(2); });
  });
  harness.advance(1s);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerSetTest, ACallbackMaySetTheNextTimer) {
  inside([this](probe& x) {
    x.timers.set(10ms, [this, &x] {
      fired.push_back(1);
      x.timers.set(10ms, [this] { fired.push_back(2); });
    });
  });
  harness.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1));
  harness.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1, 2));
}

TEST_F(TimerSetTest, CancellingNothingDoesNothing) {
  auto ran = set(10ms, 1);
  harness.advance(10ms);
  set(10ms, 2);
  inside([&](probe& x) {
    timer_set::key zero = 0;
    x.timers.cancel(zero);
    x.timers.cancel(ran);
  });
  harness.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1, 2));
}

TEST_F(TimerSetTest, IgnoresAWakeupThatItDidNotAskFor) {
  set(1s, 1);
  post(aut, wakeup{77});
  harness.run();
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerSetTest, TakesItsTimersBackWhenTheActorEnds) {
  set(1s, 1);
  set(2s, 2);
  end_now(aut);
  EXPECT_EQ(state, nullptr);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
  harness.advance(3s);
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerSetTest, AnActorThatEndsWithAWakeupUnderWayRunsNothing) {
  set(10ms, 1);
  end(aut);
  harness.wheel()->advance(10ms);
  harness.run();
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerSetTest, APendingTimerDoesNotKeepItsActorAlive) {
  set(1h, 1);
  aut = nullptr;
  harness.run();
  EXPECT_EQ(state, nullptr);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

TEST_F(TimerSetTest, ReleasesWhatACallbackOwns) {
  auto owned = std::make_shared<int>();
  inside([owned](probe& x) { x.timers.set(10ms, [owned] {}); });
  EXPECT_EQ(owned.use_count(), 2);
  harness.advance(10ms);
  EXPECT_EQ(owned.use_count(), 1);
}

} // namespace
} // namespace mcpool::engine::sample
