// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include "connection_fixture.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_rpc.hpp>

#include <algorithm>
#include <random>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace mcpool::actors {
namespace {

std::string page(const std::string& items, const std::string& cursor = {}) {
  auto next
    = cursor.empty() ? std::string{} : cat(R"(,"nextCursor":")", cursor, "\"");
  return cat(R"({"tools":[)", items, "]", next, "}");
}

class ConnectionCallsTest : public ConnectionTest {
protected:
  answer<list_result> ask_list(deadline until = {}) {
    return ask<list_result>(aut, list{"tools/list", until});
  }

  void answer_page(const std::string& items, const std::string& cursor = {}) {
    session().answer(session().take("tools/list").id, page(items, cursor));
    run();
  }

  answer<call_result> call_as(guest& who, std::uint64_t id,
                              bool wants_progress = false) {
    call x;
    x.method = "tools/call";
    x.id = {id};
    if (wants_progress)
      x.progress = who.handle;
    return ask_from<call_result>(who, aut, x);
  }

  void report_progress(std::int64_t id, double done) {
    session().notify("notifications/progress",
                     cat(R"({"progressToken":)", id, R"(,"progress":)",
                         std::to_string(done), R"(,"total":9,"message":"m"})"));
    run();
  }
};

// -- calls --------------------------------------------------------------------

TEST_F(ConnectionCallsTest, ReturnsTheBytesThatTheServerSent) {
  start_ready();
  auto x = request();
  session().answer(session().take("tools/call").id, R"({"b": [1,  2]})");
  run();
  EXPECT_EQ(x.value().json.view(), R"({"b": [1,  2]})");
}

TEST_F(ConnectionCallsTest, SendsParamsAndMeta) {
  start_ready();
  call x;
  x.method = "tools/call";
  x.params = shared_text{R"({"name":"echo"})"};
  x.meta = shared_text{R"({"trace":"t"})"};
  ask<call_result>(aut, x);
  EXPECT_EQ(session().take("tools/call").message.params.view(),
            R"({"_meta":{"trace":"t"},"name":"echo"})");
}

TEST_F(ConnectionCallsTest, ReadsMessagesThatComeTogetherInTheirOrder) {
  start_ready();
  auto first = request();
  auto second = request();
  auto a = session().take("tools/call").id;
  auto b = session().take("tools/call").id;
  session().say(
    cat("[", protocol::encode_result(cat(b), R"({"n":2})").view(), ",",
        protocol::encode_notification("notifications/message", "{}").view(),
        ",", protocol::encode_result(cat(a), R"({"n":1})").view(), ",",
        protocol::encode_result(cat(a), R"({"n":3})").view(), "]"));
  run();
  EXPECT_EQ(first.value().json.view(), R"({"n":1})");
  EXPECT_EQ(second.value().json.view(), R"({"n":2})");
}

TEST_F(ConnectionCallsTest, PassesTheErrorOfTheServerOn) {
  start_ready();
  auto x = request();
  session().refuse(session().take("tools/call").id, -32602, "unknown tool",
                   R"({"x":1})");
  run();
  EXPECT_EQ(x.why().code, errc::remote_error);
  ASSERT_TRUE(x.why().remote);
  EXPECT_EQ(x.why().remote->code, -32602);
  EXPECT_EQ(x.why().remote->message, "unknown tool");
  EXPECT_EQ(x.why().remote->data, R"({"x":1})");
}

TEST_F(ConnectionCallsTest, MatchesAThousandAnswersThatComeOutOfOrder) {
  config.max_in_flight = 1000;
  start_ready();
  std::vector<answer<call_result>> answers;
  for (auto i = 0; i < 1000; ++i)
    answers.push_back(request());
  std::vector<std::pair<std::int64_t, int>> sent;
  for (auto i = 0; i < 1000; ++i)
    sent.emplace_back(session().take("tools/call").id, i);
  std::mt19937 random{17};
  std::shuffle(sent.begin(), sent.end(), random);
  for (auto [id, number] : sent)
    session().answer(id, cat(number));
  run();
  for (auto i = 0; i < 1000; ++i)
    ASSERT_EQ(answers[i].value().json.view(), cat(i));
}

