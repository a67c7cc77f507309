// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// What the service promises about connections, with real threads, real
// processes and real sockets, counted by the servers.

#include <mcpool/system/embedded_pool.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <caf/actor_addr.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <optional>
#include <set>

#include <dirent.h>

namespace mcpool::system {

namespace {

using namespace std::chrono_literals;

/// A pool with one server "it" that counts, over stdio or over HTTP.
class EmbeddedTest : public system_test,
                     public ::testing::WithParamInterface<const char*> {
protected:
  bool over_http() const { return GetParam() == std::string{"Http"}; }

  void have(words args = {}) {
    if (over_http()) {
      server = http_server::fake(*this, std::move(args));
      configure({{"it", server->config()}});
    } else {
      args.insert(args.end(), {"--stats-dir", stats_folder("it")});
      configure({{"it", fake(std::move(args))}});
    }
    pool.emplace(config_file());
  }

  void TearDown() override {
    pool.reset();
    server.reset();
    system_test::TearDown();
  }

  /// How many sessions there were, and are.
  std::size_t sessions_begun() const {
    return over_http() ? server->stats()["sessions"]["total"].get<std::size_t>()
                       : records("it").size();
  }

  std::size_t sessions_alive() const {
    if (over_http())
      return server->stats()["sessions"]["live"];
    auto all = records("it");
    return std::count_if(all.begin(), all.end(),
                         [](const json& x) { return x["ended"].is_null(); });
  }

  /// How many calls run on the server.
  std::size_t calls_running() const {
    if (over_http())
      return server->stats()["calls"]["live"];
    std::size_t out = 0;
    for (const auto& x : records("it"))
      out += x["calls"]["live"].get<std::size_t>();
    return out;
  }

  std::size_t handshakes_running() const {
    if (over_http())
      return server->stats()["initializes"]["live"];
    auto all = records("it");
    return all.empty() ? 0
                       : all.back()["initializes"]["live"].get<std::size_t>();
  }

  std::optional<embedded_pool> pool;
  std::optional<http_server> server;
};

INSTANTIATE_TEST_SUITE_P(Over, EmbeddedTest, ::testing::Values("Stdio", "Http"),
                         [](const auto& x) { return std::string{x.param}; });

// -- get ----------------------------------------------------------------------

TEST_P(EmbeddedTest, OpensOneSessionForSixtyFourConcurrentGets) {
  have({"--handshake-delay", "200ms"});
  std::vector<std::future<result<repo::connection_ref>>> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(
      std::async(std::launch::async, [this] { return pool->get("it"); }));
  std::set<caf::actor_addr> seen;
  for (auto& one : all) {
    auto x = one.get();
    ASSERT_TRUE(x) << x.error().text;
    seen.insert(x->connection.address());
  }
  EXPECT_EQ(seen.size(), 1U);
  EXPECT_EQ(sessions_begun(), 1U);
}

TEST_P(EmbeddedTest, LeavesNothingAfterTwoHundredConnections) {
  have();
  auto descriptors = [] {
    std::size_t out = 0;
    auto* folder = opendir("/proc/self/fd");
    while (readdir(folder) != nullptr)
      ++out;
    closedir(folder);
    return out;
  };
  ASSERT_TRUE(pool->get("it"));
  ASSERT_TRUE(pool->disconnect("it"));
  auto before = descriptors();
  for (int i = 0; i < 200; ++i) {
    auto x = pool->get("it");
    ASSERT_TRUE(x) << x.error().text;
    ASSERT_TRUE(pool->disconnect("it"));
  }
  EXPECT_EQ(sessions_begun(), 201U);
  EXPECT_EQ(sessions_alive(), 0U);
  EXPECT_TRUE(eventually([&] { return descriptors() <= before; }, 5s))
    << before << " descriptors became " << descriptors();
}

TEST_P(EmbeddedTest, DisconnectsWhatIsOnlyStarting) {
  have({"--handshake-delay", "60s"});
  auto asked
    = std::async(std::launch::async, [this] { return pool->get("it"); });
  ASSERT_TRUE(eventually([&] { return handshakes_running() == 1; }));
  ASSERT_TRUE(pool->disconnect("it"));
  auto x = asked.get();
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::cancelled);
  EXPECT_TRUE(eventually([&] { return sessions_alive() == 0; }, 5s));
}

TEST_P(EmbeddedTest, EndsTheSessionInOrder) {
  have();
  ASSERT_TRUE(pool->get("it"));
  EXPECT_EQ(sessions_alive(), 1U);
  ASSERT_TRUE(pool->disconnect("it"));
  EXPECT_EQ(sessions_alive(), 0U);
  if (over_http()) {
    EXPECT_EQ(server->stats()["deletes"], 1);
  } else {
    EXPECT_EQ(records("it")[0]["ended"], "eof");
  }
}

// -- calls --------------------------------------------------------------------

TEST_P(EmbeddedTest, CallsAgainAfterTheServerDied) {
  have();
  auto first = pool->call("it", "pid");
  ASSERT_TRUE(first) << first.error().text;
  auto pid = std::stoi(*first);
  if (over_http()) {
    auto port = server->port();
    server.reset();
    server = http_server::fake(*this, {}, port);
  } else {
    ::kill(pid, SIGKILL);
    ASSERT_TRUE(eventually([&] {
      return pool->status("it").phase != policy::connection_phase::ready;
    }));
  }
  auto second = pool->call("it", "pid");
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_NE(std::stoi(*second), pid);
}

TEST_P(EmbeddedTest, RunsManyCallsAtOnceOnOneSession) {
  have();
  std::vector<std::future<result<std::string>>> all;
  for (int i = 0; i < 100; ++i)
    all.push_back(
      pool->begin_call("it", "echo", {{"message", std::to_string(i)}}));
  for (int i = 0; i < 100; ++i) {
    auto x = all[i].get();
    ASSERT_TRUE(x) << x.error().text;
    EXPECT_EQ(*x, std::to_string(i));
  }
  EXPECT_EQ(sessions_begun(), 1U);
}

TEST_P(EmbeddedTest, RefusesTheCallInWhichTheServerDies) {
  have({"--on", "tools/call:sleep=die"});
  auto x = pool->call("it", "sleep", {{"ms", 1}});
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::connection_lost);
}

