// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timer_wheel.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace mcpool::engine {
namespace {

using namespace std::chrono_literals;

class TimerWheelTest : public ::testing::Test {
protected:
  /// A callback that notes that it ran.
  timer_wheel::callback note(int id) {
    return [this, id] { fired.push_back(id); };
  }

  timer_wheel wheel{timer_wheel::mode::manual};
  std::vector<int> fired;
};

TEST_F(TimerWheelTest, StandsStillUntilItIsAdvanced) {
  auto start = wheel.now();
  EXPECT_EQ(wheel.now(), start);
  wheel.advance(7ms);
  EXPECT_EQ(wheel.now() - start, 7ms);
}

TEST_F(TimerWheelTest, FiresAtItsTickExactly) {
  wheel.set(30ms, note(1));
  wheel.advance(30ms - 1ns);
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(1ns);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerWheelTest, RoundsUpToTheNextTick) {
  wheel.set(30ms + 1ns, note(1));
  wheel.advance(40ms - 1ns);
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(1ns);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerWheelTest, CountsFromTheInstantOfSetting) {
  wheel.advance(15ms);
  wheel.set(20ms, note(1));
  wheel.advance(24ms);
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(1ms);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerWheelTest, FiresOnce) {
  wheel.set(10ms, note(1));
  wheel.advance(100s);
  EXPECT_THAT(fired, ElementsAre(1));
  EXPECT_EQ(wheel.pending(), 0u);
}

TEST_F(TimerWheelTest, FiresInOrderOfTheDueTimes) {
  wheel.set(300ms, note(3));
  wheel.set(100ms, note(1));
  wheel.set(200ms, note(2));
  wheel.advance(1s);
  EXPECT_THAT(fired, ElementsAre(1, 2, 3));
}

TEST_F(TimerWheelTest, FiresTimersOfOneTickInTheOrderTheyWereSet) {
  for (int i = 0; i < 5; ++i)
    wheel.set(50ms, note(i));
  wheel.advance(50ms);
  EXPECT_THAT(fired, ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(TimerWheelTest, FiresATimerOfNoTimeAtTheNextTick) {
  wheel.set(0ms, note(1));
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerWheelTest, FiresATimerOfThePastAtTheNextTick) {
  wheel.advance(1s);
  wheel.set_at(wheel.now() - 500ms, note(1));
  wheel.set_at(time_point{}, note(2));
  wheel.set_at(time_point::min(), note(3));
  wheel.set(-1s, note(4));
  wheel.set(duration::min(), note(5));
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(TimerWheelTest, FiresAtAnInstant) {
  wheel.set_at(wheel.now() + 20ms, note(1));
  wheel.advance(19ms);
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(1ms);
  EXPECT_THAT(fired, ElementsAre(1));
}

TEST_F(TimerWheelTest, NeverFiresWhatIsFarBeyondTheHorizon) {
  wheel.set(duration::max(), note(1));
  wheel.set_at(time_point::max(), note(2));
  wheel.advance(1h);
  EXPECT_THAT(fired, IsEmpty());
  EXPECT_EQ(wheel.pending(), 2u);
}

TEST_F(TimerWheelTest, WaitsForLongerThanOneRound) {
  wheel.set(41s, note(2));
  wheel.set(5min, note(3));
  wheel.set(40960ms + 10ms, note(1)); // a round later than the next tick
  wheel.advance(10ms);
  EXPECT_THAT(fired, IsEmpty());
  wheel.advance(40960ms);
  EXPECT_THAT(fired, ElementsAre(1));
  wheel.advance(4min);
  EXPECT_THAT(fired, ElementsAre(1, 2));
  wheel.advance(1min);
  EXPECT_THAT(fired, ElementsAre(1, 2, 3));
}

TEST_F(TimerWheelTest, NeverRunsWhatWasCancelled) {
  auto id = wheel.set(20ms, note(1));
  wheel.advance(10ms);
  EXPECT_TRUE(wheel.cancel(id));
  wheel.advance(1min);
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerWheelTest, CancelsOnce) {
  auto id = wheel.set(20ms, note(1));
  EXPECT_TRUE(wheel.cancel(id));
  EXPECT_FALSE(wheel.cancel(id));
}

TEST_F(TimerWheelTest, CannotCancelWhatFired) {
  auto id = wheel.set(10ms, note(1));
  wheel.advance(10ms);
  EXPECT_FALSE(wheel.cancel(id));
}

TEST_F(TimerWheelTest, CannotCancelWhatNeverWas) {
  EXPECT_FALSE(wheel.cancel(0));
  EXPECT_FALSE(wheel.cancel(1));
  EXPECT_FALSE(wheel.cancel(~timer_id{0}));
  EXPECT_FALSE(wheel.cancel(timer_id{7} << 32));
}

TEST_F(TimerWheelTest, AStaleIdDoesNotCancelTheNextUser) {
  auto cancelled = wheel.set(10ms, note(1));
  wheel.cancel(cancelled);
  auto second = wheel.set(10ms, note(2)); // in the same node
  EXPECT_NE(second, cancelled);
  EXPECT_FALSE(wheel.cancel(cancelled));
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(2));
  wheel.set(10ms, note(3));
  EXPECT_FALSE(wheel.cancel(second));
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(2, 3));
}

TEST_F(TimerWheelTest, CancelsInTheMiddleOfATick) {
  wheel.set(10ms, note(1));
  auto id = wheel.set(10ms, note(2));
  wheel.set(10ms, note(3));
  wheel.cancel(id);
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1, 3));
}

