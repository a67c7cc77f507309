// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

#include <cstdint>

using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::actors {
namespace {

using testkit::unanswering;

// Connections end by themselves: unused, or old.
class RepositoryIdleTest : public RepositoryTest {
protected:
  static config::server_config quick(const std::string& name = "files") {
    auto out = server(name);
    out.idle_timeout = 10s;
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }

  static config::server_config mortal() {
    auto out = server("files");
    out.idle_timeout = {};
    out.max_lifetime = 10s;
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }

  /// A call past the REPOSITORY, which the server got and the test answers.
  struct direct_call {
    connection_actor connection;
    answer<call_result> result;
    std::int64_t id;
  };

  direct_call call_directly() {
    auto to = get_one("files").value().connection;
    network.habits("files") = unanswering();
    auto out = ask<call_result>(to, messages::connection::call{"tools/call"});
    return {to, out, session("files").take("tools/call").id};
  }

  /// As if the first connection had reported just now that it is unused.
  void report_idle() {
    engine::post(caf::actor_cast<caf::actor>(aut), went_idle{{"files"}, 1});
  }
};

TEST_F(RepositoryIdleTest, ClosesAConnectionWithoutCalls) {
  start({quick()});
  call_one("files");
  advance(9990ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  advance(20ms);
  EXPECT_TRUE(session("files").ended());
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_FALSE(row("files").last_error);
  EXPECT_EQ(row("files").failed_starts, 0u);
}

TEST_F(RepositoryIdleTest, ConnectsAgainOnDemand) {
  start({quick()});
  call_one("files");
  advance(11s);
  EXPECT_FALSE(call_one("files").refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryIdleTest, CountsFromTheLastCall) {
  start({quick()});
  call_one("files");
  advance(6s);
  call_one("files");
  advance(9990ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  advance(20ms);
  EXPECT_THAT(loaded().connections, IsEmpty());
}

TEST_F(RepositoryIdleTest, NeverEndsARunningCall) {
  start({quick()});
  network.habits("files") = unanswering();
  auto x = call_one("files", harness.in(100s));
  auto id = session("files").take("tools/call").id;
  advance(35s);
  EXPECT_FALSE(x.ready());
  session("files").answer(id, "1");
  run();
  EXPECT_FALSE(x.refused());
  advance(11s);
  EXPECT_TRUE(session("files").ended());
}

TEST_F(RepositoryIdleTest, CountsFromACallThatWasGivenUp) {
  start({quick()});
  network.habits("files") = unanswering();
  call_one("files", harness.in(5s));
  session("files").take("tools/call");
  advance(6s);
  session("files").take("notifications/cancelled");
  advance(8s);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  advance(1100ms);
  EXPECT_THAT(loaded().connections, IsEmpty());
}

TEST_F(RepositoryIdleTest, KeepsWhatSomebodyGotOnceMore) {
  start({quick()});
  get_one("files");
  advance(5s);
  get_one("files");
  advance(14900ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  advance(200ms);
  EXPECT_THAT(loaded().connections, IsEmpty());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryIdleTest, KeepsWhatSomebodyGotAmongOthers) {
  start({quick(), quick("search")});
  get_one("files");
  advance(5s);
  get_these({"files", "search"});
  advance(14900ms);
  EXPECT_EQ(network.live("files"), 1u);
  advance(200ms);
  EXPECT_EQ(network.live("files"), 0u);
}

TEST_F(RepositoryIdleTest, KeepsEverythingWhenItIsOff) {
  auto x = quick();
  x.idle_timeout = {};
  x.fingerprint = config::fingerprint_of(x);
  start({x});
  get_one("files");
  advance(1min);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryIdleTest, KeepsWhatIsKept) {
  auto x = quick();
  x.keep_alive = true;
  start({x});
  get_one("files");
  advance(1min);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  EXPECT_EQ(network.opened("files"), 1u);
}

// The call and the report of idleness pass each other on the way.
TEST_F(RepositoryIdleTest, ACallThatRacesWithTheEndIsServed) {
  start({quick()});
  auto x = call_directly();
  report_idle();
  auto y = call_one("files");
  EXPECT_FALSE(session("files").closing()) << "a call runs";
  session("files").answer(x.id, "1");
  session("files").answer(session("files").take("tools/call").id, "2");
  run();
  EXPECT_EQ(x.result.value().json.view(), "1");
  EXPECT_EQ(y.value().json.view(), "2");
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(get_one("files").value().connection, x.connection);
}

// The connection is not idle, but by then it was disconnected.
TEST_F(RepositoryIdleTest, ADisconnectedConnectionNeverComesBack) {
  start({quick()});
  auto x = call_directly();
  report_idle();
  auto gone = harness.send<void>(aut, disconnect{{"files"}});
  auto y = harness.send<connection_ref>(aut, get{{"files"}, {}});
  run();
  EXPECT_TRUE(gone.ready());
  EXPECT_EQ(x.result.why().code, errc::connection_lost);
  EXPECT_NE(y.value().connection, x.connection);
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryIdleTest, AChangeThatRacesWithTheEndReplacesIt) {
  start({quick()});
  auto x = call_directly();
  auto changed = quick();
  changed.args = {"--new"};
  changed.fingerprint = config::fingerprint_of(changed);
  report_idle();
  engine::post(caf::actor_cast<caf::actor>(aut),
               messages::config_listener::config_changed{changed});
  run();
  EXPECT_FALSE(session("files").closing()) << "a call runs";
  session("files").answer(x.id, "1");
  run();
  EXPECT_FALSE(x.result.refused());
  EXPECT_EQ(get_one("files").value().fingerprint, changed.fingerprint);
}

TEST_F(RepositoryIdleTest, AnOldReportEndsNoNewConnection) {
  start({quick()});
  get_one("files");
  disconnect_one("files");
  auto x = get_one("files").value().connection;
  report_idle();
  run();
  EXPECT_EQ(get_one("files").value().connection, x);
}

TEST_F(RepositoryIdleTest, ACallThatComesDuringTheEndWaitsForTheNext) {
  start({quick()});
  call_one("files");
  network.habits("files").closes = false;
  advance(11s);
  EXPECT_TRUE(session("files").closing());
  EXPECT_EQ(row("files").phase, phase::draining);
  auto x = call_one("files");
  EXPECT_FALSE(x.ready());
  network.habits("files").closes = true;
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryIdleTest, DisconnectWaitsForTheEndOfWhatIsIdle) {
  start({quick()});
  call_one("files");
  network.habits("files").closes = false;
  advance(11s);
  auto gone = disconnect_one("files");
  EXPECT_FALSE(gone.ready());
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(gone.ready());
}

// -- lifetime -----------------------------------------------------------------

TEST_F(RepositoryIdleTest, ReplacesAConnectionThatIsOld) {
  start({mortal()});
  auto old = get_one("files").value().connection;
  advance(8990ms);
  EXPECT_EQ(network.opened("files"), 1u);
  advance(20ms);
  EXPECT_EQ(network.opened("files"), 2u) << "a tenth earlier, by the dice";
  EXPECT_TRUE(network.sessions("files")[0]->ended());
  EXPECT_NE(get_one("files").value().connection, old);
  advance(9100ms);
  EXPECT_EQ(network.opened("files"), 3u);
}

TEST_F(RepositoryIdleTest, LetsCallsOfAnOldConnectionFinish) {
  start({mortal()});
  network.habits("files") = unanswering();
  auto x = call_one("files");
  auto id = session("files").take("tools/call").id;
  advance(9500ms);
  auto y = call_one("files");
  session("files").answer(id, "1");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  session("files").answer(session("files").take("tools/call").id, "2");
  run();
  EXPECT_EQ(y.value().json.view(), "2");
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryIdleTest, ADisconnectedServerHasNoLifetime) {
  start({mortal()});
  get_one("files");
  disconnect_one("files");
  advance(20s);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryIdleTest, RenewsNothingThatNobodyUses) {
  auto x = mortal();
  x.idle_timeout = 15s;
  start({x});
  get_one("files");
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(network.live("files"), 0u);
  EXPECT_EQ(row("files").phase, phase::on_demand);
}

TEST_F(RepositoryIdleTest, WhatWaitsGoesToTheNextWhenALifetimeIsOver) {
  auto x = mortal();
  x.idle_timeout = 15s;
  x.max_in_flight = 1;
  x.replacement = config::replacement_mode::overlap;
  overlaps = true;
  start({x});
  network.habits("files") = unanswering();
  auto running = call_one("files");
  auto waiting = call_one("files");
  auto& old = session("files");
  advance(9100ms);
  ASSERT_EQ(network.opened("files"), 2u);
  session("files").answer(session("files").take("tools/call").id, "2");
  old.answer(old.take("tools/call").id, "1");
  run();
  EXPECT_EQ(running.value().json.view(), "1");
  EXPECT_EQ(waiting.value().json.view(), "2");
}

TEST_F(RepositoryIdleTest, WhatIsTakenBackGetsNoLongerLife) {
  auto x = quick();
  x.idle_timeout = 15s;
  x.max_lifetime = 20s;
  start({x});
  auto running = call_directly();
  auto since = row("files").since;
  advance(5s);
  report_idle();
  run();
  EXPECT_EQ(row("files").since, since);
  session("files").answer(running.id, "1");
  network.habits("files") = {};
  advance(12900ms);
  EXPECT_EQ(network.opened("files"), 1u);
  advance(200ms);
  EXPECT_EQ(network.opened("files"), 2u) << "a tenth earlier, by the dice";
}

} // namespace
} // namespace mcpool::actors
