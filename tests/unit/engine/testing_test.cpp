// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/testing.hpp>

#include "probe.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <stdexcept>
#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

using AnswerTest = ProbeTest;

TEST_F(AnswerTest, IsNotReadyBeforeTheActorAnswers) {
  auto answer = ask<number>(park{});
  EXPECT_FALSE(answer.ready());
  EXPECT_FALSE(answer.refused());
  EXPECT_THROW(answer.value(), std::logic_error);
  EXPECT_THROW(answer.why(), std::logic_error);
}

TEST_F(AnswerTest, HasTheValue) {
  auto answer = ask<number>(square{3});
  EXPECT_TRUE(answer.ready());
  EXPECT_FALSE(answer.refused());
  EXPECT_EQ(answer.value().value, 9);
  EXPECT_THROW(answer.why(), std::logic_error);
}

TEST_F(AnswerTest, HasTheRefusal) {
  auto answer = ask<number>(park{});
  inside(
    [](probe& x) { x.parked.at(0).fail(make_refusal(errc::busy, "full")); });
  EXPECT_TRUE(answer.ready());
  EXPECT_TRUE(answer.refused());
  EXPECT_EQ(answer.why().text, "full");
  EXPECT_THROW(answer.value(), std::logic_error);
}

TEST_F(AnswerTest, IsThereForARequestThatReturnsNothing) {
  auto answer = ask<void>(park_void{});
  EXPECT_THROW(answer.value(), std::logic_error);
  inside([](probe& x) { x.parked_void.at(0).ok(); });
  EXPECT_TRUE(answer.ready());
  EXPECT_FALSE(answer.refused());
  EXPECT_NO_THROW(answer.value());
}

TEST_F(AnswerTest, IsSharedByItsCopies) {
  auto answer = ask<number>(park{});
  auto copy = answer;
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_EQ(copy.value().value, 1);
}

using DeterministicTest = ProbeTest;

TEST_F(DeterministicTest, DoesNothingUntilItRuns) {
  auto answer = harness.send<number>(aut, square{2});
  EXPECT_FALSE(answer.ready());
  harness.run();
  EXPECT_TRUE(answer.ready());
}

TEST_F(DeterministicTest, DeliversOneMessageAtATime) {
  std::vector<int> order;
  harness.run();
  post(aut, run_inside{[&] { order.push_back(1); }});
  post(aut, run_inside{[&] { order.push_back(2); }});
  EXPECT_TRUE(harness.step());
  EXPECT_THAT(order, ElementsAre(1));
  EXPECT_TRUE(harness.step());
  EXPECT_THAT(order, ElementsAre(1, 2));
  EXPECT_FALSE(harness.step());
}

TEST_F(DeterministicTest, CountsTheMessagesItDelivers) {
  harness.run();
  EXPECT_EQ(harness.run(), 0u);
  for (int i = 0; i < 3; ++i)
    post(aut, run_inside{[] {}});
  EXPECT_EQ(harness.run(), 3u);
}

TEST_F(DeterministicTest, RunsWhatMessagesCause) {
  auto depth = 0;
  std::function<void()> deeper = [&] {
    if (++depth < 5)
      post(aut, run_inside{deeper});
  };
  post(aut, run_inside{deeper});
  harness.run();
  EXPECT_EQ(depth, 5);
}

TEST_F(DeterministicTest, HasTimeThatOnlyTheTestMoves) {
  auto start = harness.now();
  harness.run();
  EXPECT_EQ(harness.now(), start);
  harness.advance(1500ms);
  EXPECT_EQ(harness.now() - start, 1500ms);
  harness.advance(7ns);
  EXPECT_EQ(harness.now() - start, 1500ms + 7ns);
}

TEST_F(DeterministicTest, MakesDeadlinesOfItsClock) {
  EXPECT_EQ(harness.in(5s).at, harness.now() + 5s);
}

TEST_F(DeterministicTest, RunsActorsBeforeTheTimeMoves) {
  auto start = harness.now();
  auto seen = time_point{};
  post(aut, run_inside{[&] { seen = harness.now(); }});
  harness.advance(1s);
  EXPECT_EQ(seen, start);
}

TEST_F(DeterministicTest, RunsActorsBetweenTimers) {
  // The first timer's actor takes back the second one before it is due.
  std::vector<int> order;
  inside([&](probe& x) {
    auto second = x.timers.set(30ms, [&] { order.push_back(2); });
    x.timers.set(10ms, [&, second]() mutable {
      order.push_back(1);
      x.timers.cancel(second);
      x.timers.set(10ms, [&] { order.push_back(3); });
    });
  });
  harness.advance(1s);
  EXPECT_THAT(order, ElementsAre(1, 3));
}

TEST_F(DeterministicTest, RunsTimersOfManyActorsInOrder) {
  std::vector<duration> order;
  auto start = harness.now();
  auto note = [&] { order.push_back(harness.now() - start); };
  inside([&](probe& x) {
    for (auto after : {50ms, 10ms, 30ms, 20ms, 40ms})
      x.timers.set(after, note);
  });
  harness.advance(60ms);
  EXPECT_THAT(order, ElementsAre(10ms, 20ms, 30ms, 40ms, 50ms));
}

TEST_F(DeterministicTest, StopsAtTheInstantItIsToldTo) {
  std::vector<int> order;
  inside([&](probe& x) {
    x.timers.set(1s, [&] { order.push_back(1); });
    x.timers.set(1s + 10ms, [&] { order.push_back(2); });
  });
  harness.advance(1s - 1ms);
  EXPECT_THAT(order, IsEmpty());
  harness.advance(1ms);
  EXPECT_THAT(order, ElementsAre(1));
}

TEST_F(DeterministicTest, StartsAnActorThatLivesForItsAnswers) {
  auto who = harness.start([this](caf::event_based_actor* self) {
    engine::ask(self, aut, park{})
      .then([](const number&) {}, [](const caf::error&) {});
  });
  auto ended = false;
  inside([&](probe& x) {
    x.watches.watch(who, [&](const caf::error&) { ended = true; });
  });
  EXPECT_FALSE(ended);
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_TRUE(ended);
}

TEST_F(DeterministicTest, TellsHandlesFromOtherNodesBack) {
  auto copy
    = testing::round_trip(harness.system(), caf::actor_cast<caf::actor>(aut));
  ASSERT_TRUE(copy);
  EXPECT_EQ(*copy, aut);
}

// An actor that owes an answer refers to itself, so dropping its handle does
// not end it.
void forget_an_actor() {
  testing::deterministic harness;
  probe* state = nullptr;
  auto lost = spawn<probe>(harness.system(), harness.wheel(), &state);
  harness.ask<number>(lost, park{});
  lost = nullptr;
}

TEST(DeterministicDeathTest, SaysThatAnActorIsLeft) {
  EXPECT_DEATH(forget_an_actor(), "actors are left");
}

} // namespace
} // namespace mcpool::engine::sample
