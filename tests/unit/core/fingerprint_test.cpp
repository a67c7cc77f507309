// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/fingerprint.hpp>

#include <gtest/gtest.h>

namespace mcpool {
namespace {

TEST(FingerprintTest, PrintsAllZeroesByDefault) {
  EXPECT_EQ(to_string(fingerprint{}), std::string(64, '0'));
}

TEST(FingerprintTest, PrintsBytesInOrderAsTwoDigitsEach) {
  fingerprint x;
  x.bytes[0] = 0x0f;
  x.bytes[1] = 0xa0;
  x.bytes[31] = 0xff;
  EXPECT_EQ(to_string(x), "0fa0" + std::string(58, '0') + "ff");
}

TEST(FingerprintTest, DiffersIfOneByteDiffers) {
  fingerprint a;
  auto b = a;
  EXPECT_TRUE(a == b);
  b.bytes[31] = 1;
  EXPECT_TRUE(a != b);
  EXPECT_FALSE(a == b);
}

} // namespace
} // namespace mcpool
