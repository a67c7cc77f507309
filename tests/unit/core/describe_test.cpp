// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/describe.hpp>

#include <mcpool/core/errc.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/secret.hpp>

#include <gtest/gtest.h>

namespace mcpool {
namespace {

enum class plain_enum { one };

TEST(DescribeTest, NamesEnumerators) {
  EXPECT_EQ(name_of(errc::not_configured), "not_configured");
  EXPECT_EQ(name_of(errc::internal_error), "internal_error");
}

TEST(DescribeTest, NamesUnknownValuesWithAQuestionMark) {
  EXPECT_EQ(name_of(static_cast<errc>(0)), "?");
}

TEST(DescribeTest, TellsDescribedTypesFromOthers) {
  EXPECT_TRUE(is_described_struct<server_name>);
  EXPECT_FALSE(is_described_struct<secret>);
  EXPECT_FALSE(is_described_struct<int>);
  EXPECT_TRUE(is_described_enum<errc>);
  EXPECT_FALSE(is_described_enum<plain_enum>);
}

} // namespace
} // namespace mcpool
