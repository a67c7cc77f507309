// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A thousand callers that die, or give up, whatever they wait for.

#include <mcpool/engine/state_actor.hpp>
#include <mcpool/system/caller.hpp>
#include <mcpool/system/chaos_test.hpp>

#include <caf/actor_cast.hpp>

namespace mcpool::system {

namespace {

constexpr int many = 1000;

/// A pool with one server "it", over stdio or over HTTP.
class ChaosCallerTest : public chaos_test,
                        public ::testing::WithParamInterface<const char*> {
protected:
  static bool over_http() { return GetParam() == std::string{"Http"}; }

  /// So many names for the server, if there are more than one.
  void have(words args = {}, int names = 1) {
    json it;
    if (over_http()) {
      server = http_server::fake(*this, std::move(args));
      it = server->config();
    } else {
      args.insert(args.end(), {"--stats-dir", stats_folder("it")});
      it = fake(std::move(args));
    }
    it["closeTimeout"] = scaled(500ms).count();
    json servers{{"it", it}};
    for (int i = 1; i < names; ++i)
      servers["it-" + std::to_string(i)] = it;
    configure(servers);
    open_pool();
  }

  template <class Reply, class Request>
  void spawn_caller(Request x, const owner_scope& owner = shared_scope()) {
    auto to = pool->repository(owner);
    ASSERT_TRUE(to) << to.error().text;
    callers.push_back(caf::actor_cast<caf::actor>(
      pool->system().spawn<caller<Reply, Request>>(*to, std::move(x), count)));
  }

  void spawn_call(deadline until = {}) {
    repo::call x;
    x.server = {"it"};
    x.method = "tools/call";
    x.params = shared_text{R"({"name":"sleep","arguments":{"ms":60000}})"};
    x.until = until;
    spawn_caller<messages::connection::call_result>(std::move(x));
  }

  void all_die() {
    for (auto& x : std::exchange(callers, {}))
      engine::end(x);
  }

  /// The calls that run on the server.
  int calls_running() const {
    if (over_http())
      return server->stats()["calls"]["live"];
    auto all = records("it");
    return all.empty() ? 0 : all.back()["calls"]["live"].get<int>();
  }

  std::uint32_t calls_in_flight() { return pool->status("it").calls_in_flight; }

  void TearDown() override {
    all_die();
    chaos_test::TearDown();
  }

  std::vector<caf::actor> callers;
  std::shared_ptr<tally> count = std::make_shared<tally>();
};

INSTANTIATE_TEST_SUITE_P(Over, ChaosCallerTest,
                         ::testing::Values("Stdio", "Http"),
                         [](const auto& x) { return std::string{x.param}; });

TEST_P(ChaosCallerTest, AThousandDieInACall) {
  have();
  ASSERT_TRUE(pool->get("it"));
  for (int i = 0; i < many; ++i)
    spawn_call();
  ASSERT_TRUE(eventually([&] { return calls_in_flight() == many; }));
  ASSERT_TRUE(eventually([&] { return calls_running() == many; }))
    << calls_running();
  all_die();
  EXPECT_TRUE(eventually([&] { return calls_in_flight() == 0; }, cleanup_limit))
    << calls_in_flight();
  EXPECT_TRUE(eventually([&] { return calls_running() == 0; }, cleanup_limit))
    << calls_running();
  expect_recovery("it");
  // One connection for each call, of which some are kept.
  expect_nothing_left(over_http() ? 500 : 0);
  EXPECT_EQ(count->answered, 0);
}

TEST_P(ChaosCallerTest, AThousandDieBeforeThereIsAConnection) {
  have({"--on", "initialize=hang"});
  for (int i = 0; i < many / 2; ++i) {
    spawn_call();
    spawn_caller<repo::connection_ref>(repo::get{{"it"}, {}});
  }
  ASSERT_TRUE(eventually([&] { return pool->status("it").waiting == many; }));
  all_die();
  expect_nothing_left(2);
  EXPECT_EQ(count->answered, 0);
}

TEST_P(ChaosCallerTest, AThousandDieBeforeTheirTurnToStart) {
  have({"--on", "initialize=hang"}, 20);
  for (int i = 0; i < many; ++i) {
    auto owner = user_scope("user-" + std::to_string(i % 50));
    auto name = "it-" + std::to_string(1 + i / 50 % 19);
    spawn_caller<repo::connection_ref>(repo::get{{name}, {}}, *owner);
  }
  auto waiting = [&] {
    auto x = pool->pool_status();
    return x && x->throttle.in_use == 16 && x->throttle.waiting >= 900;
  };
  ASSERT_TRUE(eventually(waiting));
  all_die();
  expect_nothing_left(20);
  EXPECT_EQ(count->answered, 0);
}

TEST_P(ChaosCallerTest, AThousandGiveUp) {
  have();
  ASSERT_TRUE(pool->get("it"));
  auto until = pool->in(scaled(1s));
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < many; ++i)
    spawn_call(until);
  EXPECT_TRUE(
    eventually([&] { return count->refused == many; }, scaled(1s) + grace))
    << count->refused;
  EXPECT_GE(std::chrono::steady_clock::now() - begin, scaled(1s) - 50ms);
  EXPECT_TRUE(eventually([&] { return calls_running() == 0; }, cleanup_limit))
    << calls_running();
  expect_nothing_left(over_http() ? 500 : 0);
}

} // namespace

} // namespace mcpool::system
