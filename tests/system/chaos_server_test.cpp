// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Servers that drip, flood, hold on and do not let go.

#include <mcpool/system/chaos_test.hpp>
#include <mcpool/system/memory.hpp>

namespace mcpool::system {

namespace {

constexpr std::size_t mb = 1'000'000;

/// How much a server sends: 100 MB, less in a slow build.
constexpr std::size_t flood = (is_sanitized ? 20 : 100) * mb;

/// A pool with one server "it", over stdio or over HTTP.
class ChaosServerTest : public chaos_test,
                        public ::testing::WithParamInterface<const char*> {
protected:
  static bool over_http() { return GetParam() == std::string{"Http"}; }

  void have(words args, json limits = json::object()) {
    json it;
    if (over_http()) {
      server = http_server::fake(*this, std::move(args));
      it = server->config();
    } else {
      args.insert(args.end(), {"--stats-dir", stats_folder("it")});
      it = fake(std::move(args));
    }
    it["closeTimeout"] = scaled(200ms).count();
    it.update(limits);
    configure({{"it", it}}, {{"maxAttempts", 1},
                             {"cooldown", {{"base", "1ms"}, {"max", "10ms"}}}});
    open_pool();
  }

  static void expect_refusal(const answer& x, errc code,
                             std::chrono::milliseconds limit) {
    EXPECT_FALSE(x.value) << to_string(x);
    if (!x.value) {
      EXPECT_EQ(x.value.error().code, code) << to_string(x);
    }
    EXPECT_LT(x.took, limit + grace) << to_string(x);
  }

  /// A limited build knows nothing about its memory.
  static void expect_growth_below(const memory_peak& x, std::size_t limit) {
    if (!is_sanitized) {
      EXPECT_LT(x.growth(), limit);
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Over, ChaosServerTest,
                         ::testing::Values("Stdio", "Http"),
                         [](const auto& x) { return std::string{x.param}; });

// -- that drip ----------------------------------------------------------------

TEST_P(ChaosServerTest, DripsTheHandshake) {
  have({"--on", "initialize#1@1=drip:1s"},
       {{"initTimeout", scaled(1s).count()}});
  expect_refusal(call_within(10s, "it", "echo"), errc::connect_timeout,
                 scaled(1s));
  expect_recovery("it");
  expect_nothing_left(2);
}

TEST_P(ChaosServerTest, DripsAnAnswer) {
  have({"--on", "tools/call#1@1=drip:1s"});
  ASSERT_TRUE(pool->get("it"));
  expect_refusal(call_within(scaled(1s), "it", "echo", {{"message", "x"}}),
                 errc::call_timed_out, scaled(1s));
  expect_nothing_left(2);
}

// -- that hold on -------------------------------------------------------------

TEST_P(ChaosServerTest, KeepsItsSessionWhenItIsAskedToEnd) {
  auto http = words{"--on", "DELETE=hang"};
  have(over_http() ? http
                   : words{"--ignore-eof", "--ignore-term", "--on",
                           "start=grandchild:3m"});
  ASSERT_TRUE(pool->get("it"));
  auto running = begin_within(60s, "it", "sleep", {{"ms", 60'000}});
  ASSERT_TRUE(
    eventually([&] { return pool->status("it").calls_in_flight == 1; }));
  auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(pool->disconnect("it"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, scaled(600ms) + grace);
  expect_refusal(running.get(), errc::connection_lost, 60s);
  expect_nothing_left(2);
}

class ChaosProgramTest : public ChaosServerTest {};

INSTANTIATE_TEST_SUITE_P(Over, ChaosProgramTest, ::testing::Values("Stdio"),
                         [](const auto& x) { return std::string{x.param}; });

TEST_P(ChaosProgramTest, LeavesGrandchildrenThatHoldItsPipesAndDies) {
  have({"--on", "tools/call:sleep=grandchild:3m;grandchild:3m;die"});
  ASSERT_TRUE(pool->get("it"));
  expect_refusal(call_within(60s, "it", "sleep", {{"ms", 1}}),
                 errc::connection_lost, 1s);
  expect_nothing_left();
}

// -- that flood ---------------------------------------------------------------

TEST_P(ChaosServerTest, Sends100Megabytes) {
  have({});
  memory_peak memory;
  expect_refusal(call_within(scaled(20s), "it", "big", {{"bytes", flood}}),
                 over_http() ? errc::payload_too_large : errc::connection_lost,
                 scaled(20s));
  expect_growth_below(memory, 64 * mb);
  expect_recovery("it");
  expect_nothing_left(2);
}

TEST_P(ChaosServerTest, SendsMuchThatIsWanted) {
  have({}, {{"maxMessageBytes", "200MB"}});
  constexpr auto bytes = flood / 4;
  auto x = call_within(scaled(20s), "it", "big", {{"bytes", bytes}});
  ASSERT_TRUE(x.value) << to_string(x);
  EXPECT_EQ(x.value->size(), bytes);
  expect_nothing_left(2);
}

TEST_P(ChaosServerTest, FloodsItsStandardError) {
  auto bytes = std::to_string(flood / 2);
  have({"--on", "tools/call:sleep=flood_stderr:" + bytes});
  memory_peak memory;
  auto x = call_within(scaled(20s), "it", "sleep", {{"ms", 1}});
  EXPECT_TRUE(x.value) << to_string(x);
  expect_growth_below(memory, 32 * mb);
  expect_nothing_left(2);
}

TEST_P(ChaosServerTest, FloodsWithWhatIsNoMessage) {
  have({"--sse", "--on", "tools/call:sleep=noise:300000"});
  memory_peak memory;
  auto x = call_within(scaled(20s), "it", "sleep", {{"ms", 1}});
  EXPECT_TRUE(x.value) << to_string(x);
  expect_growth_below(memory, 32 * mb);
  expect_nothing_left(2);
}

TEST_P(ChaosServerTest, FloodsWithProgressThatNobodyWants) {
  have({"--sse"});
  repo::call x;
  x.server = {"it"};
  x.method = "tools/call";
  x.params
    = shared_text{R"({"name":"progress","arguments":{"steps":20000,"ms":0}})"};
  x.meta = shared_text{R"({"progressToken":4711})"};
  x.until = pool->in(scaled(20s));
  memory_peak memory;
  auto y = pool->ask_as<messages::connection::call_result>(shared_scope(), x);
  EXPECT_TRUE(y) << y.error().text;
  expect_growth_below(memory, 32 * mb);
  expect_nothing_left(2);
}

} // namespace

} // namespace mcpool::system
