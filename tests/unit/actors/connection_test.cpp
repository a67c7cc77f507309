// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include "connection_fixture.hpp"

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using testkit::silent;

// -- start --------------------------------------------------------------------

TEST_F(ConnectionTest, BecomesReadyByItself) {
  start();
  EXPECT_THAT(phases(),
              ElementsAre(phase::waiting, phase::connecting, phase::ready));
  EXPECT_EQ(session().established(), "2025-11-25");
  EXPECT_EQ(session().count("initialize"), 1u);
  EXPECT_EQ(session().count("notifications/initialized"), 1u);
}

TEST_F(ConnectionTest, ReportsHowToUseIt) {
  start();
  const auto& x = events.back();
  EXPECT_EQ(x.server, config.name);
  EXPECT_EQ(x.incarnation, 5u);
  EXPECT_EQ(x.ref.connection, aut);
  EXPECT_EQ(x.ref.server, config.name);
  EXPECT_EQ(x.ref.fingerprint, config.fingerprint);
  EXPECT_EQ(x.ref.protocol_version, "2025-11-25");
  EXPECT_EQ(x.ref.capabilities.view(),
            R"({"tools":{},"prompts":{},"resources":{}})");
}

TEST_F(ConnectionTest, OffersTheNewestVersionInItsFirstMessage) {
  habits() = silent();
  start();
  session().open_up();
  run();
  auto x = session().take("initialize");
  EXPECT_EQ(x.kind, transport::outgoing_kind::initialize);
  EXPECT_THAT(x.message.params.view(),
              HasSubstr(R"("protocolVersion":"2025-11-25")"));
}

TEST_F(ConnectionTest, SendsNothingBeforeTheTransportIsOpen) {
  habits() = silent();
  start();
  EXPECT_TRUE(session().opened());
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionTest, HoldsAPermitUntilItIsReady) {
  habits().initializes = false;
  start();
  EXPECT_EQ(permits_in_use(), 1u);
  session().greet();
  run();
  session().take("notifications/initialized");
  EXPECT_EQ(phase_now(), phase::ready);
  EXPECT_EQ(permits_in_use(), 0u);
}

TEST_F(ConnectionTest, MakesNoTransportBeforeItsTurn) {
  limits.throttle.max_starting = 0;
  start();
  EXPECT_THAT(phases(), ElementsAre(phase::waiting));
  EXPECT_TRUE(network.sessions("files").empty());
}

TEST_F(ConnectionTest, EndsWhenItsTurnNeverComes) {
  limits.throttle.max_starting = 0;
  start();
  advance(61s);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  EXPECT_THAT(why_ended().text, HasSubstr("'files'"));
  EXPECT_TRUE(network.sessions("files").empty());
}

TEST_F(ConnectionTest, EndsWhenTooManyWaitForTheirTurn) {
  limits.throttle.max_starting = 0;
  limits.throttle.max_waiting = 0;
  start();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::busy);
}

TEST_F(ConnectionTest, GivesUpAServerThatNeverOpens) {
  habits().opens = false;
  start();
  advance(9s);
  EXPECT_EQ(phase_now(), phase::connecting);
  advance(1s + 10ms);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  EXPECT_THAT(why_ended().text, HasSubstr("could not be reached within 10s"));
  EXPECT_EQ(permits_in_use(), 0u);
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ConnectionTest, GivesUpAServerThatHangsInTheHandshake) {
  habits().initializes = false;
  start();
  session().take("initialize");
  advance(10s + 10ms);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  EXPECT_THAT(why_ended().text, HasSubstr("did not answer the handshake"));
  EXPECT_EQ(permits_in_use(), 0u);
}

/// A connection that is made, to a server that says nothing.
class SilentHttpTest : public ConnectionTest {
protected:
  SilentHttpTest() {
    config.transport = config::transport_kind::streamable_http;
    config.command.clear();
    config.url = "http://files/mcp";
    habits().initializes = false;
  }

  void start_beside_another() {
    start();
    session().take("initialize");
    close_endpoint();
  }
};

TEST_F(SilentHttpTest, IsReachedIfTheTransportSaysNothingElseRegression) {
  config.init_timeout = 10s;
  config.connect_timeout = 30s;
  start_beside_another();
  advance(10s + 10ms);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  EXPECT_TRUE(endpoint_is_open());
}

TEST_F(SilentHttpTest, MayNotBeReachedIfTheTransportHadNoTimeRegression) {
  config.init_timeout = 10s;
  config.connect_timeout = 5s;
  start_until = in(5200ms);
  start_beside_another();
  advance(5200ms + 10ms);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  EXPECT_FALSE(endpoint_is_open());
}

