// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pool.hpp>

#include "scripted_test.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::actors {
namespace {

using namespace messages::pool;
using messages::connection::call_result;
using messages::repository::connection_ref;
using messages::repository::disconnect;
using messages::repository::get;

// What an owner without connections leaves in the pool.
class PoolPassivationTest : public ScriptedTest {
protected:
  ~PoolPassivationTest() override {
    network.ignore_rest();
    engine::end(aut);
    run();
  }

  void start(duration timeout = 10s, eager_start eager = eager_start::off) {
    pool_setup setup;
    auto files = server("files");
    files.idle_timeout = 1s;
    setup.config.servers[files.name] = files;
    setup.config.pool.scope_idle_timeout = timeout;
    setup.config.pool.cooldown.max = 24h;
    setup.make_transport = network.factory();
    setup.wheel = harness.wheel();
    setup.eager = eager;
    aut = pool_actor{engine::spawn<pool>(harness.system(), std::move(setup))};
    run();
  }

  static owner_scope ada() { return *user_scope("ada"); }

  repository_actor find(const owner_scope& owner = ada()) {
    return ask<repository_actor>(aut, find_repository{owner}).value();
  }

  answer<connection_ref> get_files(const repository_actor& from) {
    return ask<connection_ref>(from, get{{"files"}, {}});
  }

  std::size_t owners() {
    return ask<pool_status>(aut, messages::pool::status{})
      .value()
      .owners.size();
  }

  /// Long enough for what is idle to be found so.
  void wait_idle() { advance(20s + 100ms); }

