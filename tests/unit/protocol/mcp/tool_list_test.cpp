// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/tool_list.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

result<std::vector<tool>> parse(std::string json) {
  return parse_tool_list(shared_text{std::move(json)});
}

TEST(ToolListTest, ReadsTools) {
  auto x = parse(R"([{"name":"a","title":"A","description":"does\na",)"
                 R"("inputSchema":{"type": "object"}},{"name":"b"}])")
             .value();
  ASSERT_EQ(x.size(), 2u);
  EXPECT_EQ(x[0].name, "a");
  EXPECT_EQ(x[0].title, "A");
  EXPECT_EQ(x[0].description, "does\na");
  EXPECT_EQ(x[0].input_schema.view(), R"({"type": "object"})");
  EXPECT_EQ(x[1].name, "b");
  EXPECT_EQ(x[1].title, "");
  EXPECT_EQ(x[1].input_schema.view(), "{}");
}

TEST(ToolListTest, ReadsAnEmptyList) {
  EXPECT_TRUE(parse("[]").value().empty());
}

TEST(ToolListTest, ReadsMoreToolsThanAScanReturnsByDefault) {
  std::string json = "[";
  for (auto i = 0; i < 100'001; ++i)
    json += R"({"name":"t"},)";
  json.back() = ']';
  EXPECT_EQ(parse(json).value().size(), 100'001u);
}

TEST(ToolListTest, NamesThePositionOfABadTool) {
  for (auto bad : {"7", "[]", "{}", R"({"name":7})", R"({"name":null})"}) {
    auto x = parse(R"([{"name":"a"},)" + std::string{bad} + "]");
    ASSERT_FALSE(x) << bad;
    EXPECT_EQ(x.error().code, errc::protocol_violation);
    EXPECT_THAT(x.error().text, HasSubstr("tool 2 "));
  }
}

TEST(ToolListTest, RefusesOtherShapes) {
  for (auto json : {"", "{}", "null", R"([{"name":"a"})"})
    EXPECT_EQ(parse(json).error().code, errc::protocol_violation) << json;
}

} // namespace
} // namespace mcpool::protocol::mcp