TEST_F(ConnectionCallsTest, IgnoresAnswersToWhatNobodyAsked) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  session().answer(id + 1, "1");
  session().answer(0, "2");
  session().answer(-id, "3");
  session().say(cat(R"({"jsonrpc":"2.0","id":")", id, R"(","result":4})"));
  session().say(
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"?"}})");
  run();
  EXPECT_FALSE(x.ready());
  session().answer(id, "5");
  run();
  EXPECT_EQ(x.value().json.view(), "5");
}

TEST_F(ConnectionCallsTest, TakesAnAnswerOnce) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  session().answer(id, "1");
  session().answer(id, "2");
  session().refuse(id, -1, "3");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_EQ(ask<connection_status>(aut, status{}).value().calls_failed, 0u);
}

TEST_F(ConnectionCallsTest, TimesOutAndTellsTheServerAndTheTransport) {
  start_ready();
  auto x = request("tools/call", harness.in(3s));
  auto id = session().take("tools/call").id;
  advance(3s - 20ms);
  EXPECT_FALSE(x.ready());
  advance(40ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  auto told = session().take("notifications/cancelled");
  EXPECT_THAT(told.message.params.view(), HasSubstr(cat("\"requestId\":", id)));
  EXPECT_EQ(session().forgotten().count(id), 1u);
}

TEST_F(ConnectionCallsTest, UsesTheConfiguredTimeoutWithoutADeadline) {
  config.timeout = 2s;
  start_ready();
  auto x = request();
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, DropsAnAnswerThatComesTooLate) {
  start_ready();
  auto x = request("tools/call", harness.in(3s));
  auto id = session().take("tools/call").id;
  advance(4s);
  session().take("notifications/cancelled");
  session().answer(id, "1");
  run();
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  EXPECT_EQ(phase_now(), phase::ready);
}

TEST_F(ConnectionCallsTest, SendsNothingForACallThatIsTooLateRegression) {
  start_ready();
  advance(1s);
  auto x = request("tools/call", {harness.now() - 1ms});
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  EXPECT_EQ(ask_list({harness.now()}).why().code, errc::call_timed_out);
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionCallsTest, RefusesCallsPastTheBoundWithNumbers) {
  limits.max_calls_per_connection = 2;
  start_ready();
  request();
  request();
  auto third = request();
  EXPECT_EQ(third.why().code, errc::busy);
  EXPECT_THAT(third.why().text, HasSubstr("2 of 2"));
  session().answer(session().take("tools/call").id, "{}");
  run();
  EXPECT_FALSE(request().ready());
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, RefusesWhatTheServerDoesNotOffer) {
  start_ready();
  auto x = request("logging/setLevel");
  EXPECT_EQ(x.why().code, errc::not_supported);
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionCallsTest, SendsMethodsItDoesNotKnow) {
  start_ready();
  request("x-vendor/thing");
  session().take("x-vendor/thing");
}

TEST_F(ConnectionCallsTest, RefusesWhatIsNoRequest) {
  start_ready();
  for (auto method : {"", "initialize", "notifications/initialized"})
    EXPECT_EQ(request(method).why().code, errc::invalid_request) << method;
}

TEST_F(ConnectionCallsTest, RefusesParamsThatAreNoObject) {
  start_ready();
  call x;
  x.method = "tools/call";
  x.params = shared_text{"[1]"};
  EXPECT_EQ(ask<call_result>(aut, x).why().code, errc::invalid_request);
}

TEST_F(ConnectionCallsTest, RefusesParamsThatAreTooLarge) {
  config.max_message_bytes = 1000;
  start_ready();
  call x;
  x.method = "tools/call";
  x.params = shared_text{cat(R"({"a":")", std::string(1000, 'x'), "\"}")};
  EXPECT_EQ(ask<call_result>(aut, x).why().code, errc::payload_too_large);
}

TEST_F(ConnectionCallsTest, FailsACallWhoseExchangeFailed) {
  start_ready();
  auto x = request();
  auto y = request();
  session().fail(session().take("tools/call").id,
                 make_refusal(errc::protocol_violation, "HTML"),
                 transport::delivery::maybe_sent);
  run();
  EXPECT_EQ(x.why().code, errc::protocol_violation);
  EXPECT_FALSE(y.ready());
  EXPECT_EQ(phase_now(), phase::ready);
  session().take("tools/call");
}

