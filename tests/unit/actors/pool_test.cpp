// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pool.hpp>

#include "scripted_test.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>

#include <caf/actor_registry.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using namespace messages::pool;
using messages::connection::call_result;
using messages::repository::connection_ref;
using messages::repository::get;

owner_scope ada() {
  return *user_scope("ada");
}

class PoolTest : public ScriptedTest {
protected:
  ~PoolTest() override {
    network.ignore_rest();
    end_and_run(aut);
  }

  /// A pool with the servers `alpha` and `beta`.
  void start(eager_start eager = eager_start::off) {
    pool_setup setup;
    for (auto name : {"alpha", "beta"})
      setup.config.servers[{name}] = server(name);
    setup.config.servers[{"beta"}].startup = config::startup_mode::eager;
    setup.config.pool.drain_timeout = 5s;
    setup.make_transport = network.factory();
    setup.wheel = harness.wheel();
    setup.eager = eager;
    aut = pool_actor{engine::spawn<pool>(harness.system(), std::move(setup))};
    run();
  }

  template <class Handle>
  void end_and_run(const Handle& x) {
    engine::end(x);
    run();
  }

  answer<repository_actor> find(const owner_scope& owner) {
    return ask<repository_actor>(aut, find_repository{owner});
  }

  registry_actor registry_of_pool() {
    return ask<registry_actor>(aut, find_registry{}).value();
  }

  connection_ref connect(const owner_scope& owner, const std::string& server) {
    return ask<connection_ref>(find(owner).value(), get{{server}, {}}).value();
  }

  /// A call that the server does not answer.
  answer<call_result> begin_call(const owner_scope& owner,
                                 const std::string& server) {
    network.habits(server) = testkit::unanswering();
    messages::repository::call x;
    x.server = {server};
    x.method = "tools/call";
    x.params = shared_text{R"({"name":"echo"})"};
    return ask<call_result>(find(owner).value(), std::move(x));
  }

  answer<void> shut_down(deadline until = {}) {
    return ask<void>(aut, shutdown{until});
  }

  pool_status status_of_pool() {
    return ask<pool_status>(aut, messages::pool::status{}).value();
  }

  /// The actor is gone: it answers nobody.
  template <class T, class Handle, class Message>
  bool has_ended(const Handle& x, Message question) {
    auto out = ask<T>(x, std::move(question));
    return out.refused() && out.why().code == errc::connection_lost;
  }

  bool pool_has_ended() {
    return has_ended<pool_status>(aut, messages::pool::status{});
  }

  pool_actor aut;
};

// -- repositories -------------------------------------------------------------

TEST_F(PoolTest, StartsOneRepositoryPerOwner) {
  start();
  auto shared = find(shared_scope()).value();
  auto user = find(ada()).value();
  EXPECT_NE(shared, user);
  EXPECT_EQ(find(shared_scope()).value(), shared);
  EXPECT_EQ(find(ada()).value(), user);
}

TEST_F(PoolTest, StartsOneRepositoryForAnyNumberOfAskers) {
  start();
  std::vector<answer<repository_actor>> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(harness.send<repository_actor>(aut, find_repository{ada()}));
  run();
  for (auto& x : all)
    EXPECT_EQ(x.value(), all.front().value());
}

TEST_F(PoolTest, RefusesAnOwnerThatCannotBe) {
  start();
  owner_scope nobody{scope_kind::user, ""};
  EXPECT_EQ(find(nobody).why().code, errc::invalid_request);
  owner_scope control{scope_kind::user, "a\nb"};
  EXPECT_EQ(find(control).why().code, errc::invalid_request);
}

TEST_F(PoolTest, ThereIsOneSharedScopeOnlyRegression) {
  start();
  owner_scope other{scope_kind::shared, "ada"};
  EXPECT_EQ(find(other).why().code, errc::invalid_request);
  owner_scope unknown{static_cast<scope_kind>(7), "ada"};
  EXPECT_EQ(find(unknown).why().code, errc::invalid_request);
  EXPECT_TRUE(status_of_pool().owners.empty());
}

TEST_F(PoolTest, OwnersShareRegistryAndThrottle) {
  start();
  connect(shared_scope(), "alpha");
  connect(ada(), "alpha");
  EXPECT_EQ(network.opened("alpha"), 2u);
  EXPECT_EQ(status_of_pool().throttle.peak, 1u);
  auto out = ask<void>(registry_of_pool(),
                       messages::registry::put_config{server("gamma")});
  EXPECT_FALSE(out.refused());
  EXPECT_EQ(connect(ada(), "gamma").server.value, "gamma");
}

