// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

#include <optional>

using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using testkit::silent;

// A start tries again what can pass by itself. The dice of the fixture make
// every pause as long as it can be.
class RepositoryAttemptsTest : public RepositoryTest {
protected:
  static refusal disturbed(std::optional<duration> wait = duration::zero()) {
    auto out = make_refusal(errc::connect_failed, "connection refused");
    out.retry_after = wait;
    return out;
  }

  /// Starts with a server that is left to the test, and waits for it.
  answer<connection_ref> begin() {
    start({server("files")});
    network.habits("files") = silent();
    return get_one("files");
  }

  void fail(refusal why = disturbed()) {
    session("files").end(std::move(why));
    run();
  }

  std::size_t attempts() { return network.opened("files"); }
};

TEST_F(RepositoryAttemptsTest, TriesAgainWhatCanPass) {
  auto x = begin();
  fail();
  EXPECT_FALSE(x.ready());
  EXPECT_EQ(attempts(), 1u);
  advance(100ms);
  EXPECT_EQ(attempts(), 2u);
  fail();
  advance(190ms);
  EXPECT_EQ(attempts(), 2u);
  network.habits("files") = {};
  advance(10ms);
  EXPECT_EQ(attempts(), 3u);
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(row("files").attempts, 0u);
  EXPECT_EQ(row("files").failed_starts, 0u);
}

TEST_F(RepositoryAttemptsTest, GivesThePermitBackMeanwhile) {
  limits.throttle.max_starting = 1;
  auto x = begin();
  fail();
  EXPECT_EQ(permits_of(permits).in_use, 0u);
  EXPECT_EQ(row("files").phase, phase::waiting);
  EXPECT_EQ(row("files").attempts, 1u);
  EXPECT_EQ(row("files").waiting, 1u);
  advance(100ms);
  EXPECT_EQ(permits_of(permits).in_use, 1u);
  disconnect_one("files");
  fail();
}

TEST_F(RepositoryAttemptsTest, GivesUpAfterTheLast) {
  auto x = begin();
  for (auto pause : {100ms, 200ms}) {
    fail();
    EXPECT_FALSE(x.ready());
    advance(pause);
  }
  fail();
  EXPECT_EQ(attempts(), 3u);
  EXPECT_EQ(x.why().code, errc::connect_failed);
  EXPECT_THAT(x.why().text, HasSubstr("tried 3 times"));
  EXPECT_EQ(row("files").failed_starts, 1u) << "it was one start";
  EXPECT_EQ(row("files").phase, phase::cooling_down);
}

TEST_F(RepositoryAttemptsTest, FollowsItsConfiguration) {
  limits.max_attempts = 1;
  auto x = begin();
  fail();
  EXPECT_EQ(x.why().code, errc::connect_failed);
  EXPECT_THAT(x.why().text, Not(HasSubstr("tried")));
}

class RepositoryLastingTest : public RepositoryAttemptsTest,
                              public ::testing::WithParamInterface<errc> {};

TEST_P(RepositoryLastingTest, IsTriedOnce) {
  auto x = begin();
  fail(make_refusal(GetParam(), "it stays so"));
  EXPECT_TRUE(x.refused());
  advance(500ms);
  EXPECT_EQ(attempts(), 1u);
}

INSTANTIATE_TEST_SUITE_P(
  All, RepositoryLastingTest,
  ::testing::Values(errc::connect_failed, errc::needs_login,
                    errc::handshake_failed, errc::unsupported_version,
                    errc::protocol_violation, errc::connection_lost),
  [](const auto& x) { return std::string{name_of(x.param)}; });

TEST_F(RepositoryAttemptsTest, TriesAgainWhenTheHandshakeBreaksOff) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto x = get_one("files");
  fail_initialize(make_refusal(errc::connection_lost, "reset"),
                  transport::delivery::maybe_sent);
  EXPECT_FALSE(x.ready());
  network.habits("files") = {};
  advance(100ms);
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(RepositoryAttemptsTest, WaitsAsLongAsTheServerAsks) {
  auto x = begin();
  fail(disturbed(3s));
  advance(2990ms);
  EXPECT_EQ(attempts(), 1u);
  network.habits("files") = {};
  advance(10ms);
  EXPECT_EQ(attempts(), 2u);
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryAttemptsTest, NeverTriesPastTheDeadlineOfTheStart) {
  auto x = begin();
  fail(disturbed(10s));
  EXPECT_TRUE(x.refused()) << "the start has ten seconds";
  EXPECT_EQ(x.why().retry_after, 10s) << "the server is believed";
}

