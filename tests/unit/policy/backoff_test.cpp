// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/backoff.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace mcpool::policy {
namespace {

using namespace std::chrono_literals;

constexpr backoff_limits limits{1s, 5min, 60s};
constexpr time_point start{1h};

TEST(BackoffTest, DoublesUpToTheLimit) {
  backoff aut;
  std::vector<duration> pauses;
  for (auto i = 0; i < 11; ++i)
    pauses.push_back(aut.failed(limits, 1));
  EXPECT_EQ(pauses, (std::vector<duration>{1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s,
                                           256s, 300s, 300s}));
  EXPECT_EQ(aut.failures(), 11u);
}

TEST(BackoffTest, SpreadsOverTheUpperHalf) {
  EXPECT_EQ(backoff{}.failed(limits, 0), 500ms);
  EXPECT_EQ(backoff{}.failed(limits, 0.5), 750ms);
  EXPECT_EQ(backoff{}.failed(limits, 1), 1s);
}

TEST(BackoffTest, NeverShrinksWhateverTheDiceSay) {
  backoff aut;
  duration last{};
  for (auto i = 0; i < 100; ++i) {
    auto next = aut.failed(limits, i % 2 == 0 ? 1 : 0);
    EXPECT_GE(next, std::min(last, limits.max / 2));
    EXPECT_LE(next, limits.max);
    last = next;
  }
}

TEST(BackoffTest, StaysWithinALimitBelowItsBase) {
  EXPECT_EQ(backoff{}.failed({1min, 1s, 60s}, 1), 1s);
}

TEST(BackoffTest, SurvivesTheLongestLimits) {
  backoff aut;
  for (auto i = 0; i < 200; ++i)
    EXPECT_GE(aut.failed({1h, 24h * 365, 60s}, 1), 1h);
}

TEST(BackoffTest, EscalatesOverStartsThatSucceedInBetween) {
  backoff aut;
  aut.failed(limits, 1);
  aut.failed(limits, 1);
  aut.ready(start);
  aut.lost(limits, start + 59s, 1);
  EXPECT_EQ(aut.failed(limits, 1), 4s);
}

TEST(BackoffTest, BeginsAnewAfterAStableTime) {
  backoff aut;
  aut.failed(limits, 1);
  aut.failed(limits, 1);
  aut.ready(start);
  EXPECT_EQ(aut.lost(limits, start + 60s, 1), 0s);
  EXPECT_EQ(aut.failures(), 0u);
  EXPECT_EQ(aut.failed(limits, 1), 1s);
}

TEST(BackoffTest, AllowsOneLossAtOnceAndCountsTheNext) {
  backoff aut;
  aut.ready(start);
  EXPECT_EQ(aut.lost(limits, start + 1s, 1), 0s);
  aut.ready(start + 2s);
  EXPECT_EQ(aut.lost(limits, start + 3s, 1), 1s);
  aut.ready(start + 5s);
  EXPECT_EQ(aut.lost(limits, start + 6s, 1), 2s);
  aut.ready(start + 9s);
  EXPECT_EQ(aut.lost(limits, start + 69s, 1), 0s);
}

} // namespace
} // namespace mcpool::policy
