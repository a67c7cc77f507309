// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/node_watch.hpp>

#include <gtest/gtest.h>

namespace mcpool::engine {
namespace {

constexpr auto patience = peer_silence / heartbeat_interval;

/// How many rounds like this it takes; 0 for more than anybody waits.
int rounds_until_lost(silence& aut, const intake& x) {
  for (int i = 1; i < 1000; ++i)
    if (aut.is_too_long(x))
      return i;
  return 0;
}

TEST(SilenceTest, IsTooLongAfterSoManyRounds) {
  silence aut;
  EXPECT_FALSE(aut.is_too_long({100, false}));
  EXPECT_EQ(rounds_until_lost(aut, {100, false}), patience);
}

TEST(SilenceTest, BeginsAnewWithEveryByte) {
  silence aut;
  for (std::uint64_t i = 1; i < 100; ++i)
    for (int round = 0; round < patience; ++round)
      ASSERT_FALSE(aut.is_too_long({i, false})) << i << " " << round;
  EXPECT_TRUE(aut.is_too_long({99, false}));
}

TEST(SilenceTest, IsOursWhileSomethingWaitsToBeRead) {
  silence aut;
  EXPECT_FALSE(aut.is_too_long({100, false}));
  EXPECT_EQ(rounds_until_lost(aut, {100, true}), 0);
  EXPECT_EQ(rounds_until_lost(aut, {100, false}), patience);
}

TEST(SilenceTest, MayBeLongerBeforeTheFirstWord) {
  silence aut;
  EXPECT_EQ(rounds_until_lost(aut, {}),
            first_word_patience / heartbeat_interval);
}

} // namespace
} // namespace mcpool::engine
