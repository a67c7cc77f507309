// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_read.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace mcpool::protocol {
namespace {

TEST(JsonReadTest, TellsTheKindsOfValues) {
  EXPECT_EQ(kind_of(""), json_kind::none);
  EXPECT_EQ(kind_of("null"), json_kind::null);
  EXPECT_EQ(kind_of("true"), json_kind::boolean);
  EXPECT_EQ(kind_of("false"), json_kind::boolean);
  EXPECT_EQ(kind_of("-1"), json_kind::number);
  EXPECT_EQ(kind_of("0"), json_kind::number);
  EXPECT_EQ(kind_of("9"), json_kind::number);
  EXPECT_EQ(kind_of("\"\""), json_kind::string);
  EXPECT_EQ(kind_of("[]"), json_kind::array);
  EXPECT_EQ(kind_of("{}"), json_kind::object);
  EXPECT_EQ(kind_of("x"), json_kind::none);
}

TEST(JsonReadTest, CountsNullAsAbsent) {
  EXPECT_TRUE(is_absent(""));
  EXPECT_TRUE(is_absent("null"));
  EXPECT_FALSE(is_absent("0"));
  EXPECT_FALSE(is_absent("\"\""));
}

struct string_case {
  std::string_view json;
  std::string text;
};

class StringValueTest : public testing::TestWithParam<string_case> {};

TEST_P(StringValueTest, HasItsEscapesResolved) {
  EXPECT_EQ(read_string(GetParam().json), GetParam().text) << GetParam().json;
}

INSTANTIATE_TEST_SUITE_P(
  Escapes, StringValueTest,
  testing::Values(string_case{R"("")", ""}, string_case{R"("abc")", "abc"},
                  string_case{R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
                  string_case{R"("a\nb\nc")", "a\nb\nc"},
                  string_case{R"("\u0041\u00e9\u20ac")", "Aé€"},
                  string_case{R"("\u007f\u0080\u07ff\u0800\uffff")",
                              "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"},
                  string_case{R"("\uABCD\uabcd")", "\uABCD\uABCD"},
                  string_case{R"("\u0000")", std::string(1, '\0')},
                  string_case{R"("\ud83d\ude00")", "\U0001F600"},
                  string_case{R"("\ud800\udc00")", "\U00010000"},
                  string_case{R"("\udbff\udfff")", "\U0010FFFF"}));

INSTANTIATE_TEST_SUITE_P(
  LoneSurrogates, StringValueTest,
  testing::Values(string_case{R"("\ud800")", "\uFFFD"},
                  string_case{R"("\udfff")", "\uFFFD"},
                  string_case{R"("a\ud800b")", "a\uFFFDb"},
                  string_case{R"("\ud800\n")", "\uFFFD\n"},
                  string_case{R"("\ud800\u0041")", "\uFFFDA"},
                  string_case{R"("\ud800\ud800\udc00")", "\uFFFD\U00010000"},
                  string_case{R"("\udc00\udc00")", "\uFFFD\uFFFD"},
                  string_case{R"("\udc00\ud800")", "\uFFFD\uFFFD"}));

TEST(JsonReadTest, ReadsNoStringFromOtherKinds) {
  for (auto json : {"", "1", "null", "[\"a\"]", "\"", "\"a", "a\""})
    EXPECT_FALSE(read_string(json)) << json;
  EXPECT_EQ(string_or_empty("1"), "");
  EXPECT_EQ(string_or_empty("\"a\""), "a");
}

TEST(JsonReadTest, SurvivesEscapesThatWereNeverScanned) {
  for (auto json : {R"("\")", R"("\u")", R"("\u1")", R"("\uzzzz")",
                    R"("\ud800\u")", R"("\ud800\u12")", R"("\q")"})
    EXPECT_TRUE(read_string(json)) << json;
}

TEST(JsonReadTest, ReadsIntegersExactly) {
  using limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(read_integer("0"), 0);
  EXPECT_EQ(read_integer("-0"), 0);
  EXPECT_EQ(read_integer("9223372036854775807"), limits::max());
  EXPECT_EQ(read_integer("-9223372036854775808"), limits::min());
}

TEST(JsonReadTest, ReadsIntegersInDisguise) {
  EXPECT_EQ(read_integer("7.0"), 7);
  EXPECT_EQ(read_integer("7e0"), 7);
  EXPECT_EQ(read_integer("1.5E1"), 15);
  EXPECT_EQ(read_integer("-2.00"), -2);
}

TEST(JsonReadTest, ReadsNoIntegerFromOtherValues) {
  for (auto json : {"", "-", "9223372036854775808", "-9223372036854775809",
                    "99999999999999999999999", "1.5", "1e-1", "1e16", "1e999",
                    "\"7\"", "null", "true", "[1]", "{}"})
    EXPECT_FALSE(read_integer(json)) << json;
  EXPECT_FALSE(read_integer(std::string(100'000, '9')));
}

TEST(JsonReadTest, ReadsNumbers) {
  EXPECT_EQ(read_number("0.5"), 0.5);
  EXPECT_EQ(read_number("-1e3"), -1000);
  EXPECT_EQ(read_number("7"), 7);
}

TEST(JsonReadTest, ReadsNoNumberFromOtherValues) {
  for (auto json : {"", "-", "inf", "-inf", "nan", "-nan", "1e999", "-1e999",
                    "\"1\"", "null", "1x"})
    EXPECT_FALSE(read_number(json)) << json;
  EXPECT_FALSE(read_number(std::string(100'000, '9')));
}

TEST(JsonReadTest, ReadsBooleans) {
  EXPECT_EQ(read_bool("true"), true);
  EXPECT_EQ(read_bool("false"), false);
  for (auto json : {"", "1", "null", "\"true\"", "True"})
    EXPECT_FALSE(read_bool(json)) << json;
}

} // namespace
} // namespace mcpool::protocol
