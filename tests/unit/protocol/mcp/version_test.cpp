// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/version.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

TEST(VersionTest, SupportsTheFourRevisionsWithAHandshake) {
  for (auto x : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    EXPECT_TRUE(supported(x)) << x;
}

TEST(VersionTest, SupportsNothingElse) {
  for (auto x : {"", "2024-10-07", "2026-07-28", "2025-11-25 ", "2025-11",
                 "latest", "1.0"})
    EXPECT_FALSE(supported(x)) << x;
}

TEST(VersionTest, ListsTheNewestFirst) {
  EXPECT_TRUE(std::is_sorted(legacy_versions.begin(), legacy_versions.end(),
                             std::greater<>{}));
  EXPECT_EQ(newest_version, "2025-11-25");
}

TEST(VersionTest, NamesBothSidesWhenTheyDoNotFit) {
  EXPECT_TRUE(check_version("2025-03-26"));
  auto x = check_version("1999-01-01");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::unsupported_version);
  EXPECT_THAT(x.error().text, HasSubstr("'1999-01-01'"));
  EXPECT_THAT(x.error().text, HasSubstr("2024-11-05 to 2025-11-25"));
}

TEST(VersionTest, ShowsOnlyTheBeginningOfALongVersion) {
  EXPECT_LT(check_version(std::string(1'000'000, 'x')).error().text.size(),
            200u);
}

TEST(VersionTest, OrdersRevisionsByTheirDates) {
  EXPECT_TRUE(at_least("2025-03-26", "2025-03-26"));
  EXPECT_TRUE(at_least("2025-11-25", "2025-06-18"));
  EXPECT_FALSE(at_least("2024-11-05", "2025-03-26"));
  EXPECT_FALSE(at_least("", "2024-11-05"));
}

} // namespace
} // namespace mcpool::protocol::mcp