TEST_F(PoolTest, ConnectsEagerServersAtOnceForTheSharedScope) {
  start(eager_start::on);
  EXPECT_EQ(network.live("beta"), 1u);
  EXPECT_EQ(network.opened("alpha"), 0u);
  find(ada());
  run();
  EXPECT_EQ(network.opened("beta"), 1u);
}

TEST_F(PoolTest, ConnectsNothingUnaskedUnlessItShould) {
  start();
  find(shared_scope());
  EXPECT_EQ(network.opened("beta"), 0u);
}

TEST_F(PoolTest, StartsAnotherRepositoryForOneThatDied) {
  start();
  auto first = find(ada()).value();
  connect(ada(), "alpha");
  end_and_run(first);
  EXPECT_EQ(network.live(), 0u);
  auto second = find(ada()).value();
  EXPECT_NE(first, second);
  connect(ada(), "alpha");
  EXPECT_EQ(network.live(), 1u);
}

TEST_F(PoolTest, ARepositoryThatDiedIsEagerAgainRegression) {
  start(eager_start::on);
  end_and_run(find(shared_scope()).value());
  EXPECT_EQ(network.live("beta"), 0u);
  find(shared_scope());
  run();
  EXPECT_EQ(network.live("beta"), 1u);
}

// -- clock --------------------------------------------------------------------

TEST_F(PoolTest, TellsTheInstantOfItsClock) {
  start();
  advance(1h);
  using messages::pool::clock_reading;
  auto x = ask<clock_reading>(aut, messages::pool::read_clock{}).value();
  EXPECT_EQ(x.now, harness.now());
}

// -- status -------------------------------------------------------------------

TEST_F(PoolTest, ShowsTheServersOfAllOwners) {
  start();
  find(*user_scope("zoe"));
  connect(ada(), "alpha");
  connect(shared_scope(), "beta");
  auto x = status_of_pool();
  std::vector<std::string> rows;
  for (const auto& owner : x.owners)
    for (const auto& one : owner.servers)
      rows.push_back(
        cat(owner.owner, ' ', one.server, ' ', name_of(one.phase)));
  EXPECT_THAT(
    rows, ElementsAre("shared alpha on_demand", "shared beta ready",
                      "user(ada) alpha ready", "user(ada) beta on_demand",
                      "user(zoe) alpha on_demand", "user(zoe) beta on_demand"));
  EXPECT_EQ(x.throttle.max_starting, 16u);
}

TEST_F(PoolTest, ShowsARowForAnOwnerThatDiesMeanwhile) {
  start();
  auto repository = find(ada()).value();
  auto out = harness.send<pool_status>(aut, messages::pool::status{});
  harness.step();
  engine::end(repository);
  run();
  EXPECT_TRUE(out.ready());
  EXPECT_FALSE(out.refused());
}

// -- shutdown -----------------------------------------------------------------

TEST_F(PoolTest, EndsWithNothingConnected) {
  start();
  EXPECT_FALSE(shut_down().refused());
  EXPECT_TRUE(pool_has_ended());
}

TEST_F(PoolTest, EndsEverythingAndAnswersThen) {
  start();
  connect(ada(), "alpha");
  connect(shared_scope(), "beta");
  auto repository = find(ada()).value();
  auto registry = registry_of_pool();
  EXPECT_FALSE(shut_down().refused());
  EXPECT_EQ(network.live(), 0u);
  EXPECT_TRUE(pool_has_ended());
  EXPECT_TRUE(has_ended<bool>(repository, messages::repository::has{}));
  EXPECT_TRUE(has_ended<messages::registry::config_view>(
    registry, messages::registry::all_configs{}));
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

TEST_F(PoolTest, ConnectionsEndBeforeWhatTheyNeed) {
  start();
  network.habits("alpha").closes = false;
  connect(ada(), "alpha");
  auto registry = registry_of_pool();
  auto done = shut_down();
  EXPECT_FALSE(done.ready());
  EXPECT_TRUE(network.last("alpha").closing());
  auto view = ask<messages::registry::config_view>(
    registry, messages::registry::all_configs{});
  EXPECT_FALSE(view.refused());
  EXPECT_FALSE(pool_has_ended());
  network.last("alpha").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(done.ready());
  EXPECT_TRUE(pool_has_ended());
}

TEST_F(PoolTest, AnswersWhenTheLastActorIsGoneRegression) {
  start();
  find(ada());
  find(shared_scope());
  auto done = harness.send<void>(aut, shutdown{});
  EXPECT_GT(harness.system().registry().running(), 4u);
  while (!done.ready())
    ASSERT_TRUE(harness.step());
  // The one that asked, at most.
  EXPECT_LE(harness.system().registry().running(), 1u);
}

TEST_F(PoolTest, RunningCallsMayFinishUntilTheDeadline) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto done = shut_down(harness.in(3s));
  advance(1s);
  EXPECT_FALSE(call.ready());
  EXPECT_FALSE(done.ready());
  auto id = network.last("alpha").take("tools/call").id;
  network.last("alpha").answer(id, "{}");
  run();
  EXPECT_EQ(call.value().json.view(), "{}");
  EXPECT_TRUE(done.ready());
}

