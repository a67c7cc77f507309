// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Ctrl-C, once and twice.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

namespace mcpool::system {

namespace {

class InterruptTest : public system_test {
protected:
  /// A call that runs on a server that is slow in everything.
  process long_call(words more = {}) {
    more.insert(more.end(), {"--stats-dir", stats_folder("stats")});
    configure({{"slow", fake(std::move(more))}});
    return start({"call", "slow", "sleep", R"({"ms":60000})"});
  }

  /// A call that was answered, of a server that does not end at once.
  process answered_call(words more) {
    more.insert(more.end(), {"--stats-dir", stats_folder("stats")});
    auto slow = fake(std::move(more));
    slow["closeTimeout"] = "60s";
    configure({{"slow", slow}});
    auto out = start({"call", "slow", "echo", R"({"message":"hello"})"});
    EXPECT_TRUE(eventually([&] { return out.out() != ""; })) << out.err();
    // It says so before it begins to end.
    EXPECT_FALSE(out.wait(std::chrono::milliseconds{200}));
    return out;
  }

  bool is_called() const {
    auto all = records("stats");
    return !all.empty() && all[0]["calls"]["live"] == 1;
  }
};

TEST_F(InterruptTest, EndsACallInOrder) {
  auto x = long_call();
  ASSERT_TRUE(eventually([&] { return is_called(); })) << x.err();
  x.signal(SIGINT);
  auto end = x.finish(patience);
  EXPECT_EQ(end.code, 130);
  EXPECT_EQ(end.out, "");
  EXPECT_EQ(end.err, "mcpool: interrupted\n");
  EXPECT_EQ(records("stats")[0]["ended"], "eof");
}

TEST_F(InterruptTest, EndsAStart) {
  auto x = long_call({"--handshake-delay", "60s"});
  ASSERT_TRUE(eventually([&] { return !records("stats").empty(); }));
  x.signal(SIGTERM);
  auto end = x.finish(patience);
  EXPECT_EQ(end.code, 130);
  EXPECT_EQ(end.err, "mcpool: interrupted\n");
}

TEST_F(InterruptTest, EndsAtOnceTheSecondTime) {
  auto slow
    = fake({"--ignore-eof", "--ignore-term", "--on", "start=grandchild:3m",
            "--stats-dir", stats_folder("stats")});
  slow["closeTimeout"] = "60s";
  configure({{"slow", slow}});
  auto x = start({"call", "slow", "sleep", R"({"ms":60000})"});
  ASSERT_TRUE(eventually([&] { return is_called(); })) << x.err();
  x.signal(SIGINT);
  EXPECT_FALSE(x.wait(std::chrono::milliseconds{300}));
  x.signal(SIGINT);
  EXPECT_EQ(x.wait(std::chrono::seconds{5}), 130);
}

TEST_F(InterruptTest, LetsACommandThatIsEndingEndRegression) {
  auto x = answered_call({"--on", "eof=delay:1s"});
  x.signal(SIGINT);
  auto end = x.finish(patience);
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.err, "");
  EXPECT_EQ(records("stats")[0]["ended"], "eof");
}

TEST_F(InterruptTest, EndsACommandThatIsEndingTheSecondTime) {
  auto x = answered_call({"--ignore-eof"});
  x.signal(SIGINT);
  EXPECT_FALSE(x.wait(std::chrono::milliseconds{300}));
  x.signal(SIGINT);
  EXPECT_EQ(x.wait(std::chrono::seconds{5}), 130);
}

TEST_F(InterruptTest, LeavesNothingWhenItIsKilled) {
  auto x = long_call(
    {"--ignore-eof", "--ignore-term", "--on", "start=grandchild:3m"});
  ASSERT_TRUE(eventually([&] { return is_called(); })) << x.err();
  x.signal(SIGKILL);
  EXPECT_EQ(x.wait(patience), 128 + SIGKILL);
}

} // namespace

} // namespace mcpool::system
