// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/messages/build.hpp>

#include <mcpool/core/version.hpp>

#include <gmock/gmock.h>

namespace mcpool::messages {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

TEST(BuildTest, HasAVersionAndAHashOfItsMessages) {
  EXPECT_EQ(this_build().version, version);
  EXPECT_THAT(this_build().types, MatchesRegex("[0-9a-f]{16}"));
}

TEST(BuildTest, UnderstandsItself) {
  EXPECT_TRUE(check_build(this_build(), this_build(), "host:1"));
}

TEST(BuildTest, RefusesOtherMessages) {
  auto other = this_build();
  other.types = "0123456789abcdef";
  auto x = check_build(this_build(), other, "host:1");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::unsupported_version);
  EXPECT_THAT(x.error().text,
              AllOf(HasSubstr("host:1 is another build of mcpool"),
                    HasSubstr(other.types), HasSubstr(this_build().types)));
}

TEST(BuildTest, RefusesAnotherVersion) {
  auto other = this_build();
  other.version = "9.9.9";
  auto x = check_build(this_build(), other, "host:1");
  ASSERT_FALSE(x);
  EXPECT_THAT(x.error().text, HasSubstr("version 9.9.9"));
}

} // namespace
} // namespace mcpool::messages
