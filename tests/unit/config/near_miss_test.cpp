// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/near_miss.hpp>

#include <gtest/gtest.h>

#include <string>

namespace mcpool::config {

namespace {

const std::vector<std::string_view> words{
  "timeout", "initTimeout", "args", "env", "url", "mcpServers"};

} // namespace

TEST(NearMissTest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(near_miss("timeot", words), "timeout");
  EXPECT_EQ(near_miss("timeuot", words), "timeout");
  EXPECT_EQ(near_miss("timeoutt", words), "timeout");
  EXPECT_EQ(near_miss("imitTimeout", words), "initTimeout");
  EXPECT_EQ(near_miss("arg", words), "args");
}

TEST(NearMissTest, IgnoresCaseAndSeparators) {
  EXPECT_EQ(near_miss("mcpservers", words), "mcpServers");
  EXPECT_EQ(near_miss("INIT_TIMEOUT", words), "initTimeout");
  EXPECT_EQ(near_miss("init-timeout", words), "initTimeout");
}

TEST(NearMissTest, FindsNothingFarAway) {
  for (auto word : {"", "xyz", "headers", "timer", "e"})
    EXPECT_EQ(near_miss(word, words), std::nullopt) << word;
}

TEST(NearMissTest, CountsASwapAsOneError) {
  EXPECT_EQ(near_miss("evn", words), "env");
  EXPECT_EQ(near_miss("vne", words), std::nullopt);
}

TEST(NearMissTest, TakesTheFirstOfEquals) {
  EXPECT_EQ(near_miss("cat", {"car", "cab"}), "car");
}

TEST(NearMissTest, AsksNobodyAboutEndlessWords) {
  std::string endless(1'000'000, 'a');
  EXPECT_EQ(near_miss(endless, words), std::nullopt);
  EXPECT_EQ(near_miss("arg", {endless}), std::nullopt);
}

} // namespace mcpool::config