TEST_F(ConnectionTest, GivesItsPermitBackBeforeTheFailedTransportIsGone) {
  habits() = silent();
  start();
  advance(10s + 10ms);
  EXPECT_TRUE(session().closing());
  EXPECT_EQ(phase_now(), phase::draining);
  EXPECT_EQ(permits_in_use(), 0u);
  session().end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
}

TEST_F(ConnectionTest, GivesItsPermitBackWhenItIsKilledInItsStart) {
  habits().initializes = false;
  start();
  session().take("initialize");
  engine::end(aut);
  run();
  EXPECT_EQ(permits_in_use(), 0u);
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ConnectionTest, LeavesTheQueueOfTheThrottleWhenItIsKilled) {
  limits.throttle.max_starting = 0;
  start();
  EXPECT_EQ(permits_of(permits).waiting, 1u);
  engine::end(aut);
  run();
  EXPECT_EQ(permits_of(permits).waiting, 0u);
}

// -- versions -----------------------------------------------------------------

TEST_F(ConnectionTest, TakesTheOlderVersionOfTheServer) {
  habits().greeting = R"({"protocolVersion":"2024-11-05","capabilities":{}})";
  start();
  EXPECT_EQ(phase_now(), phase::ready);
  EXPECT_EQ(session().established(), "2024-11-05");
}

TEST_F(ConnectionTest, RefusesAVersionItDoesNotSpeak) {
  habits().greeting = R"({"protocolVersion":"1999-01-01","capabilities":{}})";
  start();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::unsupported_version);
  EXPECT_THAT(why_ended().text, HasSubstr("1999-01-01"));
  EXPECT_EQ(session().count("notifications/initialized"), 0u);
}

TEST_F(ConnectionTest, TriesAVersionThatTheRefusalOfTheServerNames) {
  habits().initializes = false;
  start();
  session().refuse(session().take("initialize").id, -32602, "no such version",
                   R"({"supported":["2025-03-26"],"requested":"2025-11-25"})");
  run();
  auto again = session().take("initialize");
  EXPECT_THAT(again.message.params.view(), HasSubstr("2025-03-26"));
  session().answer(again.id,
                   R"({"protocolVersion":"2025-03-26","capabilities":{}})");
  run();
  session().take("notifications/initialized");
  EXPECT_EQ(phase_now(), phase::ready);
  EXPECT_EQ(session().established(), "2025-03-26");
}

TEST_F(ConnectionTest, TriesAnotherVersionOnlyOnce) {
  habits().initializes = false;
  start();
  for (auto version : {"2025-03-26", "2024-11-05"}) {
    session().refuse(session().take("initialize").id, -32602, "no",
                     cat(R"({"supported":[")", version, "\"]}"));
    run();
  }
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::handshake_failed);
  EXPECT_EQ(session().count("initialize"), 2u);
}

TEST_F(ConnectionTest, EndsWhenTheServerRefusesTheHandshake) {
  habits().initializes = false;
  start();
  session().refuse(session().take("initialize").id, -32000, "not today");
  run();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::handshake_failed);
  EXPECT_THAT(why_ended().text, HasSubstr("not today (-32000)"));
}

class ConnectionGreetingTest
  : public ConnectionTest,
    public ::testing::WithParamInterface<const char*> {};

