// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/log.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mcpool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Collects lines as "level component event text".
class LogTest : public testing::Test {
protected:
  LogTest() {
    log::set_sink([this](log::level x, std::string_view component,
                         std::string_view event, std::string_view text) {
      lines_.push_back(
        cat(static_cast<int>(x), " ", component, " ", event, " ", text));
    });
  }

  ~LogTest() override {
    log::set_sink({});
    log::set_level(log::level::warning);
  }

  std::vector<std::string> lines_;
};

TEST_F(LogTest, ReadsTheNamesOfLevels) {
  EXPECT_EQ(log::parse_level("debug").value(), log::level::debug);
  EXPECT_EQ(log::parse_level("info").value(), log::level::info);
  EXPECT_EQ(log::parse_level("warning").value(), log::level::warning);
  EXPECT_EQ(log::parse_level("error").value(), log::level::error);
  EXPECT_EQ(log::parse_level("off").value(), log::level::off);
}

TEST_F(LogTest, RefusesOtherNamesAndListsTheLevels) {
  for (auto name : {"", "Debug", "warn", "trace", "debug "}) {
    auto x = log::parse_level(name);
    ASSERT_FALSE(x) << name;
    EXPECT_EQ(x.error().code, errc::invalid_request);
    EXPECT_THAT(x.error().text, HasSubstr("debug, info, warning, error"));
  }
}

TEST_F(LogTest, DropsWhatIsBelowTheLevel) {
  log::set_level(log::level::warning);
  log::pool::debug("a", "x");
  log::pool::info("b", "x");
  log::pool::warning("c", "x");
  log::pool::error("d", "x");
  EXPECT_THAT(lines_, ElementsAre("2 pool c x", "3 pool d x"));
}

TEST_F(LogTest, WritesNothingWhenItIsOff) {
  log::set_level(log::level::off);
  log::pool::error("a", "x");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(LogTest, JoinsThePartsOfASentence) {
  log::set_level(log::level::debug);
  log::connection::debug("call-done", "the connection took ", 12, " ms");
  EXPECT_THAT(lines_,
              ElementsAre("0 connection call-done the connection took 12 ms"));
}

TEST_F(LogTest, NamesEachComponent) {
  log::registry::error("e", "");
  log::throttle::error("e", "");
  log::repository::error("e", "");
  log::transport::error("e", "");
  log::server::error("e", "");
  log::engine::error("e", "");
  EXPECT_THAT(lines_,
              ElementsAre("3 registry e ", "3 throttle e ", "3 repository e ",
                          "3 transport e ", "3 server e ", "3 engine e "));
}

TEST_F(LogTest, WritesToStandardErrorWithoutASink) {
  log::set_sink({});
  testing::internal::CaptureStderr();
  log::pool::error("went-wrong", "the pool {} broke");
  auto out = testing::internal::GetCapturedStderr();
  EXPECT_THAT(out, HasSubstr("error"));
  EXPECT_THAT(out, HasSubstr("pool went-wrong: the pool {} broke\n"));
  EXPECT_TRUE(lines_.empty());
}

TEST_F(LogTest, KeepsASinkAliveWhileItIsCalled) {
  auto calls = 0;
  log::set_sink(
    [&calls, big = std::string(1000, 'x')](log::level, std::string_view,
                                           std::string_view, std::string_view) {
      log::set_sink({});
      calls += static_cast<int>(big.size());
    });
  log::pool::error("e", "");
  EXPECT_EQ(calls, 1000);
}

} // namespace
} // namespace mcpool