// -- shutdown -----------------------------------------------------------------

TEST_P(EmbeddedTest, ShutdownLetsRunningCallsFinish) {
  have();
  auto call = pool->begin_call("it", "sleep", {{"ms", 1500}});
  ASSERT_TRUE(eventually([&] { return calls_running() == 1; }));
  pool->shutdown(20s);
  auto x = call.get();
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(*x, "slept 1500 ms");
  EXPECT_EQ(sessions_alive(), 0U);
}

TEST_P(EmbeddedTest, ShutdownFailsCallsAtItsDeadline) {
  have();
  auto call = pool->begin_call("it", "sleep", {{"ms", 60'000}});
  ASSERT_TRUE(eventually([&] { return calls_running() == 1; }));
  auto begin = std::chrono::steady_clock::now();
  pool->shutdown(300ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  auto x = call.get();
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::connection_lost);
  EXPECT_EQ(sessions_alive(), 0U);
  auto late = pool->get("it");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::shutting_down);
}

// -- sessions that are lost ---------------------------------------------------

class LostSessionTest : public EmbeddedTest {};

INSTANTIATE_TEST_SUITE_P(Over, LostSessionTest, ::testing::Values("Http"),
                         [](const auto& x) { return std::string{x.param}; });

TEST_P(LostSessionTest, MakesOneNewSessionForAllCalls) {
  have();
  ASSERT_TRUE(pool->call("it", "pid"));
  server->drop_sessions();
  std::vector<std::future<result<std::string>>> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(
      pool->begin_call("it", "echo", {{"message", std::to_string(i)}}));
  for (int i = 0; i < 20; ++i) {
    auto x = all[i].get();
    ASSERT_TRUE(x) << x.error().text;
    EXPECT_EQ(*x, std::to_string(i));
  }
  EXPECT_EQ(sessions_begun(), 2U);
  EXPECT_EQ(server->stats()["requests"]["initialize"], 2);
}

TEST_P(LostSessionTest, SurvivesTheLossOfEveryFifthRequest) {
  have({"--lose-session-after", "5"});
  for (int i = 0; i < 20; ++i) {
    auto x = pool->call("it", "echo", {{"message", "x"}});
    ASSERT_TRUE(x) << i << ": " << x.error().text;
  }
  EXPECT_GT(sessions_begun(), 3U);
}

} // namespace

} // namespace mcpool::system
