// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using testkit::silent;

// A server fails, and is left alone. The dice of the fixture make every pause
// as long as it can be.
class RepositoryCooldownTest : public RepositoryTest {
protected:
  /// The server does not speak MCP.
  void break_it(const std::string& name = "files") {
    network.habits(name).greeting = "{}";
  }

  void mend_it(const std::string& name = "files") { network.habits(name) = {}; }

  /// Asks when the server may be asked again, and fails.
  void fail_once() {
    advance(pause());
    ASSERT_EQ(get_one("files").why().code, errc::handshake_failed);
  }

  /// What is left of the pause.
  duration pause() {
    auto next = row("files").next_retry_at;
    return next == time_point{} ? duration::zero() : next - harness.now();
  }

  /// A start that succeeds, and a connection that is lost after a time.
  void live_for(duration time) {
    ASSERT_FALSE(get_one("files").refused());
    advance(time);
    session("files").end(make_refusal(errc::connection_lost, "it died"));
    run();
  }

  /// The pause after two failures, a connection that lived so long, and a
  /// third failure.
  duration pause_after_life_of(duration time) {
    break_it();
    fail_once();
    fail_once();
    mend_it();
    advance(2s);
    live_for(time);
    break_it();
    fail_once();
    return pause();
  }
};

TEST_F(RepositoryCooldownTest, RefusesAtOnceAfterAFailure) {
  start({server("files")});
  break_it();
  auto first = get_one("files").why();
  EXPECT_EQ(first.code, errc::handshake_failed);
  EXPECT_EQ(first.retry_after, 1s);
  advance(400ms);
  auto why = get_one("files").why();
  EXPECT_EQ(why.code, errc::cooling_down);
  EXPECT_EQ(why.retry_after, 600ms);
  EXPECT_THAT(why.text, AllOf(HasSubstr("'files' failed once and"),
                              HasSubstr("for 600ms"), HasSubstr(first.text)));
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryCooldownTest, RefusesCallsAndListsLikewise) {
  start({server("files")});
  break_it();
  get_one("files");
  EXPECT_EQ(call_one("files").why().code, errc::cooling_down);
  auto x = ask<list_result>(aut, list{{"files"}, "tools/list", {}});
  EXPECT_EQ(x.why().code, errc::cooling_down);
  auto many = get_these({"files"}).value();
  EXPECT_EQ(many.refusals.at({"files"}).code, errc::cooling_down);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryCooldownTest, EscalatesFromFailureToFailure) {
  start({server("files")});
  break_it();
  for (auto expected :
       {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s}) {
    fail_once();
    EXPECT_EQ(pause(), expected);
  }
  EXPECT_EQ(row("files").failed_starts, 11u);
  EXPECT_EQ(network.opened("files"), 11u);
}

TEST_F(RepositoryCooldownTest, FollowsItsConfiguration) {
  limits.cooldown = {100ms, 150ms, 60s};
  start({server("files")});
  break_it();
  fail_once();
  EXPECT_EQ(pause(), 100ms);
  fail_once();
  EXPECT_EQ(pause(), 150ms);
}

TEST_F(RepositoryCooldownTest, SendsOneProbeThatEverybodyWaitsFor) {
  start({server("files")});
  break_it();
  fail_once();
  advance(1s);
  network.habits("files") = silent();
  std::vector<answer<connection_ref>> all;
  for (auto i = 0; i < 8; ++i)
    all.push_back(get_one("files"));
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_FALSE(all[7].ready());
  session("files").end(make_refusal(errc::connect_failed, "not yet"));
  run();
  for (const auto& x : all)
    EXPECT_EQ(x.why().code, errc::connect_failed);
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_EQ(pause(), 2s);
}

TEST_F(RepositoryCooldownTest, EndsWhenTheProbeSucceeds) {
  start({server("files")});
  break_it();
  fail_once();
  mend_it();
  advance(1s);
  EXPECT_FALSE(get_one("files").refused());
  auto x = row("files");
  EXPECT_EQ(x.phase, phase::ready);
  EXPECT_EQ(x.next_retry_at, time_point{});
  EXPECT_FALSE(x.last_error);
}

TEST_F(RepositoryCooldownTest, IsShownByStatus) {
  start({server("files")});
  break_it();
  fail_once();
  auto x = row("files");
  EXPECT_EQ(x.phase, phase::cooling_down);
  EXPECT_EQ(x.since, harness.now());
  EXPECT_EQ(x.failed_starts, 1u);
  EXPECT_EQ(x.next_retry_at, harness.now() + 1s);
  EXPECT_EQ(x.last_error->code, errc::handshake_failed);
  advance(1s);
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").next_retry_at, time_point{});
}

TEST_F(RepositoryCooldownTest, SetsNothingBackAfterAShortLife) {
  start({server("files")});
  EXPECT_EQ(pause_after_life_of(59s), 4s);
}

