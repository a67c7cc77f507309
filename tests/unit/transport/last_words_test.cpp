// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/last_words.hpp>

#include <mcpool/core/log.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace mcpool;
using mcpool::transport::last_words;

namespace {

class LastWordsTest : public ::testing::Test {
protected:
  LastWordsTest() {
    log::set_level(log::level::info);
    log::set_sink([this](log::level, std::string_view component,
                         std::string_view, std::string_view text) {
      logged.push_back(cat(component, ": ", text));
    });
  }

  ~LastWordsTest() override {
    log::set_sink(nullptr);
    log::set_level(log::level::warning);
  }

  std::vector<std::string> logged;
  last_words aut{server_name{"files"}};
};

} // namespace

TEST_F(LastWordsTest, JoinsTheLinesThatCameInParts) {
  aut.feed("first li");
  aut.feed("ne\r\nsecond");
  aut.feed(" line\n\n   \nthird");
  aut.finish();
  EXPECT_EQ(aut.text(), "first line | second line | third");
}

TEST_F(LastWordsTest, LogsEachLineWithTheNameOfTheServer) {
  aut.feed("one\ntwo\n");
  EXPECT_EQ(logged, (std::vector<std::string>{"server: files: one",
                                              "server: files: two"}));
}

TEST_F(LastWordsTest, KeepsTheLastTenLines) {
  for (int i = 0; i < 25; ++i)
    aut.feed(cat("line ", i, "\n"));
  EXPECT_EQ(aut.text(), "line 15 | line 16 | line 17 | line 18 | line 19 | "
                        "line 20 | line 21 | line 22 | line 23 | line 24");
}

TEST_F(LastWordsTest, CutsLongLines) {
  aut.feed(std::string(100 * 1000, 'x'));
  aut.feed("\nnext\n");
  ASSERT_EQ(logged.size(), 2u);
  EXPECT_EQ(logged[0], "server: files: " + std::string(8192, 'x') + "...");
  EXPECT_EQ(aut.text(), std::string(497, 'x') + "... | next");
}

TEST_F(LastWordsTest, EscapesWhatATerminalWouldObey) {
  aut.feed("\x1b[2Jgone\n");
  EXPECT_EQ(aut.text(), "\\x1b[2Jgone");
  EXPECT_EQ(logged.at(0), "server: files: \\x1b[2Jgone");
}

TEST_F(LastWordsTest, LogsAFloodInPart) {
  for (int i = 0; i < 100 * 1000; ++i)
    aut.feed("flood\n");
  EXPECT_GE(logged.size(), 100u);
  EXPECT_LT(logged.size(), 2000u);
}

TEST_F(LastWordsTest, IsEmptyWhenNothingWasSaid) {
  aut.finish();
  EXPECT_EQ(aut.text(), "");
  EXPECT_TRUE(logged.empty());
}
