// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include "connection_fixture.hpp"

#include <mcpool/core/cat.hpp>

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

/// A connection on which one call at a time is in flight.
class ConnectionQueueTest : public ConnectionTest {
protected:
  ConnectionQueueTest() { config.max_in_flight = 1; }

  connection_status now() {
    return ask<connection_status>(aut, status{}).value();
  }

  std::int64_t next() { return session().take("tools/call").id; }

  void answer_next() {
    session().answer(next(), "{}");
    run();
  }
};

TEST_F(ConnectionQueueTest, SixtyFourAreInFlightUnlessConfigured) {
  config.max_in_flight = config::server_config{}.max_in_flight;
  start_ready();
  for (auto i = 0; i < 70; ++i)
    request();
  EXPECT_EQ(session().count("tools/call"), 64u);
  EXPECT_EQ(now().calls_in_flight, 64u);
  EXPECT_EQ(now().calls_queued, 6u);
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, SendsTheNextInOrderWhenOneEnds) {
  start_ready();
  std::vector<answer<call_result>> calls;
  for (auto i = 0; i < 4; ++i) {
    call x;
    x.method = "tools/call";
    x.params = shared_text{cat(R"({"n":)", i, "}")};
    calls.push_back(ask<call_result>(aut, x));
  }
  for (auto i = 0; i < 4; ++i) {
    EXPECT_EQ(session().count("tools/call"), i + 1u);
    auto x = session().take("tools/call");
    EXPECT_THAT(x.message.params.view(), HasSubstr(cat(R"("n":)", i)));
    if (i % 2 == 0)
      session().answer(x.id, "{}");
    else
      session().refuse(x.id, -1, "no");
    run();
    EXPECT_TRUE(calls[i].ready());
  }
  EXPECT_EQ(now().calls_in_flight, 0u);
  EXPECT_EQ(now().calls_finished, 2u);
  EXPECT_EQ(now().calls_failed, 2u);
}