TEST_F(ConnectionCallsTest, NeverSendsAgainWhatMayHaveArrived) {
  start_ready();
  auto x = request();
  session().fail(session().take("tools/call").id,
                 make_refusal(errc::connection_lost, "reset"),
                 transport::delivery::maybe_sent);
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionCallsTest, LosesItsCallsWithTheConnectionAndReplaysNone) {
  start_ready();
  auto x = request();
  auto y = request();
  session().end(make_refusal(errc::connection_lost, "killed by signal 9"));
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(y.why().code, errc::connection_lost);
  EXPECT_THAT(x.why().text, HasSubstr("killed by signal 9"));
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(network.opened("files"), 1u);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, AnswersToManyCallsComeInOneArray) {
  start_ready();
  auto x = request();
  auto y = request();
  auto first = session().take("tools/call").id;
  auto second = session().take("tools/call").id;
  session().say(cat(R"([{"jsonrpc":"2.0","id":)", second,
                    R"(,"result":2},{"jsonrpc":"2.0","id":)", first,
                    R"(,"result":1}])"));
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_EQ(y.value().json.view(), "2");
}

// -- cancel and progress ------------------------------------------------------

TEST_F(ConnectionCallsTest, CancelsTheCallOfItsSenderOnly) {
  start_ready();
  auto& ann = new_guest();
  auto& bob = new_guest();
  auto of_ann = call_as(ann, 1);
  auto of_bob = call_as(bob, 1);
  auto id = session().take("tools/call").id;
  session().take("tools/call");
  tell_from(ann, aut, cancel{{1}});
  EXPECT_EQ(of_ann.why().code, errc::cancelled);
  EXPECT_FALSE(of_bob.ready());
  auto told = session().take("notifications/cancelled");
  EXPECT_THAT(told.message.params.view(), HasSubstr(cat("\"requestId\":", id)));
  EXPECT_EQ(session().forgotten().count(id), 1u);
}

TEST_F(ConnectionCallsTest, CancelsNothingThatIsNotThere) {
  start_ready();
  auto& ann = new_guest();
  auto x = call_as(ann, 1);
  tell_from(ann, aut, cancel{{2}});
  tell_from(ann, aut, cancel{{0}});
  EXPECT_FALSE(x.ready());
  session().answer(session().take("tools/call").id, "{}");
  run();
  tell_from(ann, aut, cancel{{1}});
  EXPECT_FALSE(x.refused());
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionCallsTest, GivesUpTheCallsOfACallerThatEnds) {
  start_ready();
  auto& ann = new_guest();
  auto& bob = new_guest();
  call_as(ann, 0);
  auto of_bob = call_as(bob, 0);
  auto id = session().take("tools/call").id;
  session().take("tools/call");
  engine::end(ann.handle);
  run();
  auto told = session().take("notifications/cancelled");
  EXPECT_THAT(told.message.params.view(), HasSubstr(cat("\"requestId\":", id)));
  EXPECT_EQ(session().forgotten().count(id), 1u);
  EXPECT_FALSE(of_bob.ready());
}

TEST_F(ConnectionCallsTest, GivesProgressToTheCallerThatCausedIt) {
  start_ready();
  auto& ann = new_guest();
  auto& bob = new_guest();
  call_as(ann, 41, true);
  call_as(bob, 42, true);
  auto of_ann = session().take("tools/call");
  session().take("tools/call");
  EXPECT_THAT(of_ann.message.params.view(),
              HasSubstr(cat(R"("progressToken":)", of_ann.id)));
  report_progress(of_ann.id, 3);
  ASSERT_EQ(ann.seen.size(), 1u);
  EXPECT_EQ(ann.seen[0].id, call_id{41});
  EXPECT_EQ(ann.seen[0].done, 3);
  EXPECT_EQ(ann.seen[0].total, 9);
  EXPECT_EQ(ann.seen[0].message, "m");
  EXPECT_THAT(bob.seen, IsEmpty());
}

TEST_F(ConnectionCallsTest, GivesNoProgressAfterTheAnswer) {
  start_ready();
  auto& ann = new_guest();
  call_as(ann, 1, true);
  auto id = session().take("tools/call").id;
  session().answer(id, "{}");
  report_progress(id, 3);
  EXPECT_THAT(ann.seen, IsEmpty());
}

