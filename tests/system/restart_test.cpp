// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// What an edit of the configuration does to connections that are in use.

#include <mcpool/system/embedded_pool.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <optional>

namespace mcpool::system {

namespace {

class RestartTest : public system_test {
protected:
  json counting(const std::string& name, words more = {}) const {
    more.insert(more.end(), {"--stats-dir", stats_folder(name)});
    return fake(std::move(more));
  }

  void TearDown() override {
    pool.reset();
    system_test::TearDown();
  }

  std::string pid_of(const std::string& server) {
    auto x = pool->call(server, "pid");
    EXPECT_TRUE(x) << x.error().text;
    return x ? *x : "";
  }

  /// Writes the configuration and waits until it reached the server "a".
  void edit(json servers) {
    auto old = pool->status("a").config_revision;
    configure(std::move(servers));
    ASSERT_TRUE(
      eventually([&] { return pool->status("a").config_revision > old; }));
  }

  std::optional<embedded_pool> pool;
};

TEST_F(RestartTest, LetsTheRunningCallFinishAndSparesTheOtherServer) {
  configure({{"a", counting("a")}, {"b", counting("b")}});
  pool.emplace(config_file());
  auto old_a = pid_of("a");
  auto old_b = pid_of("b");
  auto call = pool->begin_call("a", "sleep", {{"ms", 4000}});
  ASSERT_TRUE(
    eventually([&] { return records("a")[0]["calls"]["live"] == 1; }));
  auto revision_b = pool->status("b").config_revision;
  edit({{"a", counting("a", {"--tools", "1"})}, {"b", counting("b")}});
  EXPECT_TRUE(records("a")[0]["ended"].is_null());
  auto x = call.get();
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(*x, "slept 4000 ms");
  EXPECT_NE(pid_of("a"), old_a);
  EXPECT_EQ(pid_of("b"), old_b);
  EXPECT_EQ(records("a").size(), 2U);
  EXPECT_EQ(records("a")[0]["ended"], "eof");
  EXPECT_EQ(records("b").size(), 1U);
  EXPECT_EQ(pool->status("b").config_revision, revision_b);
}

TEST_F(RestartTest, OverlapsOnHttpWhileTheCallRuns) {
  auto a = http_server::fake(*this);
  auto b = http_server::fake(*this);
  auto config_a = a.config();
  configure({{"a", config_a}, {"b", b.config()}});
  pool.emplace(config_file());
  pid_of("a");
  pid_of("b");
  auto call = pool->begin_call("a", "sleep", {{"ms", 4000}});
  ASSERT_TRUE(eventually([&] { return a.stats()["calls"]["live"] == 1; }));
  config_a["headers"] = {{"X-Team", "blue"}};
  edit({{"a", config_a}, {"b", b.config()}});
  pid_of("a");
  EXPECT_EQ(a.stats()["sessions"]["live"], 2);
  auto x = call.get();
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(*x, "slept 4000 ms");
  EXPECT_TRUE(eventually([&] { return a.stats()["sessions"]["live"] == 1; }));
  EXPECT_EQ(a.stats()["deletes"], 1);
  EXPECT_EQ(b.stats()["sessions"]["total"], 1);
  pool.reset();
}

TEST_F(RestartTest, AnswersWhoeverAsksDuringTheRestart) {
  configure({{"a", counting("a")}});
  pool.emplace(config_file());
  pid_of("a");
  edit({{"a", counting("a", {"--handshake-delay", "300ms"})}});
  std::vector<std::future<result<std::string>>> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(pool->begin_call("a", "echo", {{"message", "x"}}));
  for (auto& one : all) {
    auto x = one.get();
    EXPECT_TRUE(x) << x.error().text;
  }
  EXPECT_EQ(records("a").size(), 2U);
}

TEST_F(RestartTest, EndsWhatIsNoLongerConfigured) {
  configure({{"a", counting("a")}});
  pool.emplace(config_file());
  pid_of("a");
  configure(json::object());
  EXPECT_TRUE(eventually([&] { return !records("a")[0]["ended"].is_null(); }));
  auto x = pool->get("a");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::not_configured);
}

} // namespace

} // namespace mcpool::system
