// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/progress.hpp>

#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

TEST(ProgressTest, ReadsANotification) {
  auto x = parse_progress(R"({"progressToken":7,"progress":0.5,"total":2,)"
                          R"("message":"half"})")
             .value();
  EXPECT_EQ(x.token, "7");
  EXPECT_EQ(x.number, 7);
  EXPECT_EQ(x.value, 0.5);
  EXPECT_EQ(x.total, 2);
  EXPECT_EQ(x.message, "half");
}

TEST(ProgressTest, NeedsOnlyTokenAndNumber) {
  auto x = parse_progress(R"({"progress":1,"progressToken":"t"})").value();
  EXPECT_EQ(x.token, R"("t")");
  EXPECT_FALSE(x.number);
  EXPECT_FALSE(x.total);
  EXPECT_EQ(x.message, "");
}

TEST(ProgressTest, IgnoresTheRestIfItIsOfAnotherType) {
  auto x = parse_progress(R"({"progressToken":1,"progress":1,"total":"x",)"
                          R"("message":7})")
             .value();
  EXPECT_FALSE(x.total);
  EXPECT_EQ(x.message, "");
}

TEST(ProgressTest, RefusesOtherShapes) {
  for (auto json :
       {"", "[]", "null", "{}", R"({"progress":1})", R"({"progressToken":1})",
        R"({"progressToken":null,"progress":1})",
        R"({"progressToken":1.5,"progress":1})",
        R"({"progressToken":{},"progress":1})",
        R"({"progressToken":1,"progress":"1"})",
        R"({"progressToken":1,"progress":1e999})"}) {
    auto x = parse_progress(json);
    ASSERT_FALSE(x) << json;
    EXPECT_EQ(x.error().code, errc::protocol_violation);
  }
}

} // namespace
} // namespace mcpool::protocol::mcp
