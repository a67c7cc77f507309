// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/printable.hpp>

#include <gtest/gtest.h>

using mcpool::transport::printable;

TEST(PrintableTest, LeavesPrintableTextAlone) {
  EXPECT_EQ(printable("plain ~ \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", 100),
            "plain ~ \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
}

TEST(PrintableTest, EscapesControlCharacters) {
  EXPECT_EQ(printable("\x1b[31m\t\r\n\x7f", 100),
            "\\x1b[31m\\x09\\x0d\\x0a\\x7f");
  EXPECT_EQ(printable(std::string_view{"\0", 1}, 100), "\\x00");
}

TEST(PrintableTest, EscapesControlCharactersBeyondAscii) {
  EXPECT_EQ(printable("\xc2\x9b", 100), "\\xc2\\x9b");
}

TEST(PrintableTest, EscapesWhatIsNoUtf8) {
  EXPECT_EQ(printable("a\xff", 100), "a\\xff");
  EXPECT_EQ(printable("\xe2\x82", 100), "\\xe2\\x82");
  EXPECT_EQ(printable("\xed\xa0\x80", 100), "\\xed\\xa0\\x80");
}

TEST(PrintableTest, MarksWhatItCutsOff) {
  EXPECT_EQ(printable("0123456789", 10), "0123456789");
  EXPECT_EQ(printable("0123456789a", 10), "0123456...");
}

TEST(PrintableTest, CutsBetweenCharacters) {
  EXPECT_EQ(printable("\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac", 8),
            "\xe2\x82\xac...");
  EXPECT_EQ(printable("\x01\x02\x03", 8), "\\x01...");
}

TEST(PrintableTest, StaysWithinAnyBound) {
  for (std::size_t bound = 0; bound < 12; ++bound)
    EXPECT_LE(printable("\xe2\x82\xac\x01"
                        "abcdefghijkl",
                        bound)
                .size(),
              bound);
}