TEST_F(TimerWheelTest, CountsWhatIsPending) {
  auto id = wheel.set(10ms, note(1));
  wheel.set(20ms, note(2));
  EXPECT_EQ(wheel.pending(), 2u);
  wheel.cancel(id);
  EXPECT_EQ(wheel.pending(), 1u);
  wheel.advance(20ms);
  EXPECT_EQ(wheel.pending(), 0u);
}

TEST_F(TimerWheelTest, ACallbackMaySetTimers) {
  wheel.set(10ms, [this] {
    note(1)();
    wheel.set(10ms, note(2));
  });
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1));
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(1, 2));
}

TEST_F(TimerWheelTest, ACallbackSeesTheInstantOfItsTick) {
  auto start = wheel.now();
  std::vector<duration> seen;
  std::function<void()> again = [&] {
    seen.push_back(wheel.now() - start);
    if (seen.size() < 3)
      wheel.set(20ms, again);
  };
  wheel.set(10ms, again);
  wheel.advance(1s);
  EXPECT_THAT(seen, ElementsAre(10ms, 30ms, 50ms));
  EXPECT_EQ(wheel.now() - start, 1s);
}

TEST_F(TimerWheelTest, ACallbackMayCancelALaterTimer) {
  auto later = wheel.set(20ms, note(2));
  wheel.set(10ms, [&] { EXPECT_TRUE(wheel.cancel(later)); });
  wheel.advance(1s);
  EXPECT_THAT(fired, IsEmpty());
}

TEST_F(TimerWheelTest, ACallbackCannotCancelItselfNorOneThatFiresWithIt) {
  timer_id own = 0;
  timer_id other = 0;
  own = wheel.set(10ms, [&] {
    EXPECT_FALSE(wheel.cancel(own));
    EXPECT_FALSE(wheel.cancel(other));
  });
  other = wheel.set(10ms, note(2));
  wheel.advance(10ms);
  EXPECT_THAT(fired, ElementsAre(2));
}

TEST_F(TimerWheelTest, DestroysWhatItCancelsOutsideItsLock) {
  // The captured object asks the wheel in its destructor.
  auto owned = std::shared_ptr<int>(new int, [this](int* x) {
    fired.push_back(int(wheel.pending())), delete x;
  });
  auto id = wheel.set(10ms, [x = std::move(owned)] {});
  EXPECT_TRUE(wheel.cancel(id));
  EXPECT_THAT(fired, ElementsAre(0));
}

TEST_F(TimerWheelTest, ReleasesACallbackAfterItRan) {
  auto owned = std::make_shared<int>();
  wheel.set(10ms, [owned] {});
  EXPECT_EQ(owned.use_count(), 2);
  wheel.advance(10ms);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(TimerWheelLifeTest, DropsWhatIsPendingWhenItEnds) {
  auto owned = std::make_shared<int>();
  {
    timer_wheel wheel{timer_wheel::mode::manual};
    wheel.set(10ms, [owned] { FAIL(); });
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(TimerWheelLifeTest, MayBeDestroyedByItsOwnCallback) {
  auto wheel = std::make_unique<timer_wheel>(timer_wheel::mode::manual);
  auto fired = 0;
  wheel->set(10ms, [&] { ++fired, wheel.reset(); });
  wheel->set(10ms, [&] { ++fired; });
  wheel->set(20ms, [&] { ++fired; });
  wheel->advance(1s);
  EXPECT_EQ(fired, 1);
}

// Sets, cancels and advances at random; every timer is checked against its own
// due time.
TEST(TimerWheelPropertyTest, KeepsAppointmentsOfTenThousandTimers) {
  struct appointment {
    timer_id id = 0;
    time_point due;
    bool cancelled = false;
    int fired = 0;
  };
  timer_wheel wheel{timer_wheel::mode::manual};
  std::mt19937 random{42};
  std::vector<appointment> all(10'000);
  for (auto& x : all) {
    auto after = duration{1ms} * (random() % 120'000);
    x.due = wheel.now() + after;
    x.id = wheel.set(after, [&wheel, &x] {
      ++x.fired;
      EXPECT_GE(wheel.now(), x.due);
      EXPECT_LE(wheel.now(), x.due + 10ms);
    });
    if (auto& y = all[random() % all.size()]; y.id != 0 && random() % 4 == 0)
      y.cancelled = wheel.cancel(y.id) || y.cancelled;
    wheel.advance(duration{1ms} * (random() % 8));
  }
  wheel.advance(121s);
  EXPECT_EQ(wheel.pending(), 0u);
  for (const auto& x : all)
    EXPECT_EQ(x.fired, x.cancelled ? 0 : 1);
}

} // namespace
} // namespace mcpool::engine
