// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/rate_gate.hpp>

#include <gtest/gtest.h>

using mcpool::transport::rate_gate;
using namespace std::chrono_literals;

namespace {

const auto start = rate_gate::clock::time_point{} + 1h;

} // namespace

TEST(RateGateTest, LetsSoManyPassInASecond) {
  rate_gate gate{2};
  EXPECT_TRUE(gate.admit(start));
  EXPECT_TRUE(gate.admit(start + 1ms));
  EXPECT_FALSE(gate.admit(start + 999ms));
}

TEST(RateGateTest, OpensAgainAfterASecond) {
  rate_gate gate{1};
  EXPECT_TRUE(gate.admit(start));
  EXPECT_FALSE(gate.admit(start + 999ms));
  EXPECT_TRUE(gate.admit(start + 1s));
  EXPECT_FALSE(gate.admit(start + 1s));
}

TEST(RateGateTest, CountsWhatItHolds) {
  rate_gate gate{1};
  for (int i = 0; i < 4; ++i)
    gate.admit(start);
  EXPECT_EQ(gate.take_held(), 3u);
  EXPECT_EQ(gate.take_held(), 0u);
}
