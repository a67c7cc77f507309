// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/ask.hpp>

#include "probe.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

using ::testing::ElementsAre;

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

/// Passes every request on to another actor.
class proxy {
public:
  using handle = iface<fns<fn<number(square)>, fn<number(park)>>>;

  static constexpr const char* name = "test.proxy";

  proxy(handle::pointer self, probe::handle to)
    : self_(self),
      to_(std::move(to)) {}

  handle::behavior_type make_behavior() {
    return {
      [this](const square& x) -> caf::result<number> {
        return delegate(self_, to_, x);
      },
      [this](const park& x) -> caf::result<number> {
        return delegate(self_, to_, x);
      },
    };
  }

private:
  handle::pointer self_;
  probe::handle to_;
};

class AskTest : public ProbeTest {
protected:
  /// Asks with a limit and notes how it ends.
  testing::answer<number> ask_within(duration limit) {
    testing::answer<number> out;
    harness.start([this, out, limit](caf::event_based_actor* self) {
      engine::ask_within(self, aut, limit, park{})
        .then([out](number& x) mutable { out.set(x); },
              [out](const caf::error& x) mutable { out.set(to_refusal(x)); });
    });
    harness.run();
    return out;
  }
};

TEST_F(AskTest, ReturnsTheAnswer) {
  EXPECT_EQ(ask<number>(square{4}).value().value, 16);
}

TEST_F(AskTest, WaitsAsLongAsItTakes) {
  auto answer = ask<number>(park{});
  harness.advance(10min);
  EXPECT_FALSE(answer.ready());
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_EQ(answer.value().value, 1);
}

TEST_F(AskTest, LearnsThatTheActorEndedBefore) {
  end_now(aut);
  EXPECT_EQ(ask<number>(square{4}).why().code, errc::connection_lost);
}

TEST_F(AskTest, LearnsThatTheActorEndsWithTheRequestInItsMailbox) {
  end(aut);
  auto answer = harness.send<number>(aut, square{4});
  harness.run();
  EXPECT_EQ(answer.why().code, errc::connection_lost);
}

TEST_F(AskTest, AsksNobodyAndIsRefused) {
  EXPECT_TRUE(harness.ask<number>(probe::handle{}, square{4}).refused());
}

TEST_F(AskTest, GivesUpAfterTheLimit) {
  auto answer = ask_within(1s);
  harness.advance(990ms);
  EXPECT_FALSE(answer.ready());
  harness.advance(20ms);
  EXPECT_EQ(answer.why().code, errc::call_timed_out);
}

TEST_F(AskTest, IsAnsweredWithinTheLimit) {
  auto answer = ask_within(1s);
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  harness.advance(2s);
  EXPECT_EQ(answer.value().value, 1);
}

TEST_F(AskTest, GivesUpAtOnceWhenTheLimitHasPassed) {
  auto answer = ask_within(-1s);
  harness.advance(10ms);
  EXPECT_EQ(answer.why().code, errc::call_timed_out);
}

TEST_F(AskTest, TakesAnEndlessLimitForAYear) {
  auto answer = ask_within(duration::max());
  harness.advance(1min);
  EXPECT_FALSE(answer.ready());
}

TEST_F(AskTest, TellsInOrder) {
  std::vector<int> order;
  harness.start([&](caf::event_based_actor* self) {
    for (int i = 0; i < 3; ++i)
      tell(self, aut, run_inside{[&order, i] { order.push_back(i); }});
  });
  harness.run();
  EXPECT_THAT(order, ElementsAre(0, 1, 2));
}

TEST_F(AskTest, TellsNobodyWithoutHarm) {
  harness.start([](caf::event_based_actor* self) {
    tell(self, probe::handle{}, run_inside{[] { FAIL(); }});
  });
  harness.run();
}

TEST_F(AskTest, PostsFromAnotherThread) {
  auto ran = 0;
  std::thread{[&] { post(aut, run_inside{[&] { ++ran; }}); }}.join();
  harness.run();
  EXPECT_EQ(ran, 1);
}

TEST_F(AskTest, DelegatesToTheActorThatAnswers) {
  auto front = spawn<proxy>(harness.system(), aut);
  EXPECT_EQ(harness.ask<number>(front, square{6}).value().value, 36);
  end_now(front);
}

TEST_F(AskTest, DelegatesAndNeedsToLiveNoLonger) {
  auto front = spawn<proxy>(harness.system(), aut);
  auto answer = harness.ask<number>(front, park{});
  end_now(front);
  EXPECT_FALSE(answer.ready());
  inside([](probe& x) { x.parked.at(0).ok(number{9}); });
  EXPECT_EQ(answer.value().value, 9);
}

TEST_F(AskTest, EndsAnActor) {
  end_now(aut);
  EXPECT_EQ(state, nullptr);
}

TEST_F(AskTest, EndsNobodyWithoutHarm) {
  end(probe::handle{});
  harness.run();
}

} // namespace
} // namespace mcpool::engine::sample
