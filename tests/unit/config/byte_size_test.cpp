// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/byte_size.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

TEST(ByteSizeTest, ReadsNumbersAndUnits) {
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("4096"), 4096u);
  EXPECT_EQ(parse_bytes("7B"), 7u);
  EXPECT_EQ(parse_bytes("2kB"), 2000u);
  EXPECT_EQ(parse_bytes("512KiB"), 512u * 1024);
  EXPECT_EQ(parse_bytes("3MB"), 3'000'000u);
  EXPECT_EQ(parse_bytes("16MiB"), 16u << 20);
  EXPECT_EQ(parse_bytes("1GB"), 1'000'000'000u);
  EXPECT_EQ(parse_bytes("1GiB"), 1u << 30);
}

TEST(ByteSizeTest, RefusesEverythingElse) {
  for (auto text : {"", "MiB", "-1", "1.5MiB", "1 MiB", "1mib", "1MiBs", "0x10",
                    "18446744073709551616", "18446744073709551615kB"})
    EXPECT_EQ(parse_bytes(text), std::nullopt) << text;
}

TEST(ByteSizeTest, PrintsTheLargestUnitThatDivides) {
  EXPECT_EQ(format_bytes(0), "0B");
  EXPECT_EQ(format_bytes(1), "1B");
  EXPECT_EQ(format_bytes(1000), "1kB");
  EXPECT_EQ(format_bytes(1024), "1KiB");
  EXPECT_EQ(format_bytes(5 << 20), "5MiB");
  EXPECT_EQ(format_bytes(1u << 30), "1GiB");
}

TEST(ByteSizeTest, ReadsBackWhatItPrints) {
  for (std::uint64_t n : {0ull, 1ull, 999ull, 1'048'577ull, 123'456'000ull,
                          18'446'744'073'709'551'615ull})
    EXPECT_EQ(parse_bytes(format_bytes(n)), n);
}

} // namespace mcpool::config
