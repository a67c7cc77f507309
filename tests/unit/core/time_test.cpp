// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/time.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool {
namespace {

using namespace std::chrono_literals;

using testing::HasSubstr;

struct duration_case {
  std::string_view text;
  duration value;
};

class DurationTextTest : public testing::TestWithParam<duration_case> {};

TEST_P(DurationTextTest, IsRead) {
  auto x = parse_duration(GetParam().text);
  ASSERT_TRUE(x) << GetParam().text << ": " << x.error().text;
  EXPECT_EQ(*x, GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(
  Texts, DurationTextTest,
  testing::Values(duration_case{"250ms", 250ms}, duration_case{"30s", 30s},
                  duration_case{"15m", 15min}, duration_case{"2h", 2h},
                  duration_case{"1d", 24h}, duration_case{"7us", 7us},
                  duration_case{"9ns", 9ns}, duration_case{"1.5s", 1500ms},
                  duration_case{"0.25h", 15min}, duration_case{"5000", 5s},
                  duration_case{"0", 0ns}, duration_case{"0s", 0ns},
                  duration_case{"1.5", 1500us}, duration_case{"007s", 7s},
                  duration_case{"365d", 365 * 24h},
                  duration_case{"0.000000001s", 1ns}));

class BadDurationTest : public testing::TestWithParam<std::string_view> {};

TEST_P(BadDurationTest, IsRefusedAndNamed) {
  auto x = parse_duration(GetParam());
  ASSERT_FALSE(x) << GetParam();
  EXPECT_EQ(x.error().code, errc::invalid_config);
  EXPECT_THAT(x.error().text, HasSubstr("'" + std::string{GetParam()} + "'"));
}

INSTANTIATE_TEST_SUITE_P(Texts, BadDurationTest,
                         testing::Values("", "s", "ms", "-1s", "+1s", "1 s",
                                         " 1s", "1s ", "1S", "1sec", "1.", ".5",
                                         "1.5.5s", "1e3", "0x10", "nan", "inf",
                                         "1s30", "1h30m", "366d", "8761h",
                                         "999999999999999999d",
                                         "9999999999999999999999"));

TEST(DurationTest, PrintsTheLargestUnitThatDivides) {
  EXPECT_EQ(format_duration(0ns), "0ms");
  EXPECT_EQ(format_duration(1500ms), "1500ms");
  EXPECT_EQ(format_duration(60s), "1m");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(24h), "1d");
  EXPECT_EQ(format_duration(1ns), "1ns");
  EXPECT_EQ(format_duration(-2s), "-2s");
}

TEST(DurationTest, ReadsBackWhatItPrinted) {
  for (auto x : {duration{1}, duration{999}, duration{1s + 1ns},
                 duration{123456789012345}, duration{365 * 24h},
                 duration{365 * 24h - 1ns}, duration{8h + 1ms}})
    EXPECT_EQ(parse_duration(format_duration(x)).value(), x)
      << format_duration(x);
}

deadline at(duration since_epoch) {
  return {time_point{since_epoch}};
}

TEST(DeadlineTest, IsNotGivenByDefault) {
  EXPECT_FALSE(deadline{}.given());
  EXPECT_TRUE(at(1s).given());
}

TEST(DeadlineTest, FallsBackWhenNoneWasGiven) {
  EXPECT_EQ(deadline{}.or_else(at(2s)), at(2s));
  EXPECT_EQ(at(3s).or_else(at(2s)), at(3s));
}

TEST(DeadlineTest, PrefersTheEarlierOfTwo) {
  EXPECT_EQ(earlier(at(1s), at(2s)), at(1s));
  EXPECT_EQ(earlier(at(2s), at(1s)), at(1s));
}

TEST(DeadlineTest, NeverPrefersOneThatWasNotGiven) {
  EXPECT_EQ(earlier(deadline{}, at(2s)), at(2s));
  EXPECT_EQ(earlier(at(2s), deadline{}), at(2s));
  EXPECT_FALSE(earlier(deadline{}, deadline{}).given());
}

} // namespace
} // namespace mcpool
