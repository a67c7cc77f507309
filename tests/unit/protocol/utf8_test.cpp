// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/utf8.hpp>

#include <gtest/gtest.h>

#include <string>

namespace mcpool::protocol {
namespace {

// The plain way to say it: decode, then check the range.
std::size_t expected_length(const std::string& x) {
  auto first = static_cast<unsigned char>(x[0]);
  std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first >= 0xf8 || x.size() < length)
    return 0;
  unsigned code = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    auto byte = static_cast<unsigned char>(x[i]);
    if (byte >> 6 != 2)
      return 0;
    code = code << 6 | (byte & 0x3f);
  }
  constexpr unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
  auto surrogate = code >= 0xd800 && code <= 0xdfff;
  return code < least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

TEST(Utf8Test, AgreesWithTheDefinitionOnAllBoundaries) {
  constexpr unsigned char tails[]
    = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
  for (auto first = 0x80; first < 0x100; ++first)
    for (auto a : tails)
      for (auto b : tails)
        for (auto c : tails) {
          std::string x{static_cast<char>(first), static_cast<char>(a),
                        static_cast<char>(b), static_cast<char>(c)};
          for (std::size_t size = 1; size <= 4; ++size) {
            auto part = x.substr(0, size);
            ASSERT_EQ(utf8_length(part), expected_length(part))
              << std::hex << first << " " << +a << " " << +b << " " << +c;
          }
        }
}

TEST(Utf8Test, IgnoresWhatFollows) {
  EXPECT_EQ(utf8_length("\xc3\xa9\xff"), 2u);
}

TEST(Utf8Test, FindsNothingInNothing) {
  EXPECT_EQ(utf8_length(""), 0u);
}

} // namespace
} // namespace mcpool::protocol
