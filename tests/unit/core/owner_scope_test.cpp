// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/owner_scope.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool {
namespace {

using testing::HasSubstr;

TEST(OwnerScopeTest, IsSharedByDefault) {
  EXPECT_EQ(owner_scope{}, shared_scope());
  EXPECT_EQ(to_string(shared_scope()), "shared");
}

TEST(OwnerScopeTest, NamesTheUser) {
  EXPECT_EQ(to_string(user_scope("alice").value()), "user(alice)");
}

TEST(OwnerScopeTest, KeepsAUserCalledSharedApart) {
  auto user = user_scope("shared").value();
  EXPECT_NE(user, shared_scope());
  EXPECT_NE(to_string(user), to_string(shared_scope()));
}

TEST(OwnerScopeTest, AcceptsIdsUpTo256Bytes) {
  EXPECT_TRUE(user_scope("a"));
  EXPECT_TRUE(user_scope(std::string(256, 'a')));
  auto x = user_scope(std::string(257, 'a'));
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_request);
  EXPECT_THAT(x.error().text, HasSubstr("257"));
}

TEST(OwnerScopeTest, AcceptsIdsBeyondAscii) {
  EXPECT_EQ(user_scope("jürgen").value().user, "jürgen");
}

TEST(OwnerScopeTest, RefusesAnEmptyId) {
  auto x = user_scope("");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_request);
}

TEST(OwnerScopeTest, RefusesEveryControlCharacter) {
  for (auto code = 0; code < 0x21; ++code)
    EXPECT_EQ(static_cast<bool>(user_scope({"a" + std::string(1, code)})),
              code == 0x20)
      << code;
  EXPECT_FALSE(user_scope("a\x7f"));
}

TEST(OwnerScopeTest, OrdersSharedBeforeUsersAndUsersById) {
  auto a = user_scope("a").value();
  auto b = user_scope("b").value();
  EXPECT_LT(shared_scope(), a);
  EXPECT_LT(a, b);
  EXPECT_FALSE(a < a);
}

} // namespace
} // namespace mcpool
