// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A good server behind a bad network.

#include <mcpool/system/chaos_test.hpp>
#include <mcpool/system/tcp_proxy.hpp>

namespace mcpool::system {

namespace {

using ::testing::AnyOf;
using mood = tcp_proxy::mood;

/// Less than a head and a body, more than nothing.
constexpr std::size_t in_mid_answer = 3000;

class ChaosNetworkTest : public chaos_test {
protected:
  static constexpr auto start_limit = scaled(600ms);
  static constexpr auto call_limit = scaled(600ms);

  void have(words args = {}) {
    server = http_server::fake(*this, std::move(args));
    network.emplace(server->port());
    have_url(network->url());
  }

  void have_url(const std::string& url) {
    configure({{"it",
                {{"url", url},
                 {"initTimeout", start_limit.count()},
                 {"connectTimeout", scaled(300ms).count()},
                 {"closeTimeout", scaled(200ms).count()}}}},
              {{"maxAttempts", 1},
               {"pingTimeout", "300ms"},
               {"livenessTtl", 0},
               {"cooldown", {{"base", "1ms"}, {"max", "10ms"}}}});
    open_pool();
  }

  void connect() { ASSERT_TRUE(pool->get("it")); }

  /// A call that is on its server.
  std::future<answer> running_call(std::chrono::milliseconds limit) {
    auto out = begin_within(limit, "it", "sleep", {{"ms", 60'000}});
    EXPECT_TRUE(
      eventually([&] { return server->stats()["calls"]["live"] == 1; }));
    return out;
  }

  static void expect_refusal(const answer& x, errc code,
                             std::chrono::milliseconds limit) {
    EXPECT_FALSE(x.value) << to_string(x);
    if (!x.value) {
      EXPECT_EQ(x.value.error().code, code) << to_string(x);
    }
    EXPECT_LT(x.took, limit + grace) << to_string(x);
  }

  /// Of what may be kept, each connection has two more ends in the network.
  void expect_quiet() {
    constexpr std::size_t kept = 3;
    expect_nothing_left(network ? kept + 2 * network->connections() : 0);
  }

  /// The sessions that the server knows end at the latest when the network is
  /// there again, but for those of which nobody could have heard.
  void expect_sessions_gone() {
    EXPECT_TRUE(eventually(
      [&] { return server->stats()["sessions"]["live"] == 0; }, cleanup_limit))
      << server->stats()["sessions"];
  }

  void TearDown() override {
    pool.reset();
    network.reset();
    chaos_test::TearDown();
  }

  std::optional<tcp_proxy> network;
};

// -- nobody answers -----------------------------------------------------------

TEST_F(ChaosNetworkTest, DoesNotLetUsConnect) {
  full_port nobody;
  have_url("http://127.0.0.1:" + std::to_string(nobody.port()) + "/mcp");
  expect_refusal(begin_get(10s, "it").get(), errc::connect_timeout,
                 start_limit);
  expect_quiet();
}

TEST_F(ChaosNetworkTest, AcceptsAndNeverAnswers) {
  have();
  network->become(mood::frozen);
  expect_refusal(begin_get(10s, "it").get(), errc::connect_timeout,
                 start_limit);
  network->become(mood::fair);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, AnswersTooSlowly) {
  have();
  network->become(mood::slow);
  expect_refusal(begin_get(10s, "it").get(), errc::connect_timeout,
                 start_limit);
  network->become(mood::fair);
  expect_recovery("it");
  expect_quiet();
}

TEST_F(ChaosNetworkTest, FreezesInACall) {
  have();
  connect();
  auto call = running_call(call_limit);
  network->become(mood::frozen);
  expect_refusal(call.get(), errc::call_timed_out, call_limit);
  network->become(mood::fair);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, DoesNotTakeALargeRequest) {
  have();
  connect();
  network->become(mood::frozen);
  auto x = call_within(call_limit, "it", "echo",
                       {{"message", std::string(8'000'000, 'x')}});
  expect_refusal(x, errc::call_timed_out, call_limit);
  network->become(mood::fair);
  expect_recovery("it");
  expect_quiet();
}

TEST_F(ChaosNetworkTest, FreezesForEver) {
  have();
  connect();
  auto call = running_call(60s);
  network->become(mood::frozen);
  auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(pool->disconnect("it"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, scaled(600ms) + grace);
  expect_refusal(call.get(), errc::connection_lost, 60s);
  expect_quiet();
}

// -- connections break --------------------------------------------------------

TEST_F(ChaosNetworkTest, ResetsInTheMiddleOfAJsonAnswer) {
  have();
  connect();
  network->reset_after(in_mid_answer);
  auto x = call_within(10s, "it", "big", {{"bytes", 200'000}});
  expect_refusal(x, errc::connection_lost, 1s);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, ResetsInTheMiddleOfAnEventStream) {
  have({"--sse"});
  connect();
  network->reset_after(in_mid_answer);
  auto x = call_within(10s, "it", "big", {{"bytes", 200'000}});
  expect_refusal(x, errc::connection_lost, 1s);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, ResetsInTheHandshake) {
  have({"--on", "initialize=delay:300ms"});
  auto x = begin_get(10s, "it");
  ASSERT_TRUE(
    eventually([&] { return server->stats()["initializes"]["live"] == 1; }));
  network->reset_all();
  auto y = x.get();
  ASSERT_FALSE(y.value);
  EXPECT_THAT(y.value.error().code,
              AnyOf(errc::connect_failed, errc::handshake_failed));
  expect_recovery("it");
  expect_quiet();
}

TEST_F(ChaosNetworkTest, ResetsTwentyCalls) {
  have();
  connect();
  std::vector<std::future<answer>> all;
  for (int i = 0; i < 20; ++i)
    all.push_back(begin_within(60s, "it", "sleep", {{"ms", 60'000}}));
  ASSERT_TRUE(
    eventually([&] { return server->stats()["calls"]["live"] == 20; }));
  network->reset_all();
  for (auto& x : all)
    expect_refusal(x.get(), errc::connection_lost, 60s);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, LosesTheConnectionOfACallWithoutAWord) {
  if (!tcp_proxy::may_lose())
    GTEST_SKIP() << "needs CAP_NET_ADMIN";
  have();
  connect();
  auto call = running_call(call_limit);
  EXPECT_GT(network->lose_all(), 0U);
  // The loss shows only to who says something.
  auto x = call.get();
  ASSERT_FALSE(x.value);
  EXPECT_THAT(x.value.error().code,
              AnyOf(errc::call_timed_out, errc::connection_lost));
  EXPECT_LT(x.took, call_limit + grace);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

TEST_F(ChaosNetworkTest, LosesIdleConnectionsWithoutAWord) {
  if (!tcp_proxy::may_lose())
    GTEST_SKIP() << "needs CAP_NET_ADMIN";
  have();
  connect();
  EXPECT_GT(network->lose_all(), 0U);
  auto x = call_within(scaled(2s), "it", "echo", {{"message", "x"}});
  if (!x.value) {
    EXPECT_EQ(x.value.error().code, errc::connection_lost) << to_string(x);
  }
  EXPECT_LT(x.took, scaled(2s) + grace);
  expect_recovery("it");
  expect_quiet();
  expect_sessions_gone();
}

} // namespace

} // namespace mcpool::system
