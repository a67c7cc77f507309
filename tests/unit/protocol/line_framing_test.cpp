// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/line_framing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LineReaderTest : public testing::Test {
protected:
  // Feeds pieces of `size` bytes, and returns the lines.
  static std::vector<std::string> read(std::string_view bytes,
                                       std::size_t size) {
    line_reader aut{100};
    std::vector<shared_text> lines;
    for (std::size_t pos = 0; pos < bytes.size(); pos += size)
      EXPECT_TRUE(aut.feed(bytes.substr(pos, size), lines));
    return texts(lines);
  }

  static std::vector<std::string> texts(const std::vector<shared_text>& lines) {
    std::vector<std::string> out;
    for (const auto& line : lines)
      out.push_back(line.str());
    return out;
  }

  line_reader aut{8};
  std::vector<shared_text> lines;
};

TEST_F(LineReaderTest, CutsAtLineFeeds) {
  EXPECT_TRUE(aut.feed("a\nbc\nd", lines));
  EXPECT_THAT(texts(lines), ElementsAre("a", "bc"));
  EXPECT_EQ(aut.partial(), "d");
}

TEST_F(LineReaderTest, AppendsToTheLinesThatAreThere) {
  EXPECT_TRUE(aut.feed("a\n", lines));
  EXPECT_TRUE(aut.feed("b\n", lines));
  EXPECT_THAT(texts(lines), ElementsAre("a", "b"));
}

TEST_F(LineReaderTest, YieldsTheSameLinesWhateverThePieces) {
  std::string_view bytes = "one\r\ntwo\n\n\r\nthr\ree\r\r\nfour\n";
  auto whole = read(bytes, bytes.size());
  EXPECT_THAT(whole, ElementsAre("one", "two", "thr\ree\r", "four"));
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_EQ(read(bytes, size), whole) << size;
}

TEST_F(LineReaderTest, DropsEmptyLines) {
  EXPECT_TRUE(aut.feed("\n\r\n\n", lines));
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(LineReaderTest, KeepsNulBytes) {
  EXPECT_TRUE(aut.feed(std::string_view{"a\0b\n", 4}, lines));
  EXPECT_EQ(lines.at(0).size(), 3u);
}

TEST_F(LineReaderTest, ForgetsThePartialLineOnceItIsComplete) {
  EXPECT_TRUE(aut.feed("ab", lines));
  EXPECT_EQ(aut.partial(), "ab");
  EXPECT_TRUE(aut.feed("\n", lines));
  EXPECT_EQ(aut.partial(), "");
}

TEST_F(LineReaderTest, AcceptsALineOfTheBound) {
  EXPECT_TRUE(aut.feed("12345678\n", lines));
  EXPECT_TRUE(aut.feed("12345678\r\n", lines));
  EXPECT_TRUE(aut.feed("12345678\r", lines));
  EXPECT_TRUE(aut.feed("\n", lines));
  EXPECT_THAT(texts(lines), ElementsAre("12345678", "12345678", "12345678"));
}

TEST_F(LineReaderTest, RefusesALongerLineAsSoonAsItIsSeen) {
  EXPECT_TRUE(aut.feed("12345678", lines));
  auto x = aut.feed("9", lines);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
  EXPECT_EQ(x.error().text, "a line has more than 8 bytes");
  EXPECT_EQ(aut.partial(), "");
}

TEST_F(LineReaderTest, DoesNotTakeACarriageReturnInsideForTheEnd) {
  EXPECT_TRUE(aut.feed("12345678\r", lines));
  EXPECT_FALSE(aut.feed("\r", lines));
  line_reader other{8};
  EXPECT_FALSE(other.feed("12345678\r9\n", lines));
}

TEST_F(LineReaderTest, YieldsTheLinesBeforeTheLongOne) {
  EXPECT_FALSE(aut.feed("a\nb\n123456789\nc\n", lines));
  EXPECT_THAT(texts(lines), ElementsAre("a", "b"));
}

TEST_F(LineReaderTest, KeepsFailingOnceItFailed) {
  EXPECT_FALSE(aut.feed("123456789", lines));
  EXPECT_FALSE(aut.feed("a\n", lines));
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(LineReaderTest, TakesNothingFromNothing) {
  EXPECT_TRUE(aut.feed("", lines));
  EXPECT_THAT(lines, IsEmpty());
  EXPECT_EQ(aut.partial(), "");
}

} // namespace
} // namespace mcpool::protocol
