// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/doubtful_origins.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace mcpool::transport {
namespace {

class DoubtfulOriginsTest : public testing::Test {
protected:
  doubtful_origins aut;
  doubtful_origins::clock::time_point now{1h};
};

TEST_F(DoubtfulOriginsTest, DoubtsNobodyAtFirst) {
  EXPECT_TRUE(aut.empty());
  EXPECT_FALSE(aut.age("http://a:80", now));
}

TEST_F(DoubtfulOriginsTest, KnowsSinceWhenEachDidNotAnswer) {
  aut.add("http://a:80", now);
  aut.add("http://b:80", now + 2s);
  EXPECT_EQ(aut.age("http://a:80", now + 3s), 3s);
  EXPECT_EQ(aut.age("http://b:80", now + 3s), 1s);
}

TEST_F(DoubtfulOriginsTest, CountsFromTheLastTime) {
  aut.add("http://a:80", now);
  aut.add("http://a:80", now + 5s);
  EXPECT_EQ(aut.age("http://a:80", now + 6s), 1s);
  EXPECT_EQ(aut.size(), 1u);
}

TEST_F(DoubtfulOriginsTest, TrustsAgainWhenNoConnectionIsLeftFromThen) {
  aut.add("http://a:80", now);
  EXPECT_TRUE(aut.age("http://a:80", now + doubtful_origins::longest));
  EXPECT_FALSE(aut.age("http://a:80", now + doubtful_origins::longest + 1ms));
}

TEST_F(DoubtfulOriginsTest, KeepsNothingThatIsOver) {
  aut.add("http://a:80", now);
  aut.add("http://b:80", now + doubtful_origins::longest + 1ms);
  EXPECT_EQ(aut.size(), 1u);
}

TEST_F(DoubtfulOriginsTest, ForgetsTheOldestWhenThereAreTooMany) {
  for (std::size_t i = 0; i < doubtful_origins::max_size; ++i)
    aut.add(std::to_string(i), now += 1ms);
  aut.add("5", now += 1ms);
  EXPECT_TRUE(aut.age("0", now)) << "there was a place for it";
  aut.add("0", now += 1ms);
  aut.add("one more", now += 1ms);
  EXPECT_EQ(aut.size(), doubtful_origins::max_size);
  EXPECT_FALSE(aut.age("1", now));
  EXPECT_TRUE(aut.age("0", now));
  EXPECT_TRUE(aut.age("2", now));
  EXPECT_TRUE(aut.age("one more", now));
}

} // namespace
} // namespace mcpool::transport
