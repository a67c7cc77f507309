// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/cat.hpp>

#include <mcpool/core/ids.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace mcpool {
namespace {

TEST(CatTest, IsEmptyWithoutParts) {
  EXPECT_EQ(cat(), "");
}

TEST(CatTest, JoinsTextsOfEveryKind) {
  EXPECT_EQ(cat("a", std::string{"b"}, std::string_view{"c"}, 'd'), "abcd");
}

TEST(CatTest, PrintsTheExtremesOfIntegers) {
  EXPECT_EQ(cat(std::numeric_limits<std::int64_t>::min()),
            "-9223372036854775808");
  EXPECT_EQ(cat(std::numeric_limits<std::uint64_t>::max()),
            "18446744073709551615");
}

TEST(CatTest, PrintsBytesAsNumbers) {
  EXPECT_EQ(cat(std::uint8_t{65}), "65");
}

TEST(CatTest, UsesToStringOfOtherTypes) {
  EXPECT_EQ(cat("<", server_name{"files"}, ">"), "<files>");
}

TEST(CatTest, KeepsNulBytes) {
  EXPECT_EQ(cat(std::string_view{"a\0b", 3}).size(), 3u);
}

} // namespace
} // namespace mcpool
