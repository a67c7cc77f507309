// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/endpoint_gate.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace mcpool::policy {
namespace {

using namespace std::chrono_literals;

constexpr auto unknown = start_outcome::unknown;
constexpr auto reached = start_outcome::reached;
constexpr auto unreachable = start_outcome::unreachable;

constexpr auto open = endpoint_gate::admission::open;
constexpr auto probe = endpoint_gate::admission::probe;
constexpr auto parked = endpoint_gate::admission::parked;

const std::string here = "http://here:80";
const std::string there = "http://there:80";

class EndpointGateTest : public ::testing::Test {
protected:
  auto admit(const std::string& endpoint, endpoint_gate::ticket x) {
    return aut.admit(endpoint, x, now);
  }

  auto settle(const std::string& endpoint, endpoint_gate::ticket x,
              start_outcome outcome) {
    return aut.settle(endpoint, x, outcome, now);
  }

  /// Closed, probed by 2, with 3 and 4 behind it.
  void close_and_queue() {
    settle(here, 1, unreachable);
    for (auto x : {2u, 3u, 4u})
      admit(here, x);
    ASSERT_EQ(aut.parked(), 2u);
  }

  std::size_t closed() { return aut.closed(now).size(); }

  time_point now = time_point{} + 1h;
  endpoint_gate aut;
};

TEST_F(EndpointGateTest, LetsEverybodyThroughAtFirst) {
  EXPECT_EQ(admit(here, 1), open);
  EXPECT_EQ(admit(here, 2), open);
  EXPECT_EQ(closed(), 0u);
}

TEST_F(EndpointGateTest, LetsOneProbeThroughAfterAFailure) {
  EXPECT_THAT(settle(here, 1, unreachable).again, IsEmpty());
  EXPECT_EQ(admit(here, 2), probe);
  EXPECT_EQ(admit(here, 2), probe);
  EXPECT_EQ(admit(here, 3), parked);
  EXPECT_EQ(admit(here, 4), parked);
  EXPECT_EQ(aut.parked(), 2u);
}

TEST_F(EndpointGateTest, TurnsAwayWhoWaitsWhenTheProbeFails) {
  close_and_queue();
  auto x = settle(here, 2, unreachable);
  EXPECT_THAT(x.refused, ElementsAre(3, 4));
  EXPECT_THAT(x.again, IsEmpty());
  EXPECT_EQ(aut.parked(), 0u);
  EXPECT_EQ(admit(here, 5), probe) << "it stays closed";
}

TEST_F(EndpointGateTest, OpensWhenOneGetsThrough) {
  close_and_queue();
  auto x = settle(here, 2, reached);
  EXPECT_THAT(x.again, ElementsAre(3, 4));
  EXPECT_THAT(x.refused, IsEmpty());
  EXPECT_EQ(closed(), 0u);
  EXPECT_EQ(aut.parked(), 0u);
  EXPECT_EQ(admit(here, 3), open);
  EXPECT_EQ(admit(here, 4), open);
}

TEST_F(EndpointGateTest, TheNextProbesWhenOneFindsOutNothing) {
  close_and_queue();
  auto x = settle(here, 2, unknown);
  EXPECT_THAT(x.again, ElementsAre(3, 4));
  EXPECT_THAT(x.refused, IsEmpty());
  EXPECT_EQ(aut.parked(), 0u);
  EXPECT_EQ(admit(here, 4), probe) << "whoever asks first";
  EXPECT_EQ(admit(here, 3), parked);
  EXPECT_EQ(admit(here, 5), parked);
  EXPECT_EQ(aut.parked(), 2u);
}

TEST_F(EndpointGateTest, OneThatWasLetThroughBeforeTurnsNobodyAway) {
  close_and_queue();
  auto x = settle(here, 1, unreachable);
  EXPECT_THAT(x.refused, IsEmpty());
  EXPECT_THAT(x.again, IsEmpty());
  EXPECT_EQ(aut.parked(), 2u);
}

TEST_F(EndpointGateTest, OneThatWasLetThroughBeforeOpensIt) {
  close_and_queue();
  EXPECT_THAT(settle(here, 1, reached).again, ElementsAre(3, 4));
  EXPECT_EQ(closed(), 0u);
  EXPECT_THAT(settle(here, 2, unknown).again, IsEmpty());
}

TEST_F(EndpointGateTest, ForgetsWhoIsParkedAndGone) {
  close_and_queue();
  EXPECT_THAT(settle(here, 3, unknown).again, IsEmpty());
  EXPECT_EQ(aut.parked(), 1u);
  EXPECT_THAT(settle(here, 2, unknown).again, ElementsAre(4));
}

TEST_F(EndpointGateTest, NobodyWaitsForWhoWasWoken) {
  close_and_queue();
  settle(here, 2, unknown);
  EXPECT_THAT(settle(here, 3, unknown).again, IsEmpty());
  EXPECT_EQ(closed(), 1u) << "nobody found out anything";
  EXPECT_EQ(admit(here, 4), probe);
}

TEST_F(EndpointGateTest, SomebodyElseMayBeFasterThanWhoWasWoken) {
  close_and_queue();
  settle(here, 2, unknown);
  EXPECT_EQ(admit(here, 5), probe);
  EXPECT_EQ(admit(here, 3), parked);
  EXPECT_EQ(admit(here, 4), parked);
  EXPECT_THAT(settle(here, 5, unreachable).refused, ElementsAre(3, 4));
}

TEST_F(EndpointGateTest, NothingButFailureCloses) {
  settle(here, 1, unknown);
  settle(here, 2, reached);
  EXPECT_EQ(closed(), 0u);
}

TEST_F(EndpointGateTest, TellsEndpointsApart) {
  settle(here, 1, unreachable);
  EXPECT_EQ(admit(here, 2), probe);
  EXPECT_EQ(admit(there, 3), open);
  EXPECT_EQ(admit(there, 4), open);
}

TEST_F(EndpointGateTest, TheEmptyEndpointIsAlwaysOpen) {
  settle("", 1, unreachable);
  EXPECT_EQ(closed(), 0u);
  EXPECT_EQ(admit("", 2), open);
  EXPECT_EQ(admit("", 3), open);
}

TEST_F(EndpointGateTest, CountsFailuresAndKnowsSinceWhen) {
  settle(here, 1, unreachable);
  auto then = now;
  now += 1min;
  admit(here, 2);
  settle(here, 2, unreachable);
  const auto& x = aut.closed(now).at(here);
  EXPECT_EQ(x.failures, 2u);
  EXPECT_EQ(x.since, then);
  EXPECT_EQ(x.failed_at, now);
}

TEST_F(EndpointGateTest, ForgetsWhatNobodyTriesAnyMore) {
  settle(here, 1, unreachable);
  settle(there, 2, unreachable);
  now += endpoint_gate::memory - 1ms;
  EXPECT_EQ(closed(), 2u);
  now += 1ms;
  EXPECT_EQ(admit(here, 3), open);
  EXPECT_EQ(closed(), 0u);
}

TEST_F(EndpointGateTest, NeverForgetsWhatIsTried) {
  close_and_queue();
  now += 2 * endpoint_gate::memory;
  EXPECT_EQ(closed(), 1u);
  EXPECT_EQ(admit(here, 5), parked);
}

TEST_F(EndpointGateTest, RemembersABoundedNumber) {
  settle(here, 1, unreachable);
  admit(here, 1);
  for (std::size_t i = 0; i < 2 * endpoint_gate::max_closed; ++i)
    settle("x" + std::to_string(i), 2, unreachable);
  EXPECT_EQ(closed(), endpoint_gate::max_closed);
  EXPECT_EQ(admit(here, 3), parked) << "what is tried is never forgotten";
}

TEST_F(EndpointGateTest, StaysOpenIfThereIsNoRoomToRemember) {
  for (std::size_t i = 0; i < endpoint_gate::max_closed; ++i) {
    settle("x" + std::to_string(i), 1, unreachable);
    admit("x" + std::to_string(i), 2);
  }
  settle(here, 3, unreachable);
  EXPECT_EQ(admit(here, 4), open);
}

} // namespace
} // namespace mcpool::policy