TEST_F(PoolTest, RunningCallsFailAtTheDeadline) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto done = shut_down(harness.in(3s));
  advance(2990ms);
  EXPECT_FALSE(call.ready());
  advance(20ms);
  EXPECT_EQ(call.why().code, errc::connection_lost);
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(PoolTest, TheConfiguredTimeCountsWithoutADeadline) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto done = shut_down();
  advance(4990ms);
  EXPECT_FALSE(done.ready());
  advance(20ms);
  EXPECT_TRUE(done.ready());
  EXPECT_TRUE(call.refused());
}

TEST_F(PoolTest, ADeadlineThatPassedLeavesNoTime) {
  start();
  auto call = begin_call(ada(), "alpha");
  EXPECT_TRUE(shut_down({harness.now()}).ready());
  EXPECT_EQ(call.why().code, errc::connection_lost);
}

TEST_F(PoolTest, ASecondShutdownWaitsForTheSameEnd) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto first = shut_down(harness.in(2s));
  auto second = shut_down();
  auto third = shut_down(harness.in(1h));
  advance(1990ms);
  EXPECT_FALSE(first.ready() || second.ready() || third.ready());
  advance(20ms);
  EXPECT_TRUE(first.ready() && second.ready() && third.ready());
  EXPECT_FALSE(second.refused());
}

TEST_F(PoolTest, ASecondShutdownMayBeInMoreOfAHurryRegression) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto first = shut_down(harness.in(1h));
  auto second = shut_down({harness.now()});
  EXPECT_TRUE(first.ready());
  EXPECT_TRUE(second.ready());
  EXPECT_TRUE(call.refused());
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(PoolTest, StartsNothingFromTheShutdownOn) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto repository = find(ada()).value();
  shut_down(harness.in(3s));
  EXPECT_EQ(find(ada()).why().code, errc::shutting_down);
  EXPECT_EQ(find(*user_scope("zoe")).why().code, errc::shutting_down);
  auto late = ask<connection_ref>(repository, get{{"beta"}, {}});
  EXPECT_EQ(late.why().code, errc::shutting_down);
}