TEST_F(RepositoryAttemptsTest, AllAttemptsShareOneDeadline) {
  auto x = begin();
  advance(9s);
  fail();
  advance(100ms);
  EXPECT_EQ(attempts(), 2u);
  advance(890ms);
  EXPECT_FALSE(x.ready());
  network.habits("files").closes = true;
  advance(20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
}

TEST_F(RepositoryAttemptsTest, TheThirdAttemptEndsWithTheFirstOnesTime) {
  auto x = begin();
  advance(9s);
  fail();
  advance(100ms);
  fail();
  advance(200ms);
  EXPECT_EQ(attempts(), 3u);
  network.habits("files").closes = true;
  advance(680ms);
  EXPECT_FALSE(x.ready());
  advance(40ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
}

// What was left of the start's time is not what a later handshake has.
TEST_F(RepositoryAttemptsTest, ASessionOfALaterAttemptIsMadeAnewToo) {
  auto x = begin();
  fail();
  network.habits("files") = {};
  advance(100ms);
  ASSERT_FALSE(x.refused());
  advance(1min);
  network.habits("files").initializes = false;
  session("files").lose_session();
  run();
  advance(1s);
  session("files").greet();
  run();
  session("files").take("notifications/initialized");
  EXPECT_EQ(row("files").phase, phase::ready);
  EXPECT_EQ(session("files").count("initialize"), 2u);
  EXPECT_EQ(attempts(), 2u);
}

TEST_F(RepositoryAttemptsTest, AProbeHasOneAttempt) {
  auto x = begin();
  fail(make_refusal(errc::connect_failed, "no such file"));
  advance(1s);
  auto y = get_one("files");
  fail();
  EXPECT_TRUE(y.refused());
  EXPECT_EQ(row("files").next_retry_at, harness.now() + 2s);
}

TEST_F(RepositoryAttemptsTest, StopsWhenNobodyWaitsAnyMore) {
  start({server("files")});
  network.habits("files") = silent();
  auto x = get_one("files", harness.in(50ms));
  fail();
  advance(60ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_EQ(row("files").phase, phase::on_demand);
  advance(1s);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RepositoryAttemptsTest, DisconnectSeesThePause) {
  auto x = begin();
  fail();
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_EQ(x.why().code, errc::cancelled);
  advance(1s);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RepositoryAttemptsTest, AChangedConfigurationIsTriedAtOnce) {
  auto x = begin();
  fail(disturbed(5s));
  network.habits("files") = {};
  auto changed = server("files");
  changed.args = {"--new"};
  changed.fingerprint = config::fingerprint_of(changed);
  put(changed);
  EXPECT_EQ(x.value().fingerprint, changed.fingerprint);
}

TEST_F(RepositoryAttemptsTest, OthersJoinTheStartDuringThePause) {
  auto x = begin();
  fail();
  auto y = get_one("files");
  EXPECT_EQ(attempts(), 1u);
  network.habits("files") = {};
  advance(100ms);
  EXPECT_EQ(x.value().connection, y.value().connection);
  EXPECT_EQ(attempts(), 2u);
}

// -- what the THROTTLE learns -------------------------------------------------

TEST_F(RepositoryAttemptsTest, TellsThatAnEndpointCannotBeReached) {
  auto x = begin();
  session("files").miss();
  fail();
  EXPECT_EQ(permits_of(permits).unreachable, 1u);
  EXPECT_EQ(permits_of(permits).endpoints.at(0).endpoint, "/bin/files");
  network.habits("files") = {};
  advance(100ms);
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(permits_of(permits).unreachable, 0u);
}

TEST_F(RepositoryAttemptsTest, AProgramThatRunsIsThere) {
  auto x = begin();
  session("files").miss();
  fail();
  advance(100ms);
  session("files").open_up();
  run();
  session("files").take("initialize");
  fail(make_refusal(errc::handshake_failed, "it exited with code 1"));
  EXPECT_TRUE(x.refused());
  EXPECT_EQ(permits_of(permits).unreachable, 0u);
}

class RepositoryAnswerTest : public RepositoryAttemptsTest,
                             public ::testing::WithParamInterface<errc> {};

// One owner's credentials never stand in the way of another.
TEST_P(RepositoryAnswerTest, SaysThatTheEndpointIsThere) {
  auto http = server("files");
  http.transport = config::transport_kind::streamable_http;
  http.url = "http://files:80/mcp";
  start({http});
  network.habits("files").refuses = make_refusal(errc::connect_failed, "no");
  network.habits("files").is_missing = true;
  get_one("files");
  EXPECT_EQ(permits_of(permits).unreachable, 1u);
  network.habits("files") = {};
  network.habits("files").initializes = false;
  advance(1s);
  get_one("files");
  EXPECT_TRUE(permits_of(permits).endpoints.at(0).probing);
  fail_initialize(make_refusal(GetParam(), "no"),
                  transport::delivery::not_sent);
  EXPECT_EQ(permits_of(permits).unreachable, 0u);
}

INSTANTIATE_TEST_SUITE_P(All, RepositoryAnswerTest,
                         ::testing::Values(errc::needs_login, errc::not_allowed,
                                           errc::busy, errc::connect_failed,
                                           errc::protocol_violation),
                         [](const auto& x) {
                           return std::string{name_of(x.param)};
                         });

/// Another owner's start tries the server, in the hands of the test.
class RepositoryGateTest : public RepositoryAttemptsTest {
protected:
  using permit = messages::throttle::permit;

  messages::throttle::acquire acquire() {
    return {*user_scope("other"), {}, "/bin/files"};
  }

  void release(policy::start_outcome outcome) {
    other_->tell(permits,
                 messages::throttle::release{held_.value().id, outcome});
    run();
  }

  /// The endpoint of `files` is closed, and another start tries it.
  void probe() {
    other_ = &new_puppet();
    held_ = other_->ask<permit>(permits, acquire());
    release(policy::start_outcome::unreachable);
    held_ = other_->ask<permit>(permits, acquire());
  }

private:
  testkit::puppet* other_ = nullptr;
  answer<permit> held_;
};

TEST_F(RepositoryGateTest, WaitsForTheStartOfAnotherOwner) {
  start({server("files")});
  probe();
  auto x = get_one("files");
  EXPECT_FALSE(x.ready());
  EXPECT_EQ(row("files").phase, phase::waiting);
  release(policy::start_outcome::reached);
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryGateTest, IsRefusedWithTheOtherAndMayAskAgainAtOnce) {
  start({server("files")});
  probe();
  auto x = get_one("files");
  release(policy::start_outcome::unreachable);
  EXPECT_EQ(x.why().code, errc::connect_failed);
  EXPECT_THAT(x.why().text, HasSubstr("another start has just tried"));
  EXPECT_TRUE(x.why().retry_after.has_value());
  EXPECT_EQ(row("files").failed_starts, 0u) << "it was not its own start";
  EXPECT_FALSE(get_one("files").refused());
}

TEST_F(RepositoryGateTest, AFurtherAttemptThatIsRefusedIsAFailure) {
  start({server("files")});
  network.habits("files") = silent();
  auto x = get_one("files");
  fail();
  probe();
  advance(100ms);
  EXPECT_FALSE(x.ready());
  release(policy::start_outcome::unreachable);
  EXPECT_TRUE(x.refused());
  EXPECT_EQ(row("files").failed_starts, 1u);
}

// The old configuration's attempt takes its time to end.
TEST_F(RepositoryAttemptsTest, AChangeDuringAnAttemptsEndStartsAfresh) {
  auto x = begin();
  session("files").open_up();
  run();
  fail_initialize(disturbed(), transport::delivery::not_sent);
  advance(9s);
  auto changed = server("files");
  changed.args = {"--new"};
  put(changed);
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_EQ(attempts(), 2u);
  EXPECT_EQ(row("files").attempts, 1u);
  session("files").open_up();
  run();
  advance(5s);
  EXPECT_FALSE(x.ready()) << "it has as much time as any start";
  session("files").greet();
  run();
  network.ignore_rest();
  EXPECT_FALSE(x.refused());
  network.habits("files") = {};
}

TEST_F(RepositoryAttemptsTest, SaysSinceWhenSomebodyWaitsForMany) {
  begin();
  disconnect_one("files");
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  get_these({"files"}, on_error::fail);
  EXPECT_EQ(row("files").waiting, 1u);
  EXPECT_EQ(row("files").waiting_since, harness.now());
  disconnect_one("files");
  session("files").end(make_refusal(errc::cancelled, "closed"));
}

} // namespace
} // namespace mcpool::actors
