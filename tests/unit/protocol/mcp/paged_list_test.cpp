// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/paged_list.hpp>

#include <mcpool/core/cat.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

class PagedListTest : public testing::Test {
protected:
  result<std::optional<std::string>> feed(std::string page) {
    return aut.feed(shared_text{std::move(page)});
  }

  // Feeds a page with one item and a cursor.
  result<std::optional<std::string>> feed_one(std::string_view cursor) {
    return feed(cat(R"({"tools":[1],"nextCursor":")", cursor, "\"}"));
  }

  void expect_violation(std::string page) {
    paged_list list{"tools/list", {}};
    auto x = list.feed(shared_text{page});
    ASSERT_FALSE(x) << page;
    EXPECT_EQ(x.error().code, errc::protocol_violation);
    EXPECT_THAT(x.error().text, HasSubstr("tools/list"));
  }

  list_budget budget{3, 5, 1000};
  paged_list aut{"tools/list", budget};
};

TEST_F(PagedListTest, KnowsWhereEachMethodReturnsItsItems) {
  EXPECT_EQ(list_member("tools/list"), "tools");
  EXPECT_EQ(list_member("prompts/list"), "prompts");
  EXPECT_EQ(list_member("resources/list"), "resources");
  EXPECT_EQ(list_member("resources/templates/list"), "resourceTemplates");
  EXPECT_EQ(list_member("tools/call"), "");
}

TEST_F(PagedListTest, IsDoneAfterOnePageWithoutACursor) {
  EXPECT_EQ(feed(R"({"tools":[{"name":"a"}]})").value(), std::nullopt);
  EXPECT_EQ(aut.items().view(), R"([{"name":"a"}])");
  EXPECT_EQ(aut.count(), 1u);
}

TEST_F(PagedListTest, JoinsItsPagesInOrder) {
  EXPECT_EQ(feed(R"({"tools":[1,2],"nextCursor":"x"})").value(), "x");
  EXPECT_EQ(feed(R"({"tools":[],"nextCursor":"y"})").value(), "y");
  EXPECT_EQ(feed(R"({"tools":[3]})").value(), std::nullopt);
  EXPECT_EQ(aut.items().view(), "[1,2,3]");
  EXPECT_EQ(aut.count(), 3u);
  EXPECT_EQ(aut.pages(), 3u);
}

TEST_F(PagedListTest, IsAnEmptyArrayWithoutItems) {
  EXPECT_EQ(aut.items().view(), "[]");
  EXPECT_TRUE(feed(R"({"tools":[]})"));
  EXPECT_EQ(aut.items().view(), "[]");
}

TEST_F(PagedListTest, KeepsItemsAsTheyCame) {
  EXPECT_TRUE(feed("{\"tools\":[ {\"b\" : 1.0,\n\"a\":\"\\u00e9\"} ]}"));
  EXPECT_EQ(aut.items().view(), "[{\"b\" : 1.0,\n\"a\":\"\\u00e9\"}]");
}

TEST_F(PagedListTest, TakesTheEmptyStringForACursor) {
  EXPECT_EQ(feed_one("").value(), "");
}

TEST_F(PagedListTest, TakesNullForTheEnd) {
  EXPECT_EQ(feed(R"({"tools":[],"nextCursor":null})").value(), std::nullopt);
}

TEST_F(PagedListTest, RefusesACursorThatComesASecondTime) {
  EXPECT_TRUE(feed_one("a"));
  EXPECT_TRUE(feed_one("b"));
  budget.pages = 10;
  paged_list list{"tools/list", budget};
  auto page = [](auto cursor) {
    return shared_text{cat(R"({"tools":[],"nextCursor":")", cursor, "\"}")};
  };
  EXPECT_TRUE(list.feed(page("a")));
  EXPECT_TRUE(list.feed(page("b")));
  auto x = list.feed(page("a"));
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::protocol_violation);
  EXPECT_THAT(x.error().text, HasSubstr("repeats"));
}

TEST_F(PagedListTest, RefusesResultsWithoutItems) {
  for (auto page :
       {"", "[]", "null", "{}", R"({"prompts":[]})", R"({"tools":null})",
        R"({"tools":{}})", R"({"tools":"x"})", R"({"tools":[],"nextCursor":7})",
        R"({"tools":[],"nextCursor":{}})", R"({"tools":[1)"})
    expect_violation(page);
}

TEST_F(PagedListTest, StopsAfterTheBudgetOfPages) {
  EXPECT_TRUE(feed_one("1"));
  EXPECT_TRUE(feed_one("2"));
  auto x = feed_one("3");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
  EXPECT_THAT(x.error().text, HasSubstr("more than 3 pages"));
  EXPECT_FALSE(feed_one("4"));
}

TEST_F(PagedListTest, AcceptsAsManyPagesAsTheBudgetHas) {
  EXPECT_TRUE(feed_one("1"));
  EXPECT_TRUE(feed_one("2"));
  EXPECT_EQ(feed(R"({"tools":[1]})").value(), std::nullopt);
}

TEST_F(PagedListTest, StopsAfterTheBudgetOfItems) {
  EXPECT_TRUE(feed(R"({"tools":[1,2,3],"nextCursor":"x"})"));
  auto x = feed(R"({"tools":[4,5,6]})");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
  EXPECT_THAT(x.error().text, HasSubstr("more than 5 items"));
}

TEST_F(PagedListTest, AcceptsAsManyItemsAsTheBudgetHas) {
  EXPECT_TRUE(feed(R"({"tools":[1,2,3],"nextCursor":"x"})"));
  EXPECT_TRUE(feed(R"({"tools":[4,5],"nextCursor":"y"})"));
  EXPECT_TRUE(feed(R"({"tools":[]})"));
  EXPECT_EQ(aut.count(), 5u);
}

TEST_F(PagedListTest, StopsAfterTheBudgetOfBytes) {
  auto page = [](std::size_t size, std::string_view rest) {
    return cat(R"({"tools":[")", std::string(size, 'x'), "\"]", rest, "}");
  };
  EXPECT_TRUE(feed(page(500, R"(,"nextCursor":"x")")));
  auto x = feed(page(500, ""));
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
  EXPECT_THAT(x.error().text, HasSubstr("more than 1000 bytes"));
}

} // namespace
} // namespace mcpool::protocol::mcp