TEST_F(PoolTest, EndsAStartThatIsUnderWay) {
  start();
  network.habits("alpha") = testkit::silent();
  network.habits("alpha").closes = true;
  auto waits = ask<connection_ref>(find(ada()).value(), get{{"alpha"}, {}});
  EXPECT_FALSE(waits.ready());
  EXPECT_TRUE(shut_down(harness.in(1h)).ready());
  EXPECT_EQ(waits.why().code, errc::shutting_down);
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(PoolTest, ARepositoryThatDiesDoesNotHoldUpTheEnd) {
  start();
  auto call = begin_call(ada(), "alpha");
  auto repository = find(ada()).value();
  auto done = shut_down(harness.in(1h));
  EXPECT_FALSE(done.ready());
  end_and_run(repository);
  EXPECT_TRUE(done.ready());
  EXPECT_TRUE(call.refused());
  EXPECT_TRUE(pool_has_ended());
}

// -- death --------------------------------------------------------------------

TEST_F(PoolTest, EndsWithItsRegistry) {
  start();
  connect(ada(), "alpha");
  end_and_run(registry_of_pool());
  EXPECT_TRUE(pool_has_ended());
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(PoolTest, KillingItEndsEverything) {
  start();
  auto call = begin_call(ada(), "alpha");
  connect(shared_scope(), "beta");
  auto repository = find(ada()).value();
  auto registry = registry_of_pool();
  end_and_run(aut);
  EXPECT_EQ(call.why().code, errc::connection_lost);
  EXPECT_TRUE(has_ended<bool>(repository, messages::repository::has{}));
  EXPECT_TRUE(has_ended<messages::registry::config_view>(
    registry, messages::registry::all_configs{}));
  EXPECT_EQ(network.live(), 0u);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

TEST_F(PoolTest, KillingItAnswersEverybody) {
  start();
  network.habits("alpha") = testkit::silent();
  network.habits("alpha").closes = true;
  auto waits = ask<connection_ref>(find(ada()).value(), get{{"alpha"}, {}});
  auto call = begin_call(ada(), "beta");
  auto ending = shut_down(harness.in(1h));
  auto state = harness.send<pool_status>(aut, messages::pool::status{});
  harness.step();
  harness.step();
  end_and_run(aut);
  EXPECT_TRUE(waits.refused());
  EXPECT_TRUE(call.refused());
  EXPECT_FALSE(ending.refused());
  EXPECT_TRUE(state.ready());
}

// -- fairness and bounds ------------------------------------------------------

class PoolBoundsTest : public PoolTest {
protected:
  /// A pool with the given limits, and slow servers beside `alpha`.
  void start_with(config::pool_config limits, int slow = 0) {
    pool_setup setup;
    setup.config.servers[{"alpha"}] = server("alpha");
    for (int i = 0; i < slow; ++i) {
      auto name = cat("slow", i);
      setup.config.servers[{name}] = server(name);
      network.habits(name).hangs = true;
      names_.push_back({name});
    }
    setup.config.pool = limits;
    setup.make_transport = network.factory();
    setup.wheel = harness.wheel();
    aut = pool_actor{engine::spawn<pool>(harness.system(), std::move(setup))};
    run();
  }

  static owner_scope user(int number) {
    return *user_scope(cat("user", number));
  }

  static void expect_busy(const refusal& x, const std::string& numbers) {
    EXPECT_EQ(x.code, errc::busy);
    EXPECT_THAT(x.text, HasSubstr(numbers));
    EXPECT_TRUE(x.retry_after.has_value());
  }

  std::vector<server_name> names_;
};

TEST_F(PoolBoundsTest, OneOwnerWithAHundredSlowServersDelaysNoOther) {
  start_with({}, 100);
  auto greedy = ask<messages::repository::connection_map>(
    find(user(1)).value(), messages::repository::get_many{names_, {}, {}});
  EXPECT_FALSE(greedy.ready());
  EXPECT_EQ(status_of_pool().throttle.waiting, 97u);
  for (int i = 2; i < 15; ++i)
    EXPECT_TRUE(
      ask<connection_ref>(find(user(i)).value(), get{{"alpha"}, {}}).ready())
      << "without a tick of the clock";
  EXPECT_FALSE(greedy.ready());
  ask<void>(find(user(1)).value(), messages::repository::disconnect_all{});
}

TEST_F(PoolBoundsTest, RefusesMoreOwnersThanItMayHave) {
  config::pool_config limits;
  limits.max_scopes = 2;
  limits.scope_idle_timeout = 10s;
  start_with(limits);
  EXPECT_FALSE(find(user(1)).refused());
  EXPECT_FALSE(find(user(2)).refused());
  expect_busy(find(user(3)).why(), "2 of 2");
  EXPECT_FALSE(find(user(2)).refused());
  advance(21s);
  EXPECT_FALSE(find(user(3)).refused()) << "the idle make room";
}

TEST_F(PoolBoundsTest, EndsWhatIsHeldAndIdleWhenItNeedsTheRoom) {
  config::pool_config limits;
  limits.max_scopes = 2;
  limits.scope_idle_timeout = 10s;
  start_with(limits);
  auto idle = find(user(1)).value();
  advance(21s);
  auto used = find(user(2)).value();
  EXPECT_FALSE(ask<connection_ref>(used, get{{"alpha"}, {}}).refused());
  expect_busy(find(user(3)).why(), "2 of 2");
  EXPECT_FALSE(find(user(3)).refused());
  expect_busy(find(user(1)).why(), "2 of 2");
  EXPECT_TRUE(has_ended<connection_ref>(idle, get{{"alpha"}, {}}));
  EXPECT_FALSE(ask<connection_ref>(used, get{{"alpha"}, {}}).refused());
}

TEST_F(PoolBoundsTest, RefusesStatusesPastTheBound) {
  start_with({});
  find(user(1));
  std::vector<answer<pool_status>> all;
  for (std::size_t i = 0; i <= pool::max_statuses; ++i)
    all.push_back(harness.send<pool_status>(aut, messages::pool::status{}));
  run();
  expect_busy(all.back().why(), "64 of 64");
  all.pop_back();
  for (const auto& x : all)
    EXPECT_FALSE(x.refused());
  EXPECT_EQ(status_of_pool().owners.size(), 1u);
}

TEST_F(PoolBoundsTest, RefusesMoreWhoWaitForTheEndThanItMayKeep) {
  start_with({});
  auto call = begin_call(user(1), "alpha");
  std::vector<answer<void>> all;
  for (std::size_t i = 0; i < pool::max_shutdown_waiters; ++i)
    all.push_back(shut_down());
  expect_busy(shut_down().why(), "1000 of 1000");
  EXPECT_FALSE(all.back().ready());
  advance(11s);
  EXPECT_TRUE(all.back().ready());
}

} // namespace
} // namespace mcpool::actors