TEST_F(RepositoryCooldownTest, BeginsAnewAfterAStableTime) {
  start({server("files")});
  EXPECT_EQ(pause_after_life_of(60s), 1s);
}

TEST_F(RepositoryCooldownTest, BeginsAnewAfterAStableTimeThatEndedUnused) {
  auto files = server("files");
  files.idle_timeout = 61s;
  start({files});
  break_it();
  fail_once();
  fail_once();
  mend_it();
  advance(2s);
  ASSERT_FALSE(get_one("files").refused());
  advance(200s);
  ASSERT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").failed_starts, 0u);
  break_it();
  fail_once();
  EXPECT_EQ(pause(), 1s);
}

TEST_F(RepositoryCooldownTest, AServerThatDiesAgainAndAgainIsLeftAlone) {
  start({server("files")});
  live_for(1s);
  EXPECT_EQ(row("files").phase, phase::on_demand) << "the first is for free";
  live_for(1s);
  EXPECT_EQ(pause(), 1s);
  EXPECT_EQ(get_one("files").why().code, errc::cooling_down);
  advance(1s);
  live_for(1s);
  EXPECT_EQ(pause(), 2s);
}

TEST_F(RepositoryCooldownTest, BelievesAServerUpToTheLongestPause) {
  start({server("files")});
  auto why = make_refusal(errc::busy, "HTTP 503");
  why.retry_after = 24h;
  network.habits("files").refuses = why;
  get_one("files");
  EXPECT_EQ(pause(), limits.cooldown.max);
}

TEST_F(RepositoryCooldownTest, HarmsNoOtherServer) {
  start({server("files"), server("search")});
  break_it();
  fail_once();
  EXPECT_FALSE(get_one("search").refused());
  EXPECT_EQ(row("search").failed_starts, 0u);
}

// -- what is not the server's fault -------------------------------------------

TEST_F(RepositoryCooldownTest, IgnoresATurnThatDidNotCome) {
  limits.throttle.max_starting = 0;
  start({server("files")});
  auto x = get_one("files");
  advance(61s);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").failed_starts, 0u);
}

TEST_F(RepositoryCooldownTest, IgnoresAFullThrottle) {
  limits.throttle.max_starting = 1;
  limits.throttle.max_waiting = 0;
  start({server("files"), server("search")});
  network.habits("search") = silent();
  network.habits("search").closes = true;
  get_one("search");
  EXPECT_EQ(get_one("files").why().code, errc::busy);
  EXPECT_EQ(row("files").failed_starts, 0u);
  disconnect_one("search");
  EXPECT_FALSE(get_one("files").refused());
}

TEST_F(RepositoryCooldownTest, IgnoresAStartThatNobodyWaitsForAnyMore) {
  start({server("files")});
  network.habits("files").initializes = false;
  get_one("files", harness.in(1s));
  session("files").take("initialize");
  advance(1s + 20ms);
  EXPECT_EQ(row("files").failed_starts, 0u);
  EXPECT_EQ(row("files").phase, phase::on_demand);
}

// -- what ends it -------------------------------------------------------------

TEST_F(RepositoryCooldownTest, DisconnectForgives) {
  start({server("files")});
  break_it();
  fail_once();
  mend_it();
  disconnect_one("files");
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").failed_starts, 0u);
  EXPECT_FALSE(get_one("files").refused());
}

TEST_F(RepositoryCooldownTest, AChangedConfigurationForgives) {
  start({server("files")});
  break_it();
  fail_once();
  mend_it();
  auto changed = server("files");
  changed.args = {"--new"};
  changed.fingerprint = config::fingerprint_of(changed);
  put(changed);
  EXPECT_EQ(row("files").failed_starts, 0u);
  EXPECT_FALSE(get_one("files").refused());
}

TEST_F(RepositoryCooldownTest, AnotherTitleForgivesNothing) {
  start({server("files")});
  break_it();
  fail_once();
  auto changed = server("files");
  changed.title = "Files";
  put(changed);
  EXPECT_EQ(get_one("files").why().code, errc::cooling_down);
}

// -- logins -------------------------------------------------------------------

TEST_F(RepositoryCooldownTest, AMissingLoginHasItsOwnPhaseAndRefusal) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto first = get_one("files");
  fail_initialize(make_refusal(errc::needs_login, "HTTP 401"),
                  transport::delivery::not_sent);
  EXPECT_EQ(first.why().code, errc::needs_login);
  auto why = get_one("files").why();
  EXPECT_EQ(why.code, errc::needs_login);
  EXPECT_EQ(why.retry_after, 1s);
  EXPECT_THAT(why.text, HasSubstr("HTTP 401"));
  EXPECT_EQ(row("files").phase, phase::needs_login);
  EXPECT_EQ(network.opened("files"), 1u);
  mend_it();
  advance(1s);
  EXPECT_FALSE(get_one("files").refused());
}

} // namespace
} // namespace mcpool::actors
