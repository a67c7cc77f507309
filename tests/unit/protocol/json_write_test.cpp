// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_write.hpp>

#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>

#include <gtest/gtest.h>

namespace mcpool::protocol {
namespace {

TEST(JsonWriteTest, QuotesPlainTextAsItIs) {
  EXPECT_EQ(quote(""), R"("")");
  EXPECT_EQ(quote("tools/call é 😀 \x7f"), "\"tools/call é 😀 \x7f\"");
}

TEST(JsonWriteTest, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(quote("\"\\\b\f\n\r\t/"), R"("\"\\\b\f\n\r\t/")");
  EXPECT_EQ(quote(std::string("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
}

TEST(JsonWriteTest, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(quote("a\xff z"), "\"a\uFFFD z\"");
  EXPECT_EQ(quote("\xe2\x82"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(quote("\xed\xa0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
}

TEST(JsonWriteTest, WritesValidJsonForEveryPairOfBytes) {
  for (auto a = 0; a < 256; ++a)
    for (auto b = 0; b < 256; ++b) {
      std::string text{static_cast<char>(a), static_cast<char>(b)};
      auto json = quote(text);
      ASSERT_TRUE(check_json(json)) << a << " " << b;
      ASSERT_EQ(json.find('\n'), json.npos);
      if (a < 0x80 && b < 0x80) {
        ASSERT_EQ(read_string(json), text);
      }
    }
}

TEST(JsonWriteTest, AppendsToWhatIsThere) {
  std::string out = "x:";
  append_quoted(out, "a");
  append_one_line(out, "[1]");
  EXPECT_EQ(out, R"(x:"a"[1])");
}

TEST(JsonWriteTest, DropsLineBreaksBetweenTokens) {
  std::string out;
  append_one_line(out, "{\n  \"a\": \"b\\n\",\r\n\t\"c\":\r1\n}\n");
  EXPECT_EQ(out, "{  \"a\": \"b\\n\",\t\"c\":1}");
}

} // namespace
} // namespace mcpool::protocol
