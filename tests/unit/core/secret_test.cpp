// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/secret.hpp>

#include <mcpool/core/cat.hpp>

#include <gtest/gtest.h>

namespace mcpool {
namespace {

TEST(SecretTest, PrintsStarsWhateverItsLength) {
  EXPECT_EQ(to_string(secret{}), "***");
  EXPECT_EQ(to_string(secret{"Bearer 1234567890"}), "***");
  EXPECT_EQ(cat("token ", secret{"abc"}), "token ***");
}

TEST(SecretTest, RevealsItsTextOnRequest) {
  EXPECT_EQ(secret{"abc"}.reveal(), "abc");
}

TEST(SecretTest, ComparesItsTexts) {
  EXPECT_TRUE(secret{"a"} == secret{"a"});
  EXPECT_FALSE(secret{"a"} == secret{"b"});
  EXPECT_TRUE(secret{"a"} != secret{"b"});
}

} // namespace
} // namespace mcpool