TEST_F(ConnectionCallsTest, IgnoresProgressThatNobodyWants) {
  start_ready();
  auto& ann = new_guest();
  auto x = call_as(ann, 1);
  auto sent = session().take("tools/call");
  EXPECT_THAT(sent.message.params.view(),
              ::testing::Not(HasSubstr("progressToken")));
  report_progress(sent.id, 1);
  report_progress(999, 1);
  session().notify("notifications/progress", R"({"progress":1})");
  session().notify("notifications/progress");
  run();
  EXPECT_THAT(ann.seen, IsEmpty());
  EXPECT_FALSE(x.ready());
}

// -- the server asks ----------------------------------------------------------

TEST_F(ConnectionCallsTest, AnswersAPingBeforeAndAfterTheHandshake) {
  habits().initializes = habits().answers = false;
  start();
  session().request(R"("early")", "ping");
  run();
  auto handshake = session().take("initialize").id;
  EXPECT_EQ(session().take("").message.id.view(), R"("early")");
  session().answer(handshake, habits().greeting);
  run();
  session().take("notifications/initialized");
  session().request("7", "ping");
  run();
  auto pong = session().take("");
  EXPECT_EQ(pong.message.kind, protocol::message_kind::result);
  EXPECT_EQ(pong.message.id.view(), "7");
  EXPECT_EQ(pong.message.result.view(), "{}");
}

TEST_F(ConnectionCallsTest, RefusesRequestsOfTheServerThatItDoesNotServe) {
  start_ready();
  session().request("3", "sampling/createMessage");
  run();
  auto x = session().take("");
  EXPECT_EQ(x.kind, transport::outgoing_kind::one_way);
  EXPECT_EQ(x.message.kind, protocol::message_kind::error);
  EXPECT_EQ(x.message.error.code, -32601);
  EXPECT_EQ(x.message.id.view(), "3");
}

TEST_F(ConnectionCallsTest, IgnoresNotificationsThatItDoesNotKnow) {
  start_ready();
  session().notify("notifications/whatever", "{}");
  session().notify("notifications/message", R"({"level":"info"})");
  run();
  EXPECT_EQ(phase_now(), phase::ready);
  EXPECT_TRUE(session().inbox().empty());
}

// -- lists --------------------------------------------------------------------

TEST_F(ConnectionCallsTest, PutsThePagesOfAListTogether) {
  start_ready();
  auto x = ask_list();
  answer_page(R"({"name":"a"})", "two");
  EXPECT_THAT(session().inbox().front().message.params.view(),
              HasSubstr(R"("cursor":"two")"));
  answer_page(R"({"name":"b"},{"name":"c"})");
  EXPECT_EQ(x.value().items.view(),
            R"([{"name":"a"},{"name":"b"},{"name":"c"}])");
  EXPECT_EQ(x.value().count, 3u);
  EXPECT_EQ(x.value().pages, 2u);
}

TEST_F(ConnectionCallsTest, GivesUpAListWithTooManyPages) {
  config.list.pages = 2;
  start_ready();
  auto x = ask_list();
  answer_page("{}", "two");
  answer_page("{}", "three");
  EXPECT_EQ(x.why().code, errc::payload_too_large);
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionCallsTest, GivesUpAListWithTooManyItems) {
  config.list.items = 2;
  start_ready();
  auto x = ask_list();
  answer_page("{},{},{}");
  EXPECT_EQ(x.why().code, errc::payload_too_large);
}

TEST_F(ConnectionCallsTest, GivesUpAListWithTooManyBytes) {
  config.list.bytes = 100;
  start_ready();
  auto x = ask_list();
  answer_page(cat("\"", std::string(100, 'x'), "\""));
  EXPECT_EQ(x.why().code, errc::payload_too_large);
}