TEST_F(ConnectionQueueTest, ACallThatTimesOutMakesRoom) {
  start_ready();
  auto x = request("tools/call", harness.in(1s));
  auto y = request();
  next();
  advance(1100ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  session().take("notifications/cancelled");
  answer_next();
  EXPECT_FALSE(y.refused());
}

TEST_F(ConnectionQueueTest, ACallThatIsCancelledMakesRoom) {
  start_ready();
  auto& ann = new_guest();
  call x;
  x.method = "tools/call";
  x.id = {7};
  ask_from<call_result>(ann, aut, x);
  auto y = request();
  next();
  tell_from(ann, aut, cancel{{7}});
  session().take("notifications/cancelled");
  answer_next();
  EXPECT_FALSE(y.refused());
}

TEST_F(ConnectionQueueTest, TheServerNeverHearsOfACallThatGivesUpWaiting) {
  start_ready();
  request();
  auto x = request("tools/call", harness.in(1s));
  next();
  advance(1100ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  EXPECT_THAT(x.why().text, AllOf(HasSubstr("not sent"),
                                  HasSubstr("1 of 1 calls in flight")));
  EXPECT_TRUE(session().inbox().empty());
  EXPECT_TRUE(session().forgotten().empty());
  EXPECT_EQ(now().calls_queued, 0u);
}

TEST_F(ConnectionQueueTest, TheServerNeverHearsOfWhatADeadCallerHadWaiting) {
  start_ready();
  auto& ann = new_guest();
  for (auto i = 0; i < 3; ++i) {
    call x;
    x.method = "tools/call";
    ask_from<call_result>(ann, aut, x);
  }
  next();
  engine::end(ann.handle);
  run();
  session().take("notifications/cancelled");
  EXPECT_TRUE(session().inbox().empty());
  EXPECT_EQ(now().calls_in_flight, 0u);
}

TEST_F(ConnectionQueueTest, SendsNothingThatIsLateWhenAPlaceIsFree) {
  start_ready();
  auto until = harness.in(1s);
  auto x = request("tools/call", until);
  auto y = request("tools/call", until);
  next();
  advance(1100ms);
  EXPECT_THAT(x.why().text, HasSubstr("did not answer"));
  EXPECT_THAT(y.why().text, HasSubstr("not sent"));
  session().take("notifications/cancelled");
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionQueueTest, RefusesWhatDoesNotFitWithNumbersAndWhenToAskAgain) {
  limits.max_calls_per_connection = 3;
  start_ready();
  for (auto i = 0; i < 3; ++i)
    request();
  auto x = request().why();
  EXPECT_EQ(x.code, errc::busy);
  EXPECT_THAT(x.text, AllOf(HasSubstr("3 of 3"), HasSubstr("1 of 1 in flight"),
                            HasSubstr("2 waiting")));
  EXPECT_EQ(x.retry_after, std::optional<duration>{1s});
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, BoundsTheBytesThatWait) {
  start_ready();
  call x;
  x.method = "tools/call";
  x.params = shared_text{cat(R"({"a":")", std::string(15'000'000, 'x'), "\"}")};
  ask<call_result>(aut, x);
  for (auto i = 0; i < 4; ++i)
    EXPECT_FALSE(ask<call_result>(aut, x).ready());
  auto more = ask<call_result>(aut, x);
  EXPECT_EQ(more.why().code, errc::busy);
  EXPECT_THAT(more.why().text, HasSubstr("of at most 67108864 bytes"));
  EXPECT_TRUE(more.why().retry_after);
  EXPECT_FALSE(request().ready()) << "there is room for a small one";
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, APingDoesNotWaitForCalls) {
  limits.liveness_ttl = 1s;
  start_ready();
  request();
  request();
  next();
  advance(2s);
  auto alive = ask<bool>(aut, verify{});
  session().answer(session().take("ping").id, "{}");
  run();
  EXPECT_TRUE(alive.value());
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, PagesOfAListTakeTurnsWithCalls) {
  start_ready();
  request();
  auto all = ask<list_result>(aut, list{"tools/list", {}});
  EXPECT_EQ(session().count("tools/list"), 0u);
  answer_next();
  session().answer(session().take("tools/list").id, R"({"tools":[]})");
  run();
  EXPECT_EQ(all.value().count, 0u);
}

TEST_F(ConnectionQueueTest, AListOfACallerThatIsGoneEnds) {
  config.max_in_flight = 2;
  start_ready();
  auto& ann = new_guest();
  ask_from<list_result>(ann, aut, list{"tools/list", {}});
  auto id = session().take("tools/list").id;
  engine::end(ann.handle);
  run();
  EXPECT_EQ(now().calls_in_flight, 0u);
  EXPECT_EQ(session().forgotten().count(id), 1u);
  session().take("notifications/cancelled");
}

TEST_F(ConnectionQueueTest, WhatWaitsFinishesBeforeADrainEnds) {
  start_ready();
  auto x = request();
  auto y = request();
  ask<void>(aut, drain{harness.in(5s)});
  EXPECT_EQ(phase_now(), phase::draining);
  answer_next();
  EXPECT_EQ(phase_now(), phase::draining);
  answer_next();
  EXPECT_FALSE(x.refused());
  EXPECT_FALSE(y.refused());
  EXPECT_EQ(phase_now(), phase::closed);
}

TEST_F(ConnectionQueueTest, TellsThatACallWasNotSentWhenItIsEnded) {
  start_ready();
  auto x = request();
  auto y = request();
  ask<void>(aut, drain{harness.now()});
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(y.why().code, errc::superseded);
  EXPECT_THAT(y.why().text, HasSubstr("not sent"));
  EXPECT_EQ(events.back().total.calls_failed, 2u);
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, AnAnswerThatIsTooLargeIsTheErrorOfItsCall) {
  start_ready();
  auto x = request();
  session().end(make_refusal(errc::payload_too_large, "sent too much at once"));
  run();
  EXPECT_EQ(x.why().code, errc::payload_too_large);
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, NobodyKnowsWhoseAnswerOfManyWasTooLarge) {
  config.max_in_flight = 2;
  start_ready();
  auto x = request();
  auto y = request();
  session().end(make_refusal(errc::payload_too_large, "sent too much at once"));
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(y.why().code, errc::connection_lost);
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, AFailureAfterSendingIsNoFailureToConnect) {
  config.max_in_flight = 2;
  start_ready();
  auto x = request();
  auto y = request();
  session().fail(next(), make_refusal(errc::connect_failed, "HTTP 500"),
                 transport::delivery::maybe_sent);
  session().fail(next(), make_refusal(errc::connect_failed, "refused"),
                 transport::delivery::not_sent);
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(y.why().code, errc::connect_failed);
}

TEST_F(ConnectionQueueTest, NamesTheLimitThatACallRanInto) {
  config.timeout = 2s;
  start_ready();
  auto x = request();
  advance(2100ms);
  EXPECT_THAT(x.why().text, HasSubstr("within 2s (timeout)"));
  auto y = request("tools/call", harness.in(1s));
  advance(1100ms);
  EXPECT_THAT(y.why().text, HasSubstr("before the deadline"));
  network.ignore_rest();
}

TEST_F(ConnectionQueueTest, BoundsWhoWaitForAPing) {
  limits.liveness_ttl = {};
  start_ready();
  std::vector<answer<bool>> all;
  for (auto i = 0; i < 1001; ++i)
    all.push_back(harness.send<bool>(aut, verify{}));
  run();
  EXPECT_EQ(all.back().why().code, errc::busy);
  EXPECT_THAT(all.back().why().text, HasSubstr("1000 of 1000"));
  session().answer(session().take("ping").id, "{}");
  run();
  EXPECT_TRUE(all[999].value());
}

TEST_F(ConnectionQueueTest, BoundsWhoWaitForTheEnd) {
  start_ready();
  request();
  std::vector<answer<void>> all;
  for (auto i = 0; i < 1001; ++i)
    all.push_back(harness.send<void>(aut, drain{harness.in(5s)}));
  run();
  EXPECT_EQ(all.back().why().code, errc::busy);
  answer_next();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_FALSE(all[999].refused());
}

} // namespace
} // namespace mcpool::actors