TEST_P(ConnectionGreetingTest, EndsWhenTheHandshakeMakesNoSense) {
  habits().greeting = GetParam();
  start();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::handshake_failed);
  EXPECT_EQ(network.live(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
  All, ConnectionGreetingTest,
  ::testing::Values("null", "[]", "{}", R"({"protocolVersion":7})",
                    R"({"protocolVersion":"2025-11-25","capabilities":[]})"));

// -- failures of the transport ------------------------------------------------

struct failure_case {
  const char* name;
  errc given;
  errc before_open;
  errc in_handshake;
  errc when_ready;
};

class ConnectionFailureTest
  : public ConnectionTest,
    public ::testing::WithParamInterface<failure_case> {
protected:
  void break_down() {
    session().end(make_refusal(GetParam().given, "it broke"));
    run();
    EXPECT_EQ(phase_now(), phase::closed);
    EXPECT_THAT(why_ended().text, HasSubstr("it broke"));
    EXPECT_EQ(permits_in_use(), 0u);
  }
};

TEST_P(ConnectionFailureTest, EndsBeforeTheTransportIsOpen) {
  habits() = silent();
  start();
  break_down();
  EXPECT_EQ(why_ended().code, GetParam().before_open);
}

TEST_P(ConnectionFailureTest, EndsInTheHandshake) {
  habits().initializes = false;
  start();
  session().take("initialize");
  break_down();
  EXPECT_EQ(why_ended().code, GetParam().in_handshake);
}

TEST_P(ConnectionFailureTest, EndsWhenItIsReady) {
  start();
  break_down();
  EXPECT_EQ(why_ended().code, GetParam().when_ready);
}

INSTANTIATE_TEST_SUITE_P(
  All, ConnectionFailureTest,
  ::testing::Values(
    failure_case{"ConnectFailed", errc::connect_failed, errc::connect_failed,
                 errc::connect_failed, errc::connect_failed},
    failure_case{"ConnectionLost", errc::connection_lost, errc::connection_lost,
                 errc::handshake_failed, errc::connection_lost},
    failure_case{"PayloadTooLarge", errc::payload_too_large,
                 errc::payload_too_large, errc::payload_too_large,
                 errc::payload_too_large},
    failure_case{"ProtocolViolation", errc::protocol_violation,
                 errc::protocol_violation, errc::protocol_violation,
                 errc::protocol_violation}),
  [](const auto& x) { return x.param.name; });

TEST_F(ConnectionTest, EndsWhenTheExchangeOfTheHandshakeFails) {
  habits().initializes = false;
  start();
  session().fail(session().take("initialize").id,
                 make_refusal(errc::needs_login, "401"),
                 transport::delivery::not_sent);
  run();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::needs_login);
}

TEST_F(ConnectionTest, ALostHandshakeIsAFailedHandshakeRegression) {
  habits().initializes = false;
  start();
  session().fail(session().take("initialize").id,
                 make_refusal(errc::connection_lost, "reset by peer"),
                 transport::delivery::maybe_sent);
  run();
  EXPECT_EQ(why_ended().code, errc::handshake_failed);
}

TEST_F(ConnectionTest, NamesWhatTheServerPrintedInsteadOfMessages) {
  habits().initializes = false;
  start();
  session().take("initialize");
  session().make_noise("usage: files [dir]");
  session().end(make_refusal(errc::connection_lost, "ended with code 2"));
  run();
  EXPECT_THAT(why_ended().text, HasSubstr("usage: files [dir]"));
  EXPECT_THAT(why_ended().text, HasSubstr("ended with code 2"));
}

// -- end ----------------------------------------------------------------------

TEST_F(ConnectionTest, DrainsAtOnceWithoutCalls) {
  start();
  auto done = ask<void>(aut, drain{harness.in(5s)});
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ConnectionTest, DrainIsAnsweredWhenEverythingIsGone) {
  start();
  habits().closes = false;
  auto done = ask<void>(aut, drain{});
  EXPECT_TRUE(session().closing());
  EXPECT_FALSE(done.ready());
  session().end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(done.ready());
  EXPECT_FALSE(done.refused());
}

TEST_F(ConnectionTest, LetsRunningCallsFinishWhileItDrains) {
  start_ready();
  auto first = request();
  auto second = request();
  auto done = ask<void>(aut, drain{harness.in(5s)});
  EXPECT_EQ(phase_now(), phase::draining);
  session().answer(session().take("tools/call").id, R"({"a":1})");
  run();
  EXPECT_EQ(first.value().json.view(), R"({"a":1})");
  EXPECT_FALSE(session().closing());
  session().answer(session().take("tools/call").id, "{}");
  run();
  EXPECT_TRUE(second.ready());
  EXPECT_FALSE(second.refused());
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(phase_now(), phase::closed);
}

TEST_F(ConnectionTest, FailsRunningCallsAtTheDeadlineOfTheDrain) {
  start_ready();
  auto running = request();
  session().take("tools/call");
  ask<void>(aut, drain{harness.in(5s)});
  advance(5s - 20ms);
  EXPECT_FALSE(running.ready());
  advance(40ms);
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_EQ(phase_now(), phase::closed);
}

TEST_F(ConnectionTest, RefusesNewCallsWhileItDrains) {
  start_ready();
  request();
  ask<void>(aut, drain{harness.in(5s)});
  EXPECT_EQ(request().why().code, errc::superseded);
  EXPECT_EQ(ask<list_result>(aut, list{"tools/list", {}}).why().code,
            errc::superseded);
  EXPECT_FALSE(ask<bool>(aut, verify{}).value());
  session().take("tools/call");
}

