// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/finding_list.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

TEST(FindingListTest, OrdersByFileAndLine) {
  finding_list list;
  list.add(1, {"b", "x", 1, ""});
  list.add(0, {"a", "y", 9, ""});
  list.add(0, {"a", "z", 2, ""});
  list.add(0, {"a", "after", 2, ""});
  std::string keys;
  for (const auto& x : list.take())
    keys += x.key + ' ';
  EXPECT_EQ(keys, "z after y x ");
}

TEST(FindingListTest, CountsWhatIsTooMuch) {
  finding_list list;
  for (std::size_t i = 0; i < max_findings + 5; ++i)
    list.add(0, {"a", "", 1, "is bad"});
  auto out = list.take();
  ASSERT_EQ(out.size(), max_findings + 1);
  EXPECT_EQ(out.back().text, "and 5 findings more");
}

TEST(FindingListTest, QuotesOddCharactersAndCutsLongTexts) {
  EXPECT_EQ(in_quotes("plain"), "\"plain\"");
  EXPECT_EQ(in_quotes("a\"b\\c\n\x7f"), "\"a\\\"b\\\\c\\u000a\\u007f\"");
  auto cut = in_quotes(std::string(79, 'a') + "\xc3\xa4" + "b");
  EXPECT_EQ(cut, '"' + std::string(79, 'a') + "...\"");
}

TEST(FindingListTest, BuildsPaths) {
  EXPECT_EQ(member_path("", "pool"), "pool");
  EXPECT_EQ(member_path("mcpServers", "a-b_1"), "mcpServers.a-b_1");
  EXPECT_EQ(member_path("mcpServers", "a.b"), "mcpServers[\"a.b\"]");
  EXPECT_EQ(member_path("", ""), "[\"\"]");
  EXPECT_EQ(element_path("x.args", 2), "x.args[2]");
}

} // namespace mcpool::config
