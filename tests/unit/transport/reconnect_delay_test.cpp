// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/reconnect_delay.hpp>

#include <gtest/gtest.h>

using namespace mcpool;
using namespace mcpool::transport;
using namespace std::chrono_literals;

TEST(ReconnectDelayTest, GrowsUpToThirtySeconds) {
  reconnect_delay aut;
  EXPECT_EQ(aut.next(0), duration{1000ms});
  EXPECT_EQ(aut.next(0), duration{1500ms});
  EXPECT_EQ(aut.next(0), duration{2250ms});
  for (int i = 0; i < 1000; ++i)
    aut.next(0);
  EXPECT_EQ(aut.next(0), duration{30s});
  aut.on_event();
  EXPECT_EQ(aut.next(0), duration{1s});
}

TEST(ReconnectDelayTest, DoesWhatTheServerAsksFor) {
  reconnect_delay aut;
  aut.ask(40ms);
  EXPECT_EQ(aut.next(0), duration{40ms});
  EXPECT_EQ(aut.next(0), duration{40ms});
}

TEST(ReconnectDelayTest, OnlyEverComesLater) {
  reconnect_delay aut;
  aut.ask(500ms);
  for (double random : {0.0, 0.3, 0.999999}) {
    EXPECT_GE(aut.next(random), duration{500ms});
    EXPECT_LT(aut.next(random), duration{700ms});
  }
}

TEST(ReconnectDelayTest, EndsAfterTwoFailuresInARow) {
  reconnect_delay aut;
  aut.on_failure();
  EXPECT_FALSE(aut.exhausted());
  aut.on_event();
  aut.on_failure();
  EXPECT_FALSE(aut.exhausted());
  aut.on_failure();
  EXPECT_TRUE(aut.exhausted());
}
