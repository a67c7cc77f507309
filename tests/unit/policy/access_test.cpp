// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/access.hpp>

#include <gtest/gtest.h>

namespace mcpool::policy {
namespace {

TEST(AccessTest, LetsTheSharedScopeUseAnOrdinaryServer) {
  EXPECT_EQ(may_connect(scope_kind::shared, {false, false}), access::allowed);
}

TEST(AccessTest, KeepsTheSharedScopeFromServersThatAreNeverShared) {
  EXPECT_EQ(may_connect(scope_kind::shared, {true, false}), access::not_shared);
}

TEST(AccessTest, KeepsTheSharedScopeFromServersThatWantALogin) {
  EXPECT_EQ(may_connect(scope_kind::shared, {false, true}), access::needs_user);
}

TEST(AccessTest, NamesTheLoginFirstWhenBothRulesApply) {
  EXPECT_EQ(may_connect(scope_kind::shared, {true, true}), access::needs_user);
}

TEST(AccessTest, LetsAUserUseEverything) {
  for (auto never_shared : {false, true})
    for (auto requires_oauth : {false, true})
      EXPECT_EQ(may_connect(scope_kind::user, {never_shared, requires_oauth}),
                access::allowed);
}

} // namespace
} // namespace mcpool::policy