  pool_actor aut;
};

TEST_F(PoolPassivationTest, AnOwnerWithoutConnectionsIsForgotten) {
  start();
  find();
  EXPECT_EQ(owners(), 1u);
  wait_idle();
  EXPECT_EQ(owners(), 0u);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

TEST_F(PoolPassivationTest, AConnectionKeepsItsOwner) {
  start();
  auto files = server("files");
  files.idle_timeout = 0ms;
  auto registry = ask<registry_actor>(aut, find_registry{}).value();
  ask<void>(registry, messages::registry::put_config{files});
  auto ref = get_files(find()).value();
  wait_idle();
  EXPECT_EQ(owners(), 1u);
  EXPECT_EQ(network.live("files"), 1u);
}

TEST_F(PoolPassivationTest, AConnectionThatWasIdleDoesNot) {
  start();
  EXPECT_FALSE(get_files(find()).refused());
  advance(3s);
  EXPECT_EQ(network.live("files"), 0u);
  EXPECT_EQ(owners(), 1u);
  wait_idle();
  EXPECT_EQ(owners(), 0u);
  EXPECT_FALSE(get_files(find()).refused()) << "it is made again on demand";
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(PoolPassivationTest, AConnectionThatWasReplacedDoesNot) {
  start();
  EXPECT_FALSE(get_files(find()).refused());
  auto files = server("files");
  files.idle_timeout = 1s;
  files.args = {"--new"};
  auto registry = ask<registry_actor>(aut, find_registry{}).value();
  ask<void>(registry, messages::registry::put_config{files});
  EXPECT_EQ(network.opened("files"), 2u);
  advance(3s);
  EXPECT_EQ(network.live("files"), 0u);
  wait_idle();
  EXPECT_EQ(owners(), 0u);
}

TEST_F(PoolPassivationTest, ARunningCallKeepsItsOwner) {
  start();
  network.habits("files") = testkit::unanswering();
  messages::repository::call x;
  x.server = {"files"};
  x.method = "tools/call";
  x.until = harness.in(2min);
  auto out = ask<call_result>(find(), x);
  advance(1min);
  EXPECT_FALSE(out.ready());
  EXPECT_EQ(owners(), 1u);
  auto id = network.last("files").take("tools/call").id;
  network.last("files").answer(id, "{}");
  run();
  EXPECT_FALSE(out.refused());
}

TEST_F(PoolPassivationTest, WhoeverWaitsKeepsItsOwner) {
  start();
  network.habits("files") = testkit::silent();
  auto files = server("files");
  files.init_timeout = 1min;
  auto registry = ask<registry_actor>(aut, find_registry{}).value();
  ask<void>(registry, messages::registry::put_config{files});
  auto out = get_files(find());
  advance(50s);
  EXPECT_FALSE(out.ready());
  network.last("files").open_up();
  run();
  network.last("files").greet();
  network.habits("files") = {};
  run();
  EXPECT_FALSE(out.refused());
}

TEST_F(PoolPassivationTest, AServerThatIsLeftAloneIsRemembered) {
  start();
  auto why = make_refusal(errc::connect_failed, "there is no such program");
  why.retry_after = 60s;
  network.habits("files").refuses = why;
  EXPECT_TRUE(get_files(find()).refused());
  wait_idle();
  EXPECT_EQ(owners(), 1u);
  EXPECT_EQ(get_files(find()).why().code, errc::cooling_down);
  advance(61s);
  EXPECT_EQ(owners(), 0u);
}

TEST_F(PoolPassivationTest, AHandleIsGoodAsLongAsSomebodyHasIt) {
  start();
  auto kept = std::optional{find()};
  wait_idle();
  wait_idle();
  EXPECT_EQ(find(), *kept) << "there is never another of the same owner";
  EXPECT_FALSE(get_files(*kept).refused());
  kept.reset();
  run();
  EXPECT_EQ(network.live("files"), 1u) << "what it started stays";
  EXPECT_EQ(owners(), 1u);
  wait_idle();
  EXPECT_EQ(owners(), 0u);
}

TEST_F(PoolPassivationTest, EndsWithTheLastHandle) {
  start();
  auto kept = std::optional{find()};
  wait_idle();
  EXPECT_EQ(owners(), 1u);
  kept.reset();
  run();
  EXPECT_EQ(owners(), 0u);
}

TEST_F(PoolPassivationTest, TheEndOfAnOldOneDoesNotTouchItsSuccessor) {
  start();
  auto kept = std::optional{find()};
  wait_idle();
  auto asked = harness.send<repository_actor>(aut, find_repository{ada()});
  harness.step(); // the POOL has been asked, and does not know yet
  kept.reset();
  run();
  EXPECT_FALSE(get_files(asked.value()).refused());
  EXPECT_EQ(owners(), 1u);
  EXPECT_EQ(find(), asked.value());
}

TEST_F(PoolPassivationTest, AnIdleOneFollowsTheConfiguration) {
  start();
  auto kept = find();
  wait_idle();
  auto registry = ask<registry_actor>(aut, find_registry{}).value();
  ask<void>(registry, messages::registry::put_config{server("more")});
  auto out = ask<connection_ref>(kept, get{{"more"}, {}});
  EXPECT_FALSE(out.refused());
}

// At every moment around the end of the wait, for every step of it.
TEST_F(PoolPassivationTest, NoRequestThatRacesWithTheEndIsLost) {
  for (int steps = 0; steps < 12; ++steps) {
    SCOPED_TRACE(steps);
    start();
    find();
    advance(20s - 10ms);
    EXPECT_EQ(owners(), 1u);
    auto asked = harness.send<repository_actor>(aut, find_repository{ada()});
    for (int i = 0; i < steps; ++i)
      harness.step();
    advance(40ms);
    ASSERT_FALSE(asked.refused());
    EXPECT_FALSE(get_files(asked.value()).refused());
    EXPECT_EQ(find(), asked.value());
    ask<void>(aut, messages::pool::shutdown{harness.now()});
  }
}

TEST_F(PoolPassivationTest, TheScopeOfEagerServersStays) {
  start(10s, eager_start::on);
  wait_idle();
  EXPECT_EQ(owners(), 1u);
}

TEST_F(PoolPassivationTest, ZeroMeansNever) {
  start(0ms);
  find();
  advance(100s);
  EXPECT_EQ(owners(), 1u);
}

TEST_F(PoolPassivationTest, AnIdleOneThatSomebodyHasEndsWithTheService) {
  start();
  auto kept = find();
  wait_idle();
  EXPECT_TRUE(ask<void>(aut, messages::pool::shutdown{}).ready());
  EXPECT_EQ(get_files(kept).why().code, errc::connection_lost);
}

TEST_F(PoolPassivationTest, TenThousandOwnersLeaveNothing) {
  start();
  for (int i = 0; i < 10'000; ++i)
    harness.send<repository_actor>(
      aut, find_repository{*user_scope(cat("user", i))});
  run();
  EXPECT_EQ(owners(), 10'000u);
  EXPECT_EQ(harness.wheel()->pending(), 10'000u);
  wait_idle();
  EXPECT_EQ(owners(), 0u);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

} // namespace
} // namespace mcpool::actors