TEST_F(ConnectionTest, ALaterDrainDoesNotGiveMoreTimeRegression) {
  start_ready();
  auto running = request();
  session().take("tools/call");
  auto first = ask<void>(aut, drain{harness.in(5s)});
  auto second = ask<void>(aut, drain{harness.in(50s)});
  advance(5s + 20ms);
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_TRUE(first.ready());
  EXPECT_TRUE(second.ready());
}

TEST_F(ConnectionTest, AnEarlierDrainGivesLessTime) {
  start_ready();
  auto running = request();
  session().take("tools/call");
  ask<void>(aut, drain{harness.in(50s)});
  ask<void>(aut, drain{harness.in(1s)});
  advance(1s + 20ms);
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_EQ(phase_now(), phase::closed);
}

TEST_F(ConnectionTest, DrainEndsAStart) {
  habits().initializes = false;
  start();
  session().take("initialize");
  auto done = ask<void>(aut, drain{harness.in(5s)});
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(permits_in_use(), 0u);
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ConnectionTest, DrainEndsTheWaitForAPermit) {
  limits.throttle.max_starting = 0;
  start();
  auto done = ask<void>(aut, drain{harness.in(5s)});
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(permits_of(permits).waiting, 0u);
}

TEST_F(ConnectionTest, AnswersTheServerNoMoreAfterItClosedRegression) {
  start();
  habits().closes = false;
  ask<void>(aut, drain{});
  session().request("1", "ping");
  session().request("2", "roots/list");
  run();
  EXPECT_TRUE(session().inbox().empty());
  session().end(make_refusal(errc::cancelled, "closed"));
}

TEST_F(ConnectionTest, FailsItsCallsWhenItIsKilled) {
  start_ready();
  auto running = request();
  auto alive = ask<bool>(aut, verify{});
  session().take("tools/call");
  engine::end(aut);
  run();
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_TRUE(alive.ready());
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ConnectionTest, EndsWithTheThrottle) {
  limits.throttle.max_starting = 0;
  start();
  engine::end(permits);
  run();
  EXPECT_EQ(phase_now(), phase::closed);
}

// -- status -------------------------------------------------------------------

TEST_F(ConnectionTest, TellsItsPhaseAndSinceWhen) {
  habits().initializes = false;
  start();
  auto began = harness.now();
  advance(2s);
  auto x = ask<connection_status>(aut, status{}).value();
  EXPECT_EQ(x.server, config.name);
  EXPECT_EQ(x.phase, phase::connecting);
  EXPECT_EQ(x.since, began);
  EXPECT_EQ(x.revision, 1u);
  EXPECT_EQ(x.protocol_version, "");
  session().take("initialize");
}

TEST_F(ConnectionTest, IsNotIdleWhileACallRuns) {
  config.idle_timeout = 1s;
  start_ready();
  advance(900ms);
  auto x = request();
  advance(5s);
  EXPECT_EQ(idle_reports, 0);
  session().answer(session().take("tools/call").id, "1");
  run();
  EXPECT_TRUE(x.ready());
  advance(990ms);
  EXPECT_EQ(idle_reports, 0);
  advance(1s);
  EXPECT_EQ(idle_reports, 1);
}

TEST_F(ConnectionTest, CountsItsCalls) {
  start_ready();
  for (auto i = 0; i < 3; ++i)
    request();
  session().answer(session().take("tools/call").id, "{}");
  session().refuse(session().take("tools/call").id, -1, "no");
  session().take("tools/call");
  auto x = ask<connection_status>(aut, status{}).value();
  EXPECT_EQ(x.phase, phase::ready);
  EXPECT_EQ(x.calls_in_flight, 1u);
  EXPECT_EQ(x.calls_finished, 1u) << "the handshake is nobody's call";
  EXPECT_EQ(x.calls_failed, 1u);
  EXPECT_EQ(x.server_info, "scripted 1");
  EXPECT_EQ(x.protocol_version, "2025-11-25");
}

TEST_F(ConnectionTest, TellsWhyItEnds) {
  start();
  habits().closes = false;
  ask<void>(aut, drain{});
  auto x = ask<connection_status>(aut, status{}).value();
  EXPECT_EQ(x.phase, phase::draining);
  ASSERT_TRUE(x.last_error);
  EXPECT_EQ(x.last_error->code, errc::connection_lost);
  session().end(make_refusal(errc::cancelled, "closed"));
}

} // namespace
} // namespace mcpool::actors