TEST_F(ConnectionCallsTest, GivesUpAListThatTakesTooLongOverAllPages) {
  config.list.time = 3s;
  start_ready();
  auto x = ask_list();
  for (auto cursor : {"b", "c"}) {
    advance(1s + 400ms);
    answer_page("{}", cursor);
  }
  advance(300ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, GivesNoListMoreTimeThanItsBudget) {
  config.list.time = 3s;
  start_ready();
  auto x = ask_list(harness.in(1h));
  advance(3s + 20ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, GivesUpAListAtTheDeadlineOfTheCaller) {
  start_ready();
  auto x = ask_list(harness.in(1s));
  advance(1s + 20ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, HasAnEmptyListWithoutTheCapability) {
  habits().greeting = R"({"protocolVersion":"2025-11-25","capabilities":{}})";
  start();
  auto x = ask_list().value();
  EXPECT_EQ(x.items.view(), "[]");
  EXPECT_EQ(x.count, 0u);
  EXPECT_EQ(x.pages, 0u);
  EXPECT_EQ(session().count("tools/list"), 0u);
}

TEST_F(ConnectionCallsTest, RefusesAListOfSomethingElse) {
  start_ready();
  auto x = ask<list_result>(aut, list{"tools/call", {}});
  EXPECT_EQ(x.why().code, errc::invalid_request);
}

TEST_F(ConnectionCallsTest, FailsAListWithItsPage) {
  start_ready();
  auto x = ask_list();
  answer_page("{}", "two");
  session().refuse(session().take("tools/list").id, -32603, "no");
  run();
  EXPECT_EQ(x.why().code, errc::remote_error);
}

TEST_F(ConnectionCallsTest, FinishesARunningListWhileItDrainsRegression) {
  start_ready();
  auto x = ask_list();
  auto done = ask<void>(aut, drain{harness.in(5s)});
  answer_page("{}", "two");
  EXPECT_FALSE(done.ready());
  answer_page("{}");
  EXPECT_EQ(x.value().count, 2u);
  EXPECT_TRUE(done.ready());
}

// -- liveness -----------------------------------------------------------------

TEST_F(ConnectionCallsTest, SendsOnePingForAnyNumberOfAskers) {
  start_ready();
  advance(61s);
  std::vector<answer<bool>> all;
  for (auto i = 0; i < 64; ++i)
    all.push_back(ask<bool>(aut, verify{}));
  EXPECT_EQ(session().count("ping"), 1u);
  EXPECT_FALSE(all[0].ready());
  session().answer(session().take("ping").id, "{}");
  run();
  for (const auto& x : all)
    ASSERT_TRUE(x.value());
}

TEST_F(ConnectionCallsTest, RemembersThatTheServerAnswered) {
  start_ready();
  EXPECT_TRUE(ask<bool>(aut, verify{}).value());
  advance(59s);
  EXPECT_TRUE(ask<bool>(aut, verify{}).value());
  EXPECT_EQ(session().count("ping"), 0u);
  advance(2s);
  ask<bool>(aut, verify{});
  EXPECT_EQ(session().count("ping"), 1u);
  session().take("ping");
}

TEST_F(ConnectionCallsTest, EndsWhenAPingIsNotAnswered) {
  limits.liveness_ttl = 0s;
  start_ready();
  auto x = ask<bool>(aut, verify{});
  auto running = request();
  advance(5s + 20ms);
  EXPECT_FALSE(x.value());
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(why_ended().code, errc::connection_lost);
  network.ignore_rest();
}

TEST_F(ConnectionCallsTest, AServerThatRefusesThePingIsAlive) {
  limits.liveness_ttl = 0s;
  start_ready();
  auto x = ask<bool>(aut, verify{});
  session().refuse(session().take("ping").id, -32601, "unknown method");
  run();
  EXPECT_TRUE(x.value());
  EXPECT_EQ(phase_now(), phase::ready);
}

TEST_F(ConnectionCallsTest, APingWithoutRoomEndsNothingRegression) {
  limits.liveness_ttl = 0s;
  start_ready();
  auto running = request();
  session().take("tools/call");
  auto x = ask<bool>(aut, verify{});
  session().fail(session().take("ping").id,
                 make_refusal(errc::busy, "too much is unsent"),
                 transport::delivery::not_sent);
  run();
  EXPECT_TRUE(x.value());
  EXPECT_FALSE(running.ready());
  EXPECT_EQ(phase_now(), phase::ready);
}

TEST_F(ConnectionCallsTest, IsNotAliveBeforeItIsReady) {
  habits().initializes = false;
  start();
  EXPECT_FALSE(ask<bool>(aut, verify{}).value());
  session().take("initialize");
}

} // namespace
} // namespace mcpool::actors
