// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include "connection_fixture.hpp"

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

// A server that forgets sessions, as Streamable HTTP allows.
class ConnectionSessionTest : public ConnectionTest {
protected:
  // Loses the session; the new handshake is left to the test.
  void lose_session() {
    habits().initializes = false;
    session().lose_session();
    run();
  }

  void renew_session() {
    session().greet();
    run();
    session().take("notifications/initialized");
    EXPECT_EQ(phase_now(), phase::ready);
  }
};

TEST_F(ConnectionSessionTest, MakesOneNewHandshakeWithANewPermit) {
  start_ready();
  lose_session();
  EXPECT_THAT(phases(),
              ElementsAre(phase::waiting, phase::connecting, phase::ready,
                          phase::waiting, phase::connecting));
  EXPECT_EQ(permits_in_use(), 1u);
  auto x = session().inbox().front();
  EXPECT_EQ(x.kind, transport::outgoing_kind::initialize);
  renew_session();
  EXPECT_EQ(permits_in_use(), 0u);
  EXPECT_EQ(session().count("initialize"), 2u);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(ConnectionSessionTest, SendsRefusedCallsAgainOnceInOrder) {
  start_ready();
  auto x = request("tools/call");
  auto y = request("prompts/get");
  auto first = session().take("tools/call").id;
  auto second = session().take("prompts/get").id;
  lose_session();
  refuse_unread(second);
  refuse_unread(first);
  run();
  renew_session();
  session().answer(session().take("tools/call").id, "1");
  session().answer(session().take("prompts/get").id, "2");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_EQ(y.value().json.view(), "2");
}

TEST_F(ConnectionSessionTest, FailsACallThatIsRefusedAgain) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  lose_session();
  refuse_unread(id);
  run();
  renew_session();
  session().take("tools/call");
  refuse_unread(id);
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionSessionTest, FailsWhatTheOldSessionMayHaveRead) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  lose_session();
  session().fail(id, make_refusal(errc::connection_lost, "cut"),
                 transport::delivery::maybe_sent);
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  renew_session();
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionSessionTest, ParksCallsWhileTheSessionIsMadeAnew) {
  start_ready();
  lose_session();
  auto x = request();
  EXPECT_EQ(session().count("tools/call"), 0u);
  renew_session();
  session().answer(session().take("tools/call").id, "1");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
}

TEST_F(ConnectionSessionTest, ParkedCallsKeepTheirDeadline) {
  start_ready();
  lose_session();
  auto x = request("tools/call", harness.in(1s));
  advance(1s + 20ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  EXPECT_TRUE(session().forgotten().empty());
  renew_session();
  EXPECT_EQ(session().count("tools/call"), 0u);
}

TEST_F(ConnectionSessionTest, ParkedCallsCanBeCancelled) {
  start_ready();
  lose_session();
  auto& ann = new_guest();
  call mine;
  mine.method = "tools/call";
  mine.id = {4};
  auto x = ask_from<call_result>(ann, aut, mine);
  tell_from(ann, aut, cancel{{4}});
  EXPECT_EQ(x.why().code, errc::cancelled);
  renew_session();
  EXPECT_TRUE(session().inbox().empty());
}

TEST_F(ConnectionSessionTest, ListsWaitForTheNewSessionRegression) {
  start_ready();
  lose_session();
  auto x = ask<list_result>(aut, list{"tools/list", {}});
  EXPECT_FALSE(x.ready());
  renew_session();
  session().answer(session().take("tools/list").id, R"({"tools":[{}]})");
  run();
  EXPECT_EQ(x.value().count, 1u);
}

TEST_F(ConnectionSessionTest, AListGoesOnInTheNewSessionRegression) {
  start_ready();
  auto x = ask<list_result>(aut, list{"tools/list", {}});
  auto first = session().take("tools/list").id;
  lose_session();
  session().answer(first, R"({"tools":[{}],"nextCursor":"b"})");
  run();
  EXPECT_FALSE(x.ready());
  renew_session();
  session().answer(session().take("tools/list").id, R"({"tools":[{}]})");
  run();
  EXPECT_EQ(x.value().count, 2u);
}

TEST_F(ConnectionSessionTest, APingWaitsForTheNewSessionRegression) {
  start_ready();
  lose_session();
  auto x = ask<bool>(aut, verify{});
  EXPECT_FALSE(x.ready());
  renew_session();
  session().answer(session().take("ping").id, "{}");
  run();
  EXPECT_TRUE(x.value());
}

TEST_F(ConnectionSessionTest, HandshakeThatFailsEndsItWithItsCalls) {
  start_ready();
  lose_session();
  auto x = request();
  session().refuse(session().take("initialize").id, -32000, "full");
  run();
  EXPECT_EQ(x.why().code, errc::superseded);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(permits_in_use(), 0u);
}

TEST_F(ConnectionSessionTest, HandshakeThatHangsEndsIt) {
  start_ready();
  lose_session();
  auto x = request("tools/call", harness.in(1h));
  advance(10s + 20ms);
  EXPECT_EQ(x.why().code, errc::superseded);
  EXPECT_EQ(why_ended().code, errc::connect_timeout);
  network.ignore_rest();
}

TEST_F(ConnectionSessionTest, DrainEndsTheNewHandshake) {
  start_ready();
  lose_session();
  auto x = request();
  session().take("initialize");
  auto done = ask<void>(aut, drain{harness.in(5s)});
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(x.why().code, errc::superseded);
  EXPECT_EQ(permits_in_use(), 0u);
}

TEST_F(ConnectionSessionTest, RenewsAsOftenAsTheServerAnswersInBetween) {
  start_ready();
  for (auto i = 0; i < 5; ++i) {
    lose_session();
    renew_session();
    auto x = request();
    session().answer(session().take("tools/call").id, "{}");
    run();
    ASSERT_TRUE(x.ready());
  }
  EXPECT_EQ(session().count("initialize"), 6u);
}

TEST_F(ConnectionSessionTest, EndsWhenEverySessionIsLostAtOnceRegression) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  lose_session();
  refuse_unread(id);
  run();
  renew_session();
  session().take("tools/call");
  session().lose_session();
  run();
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_THAT(why_ended().text, HasSubstr("forgets every session"));
  EXPECT_EQ(session().count("initialize"), 2u);
}

TEST_F(ConnectionSessionTest, ALossWhileItDrainsStartsNothing) {
  start_ready();
  auto x = request();
  auto id = session().take("tools/call").id;
  ask<void>(aut, drain{harness.in(5s)});
  session().lose_session();
  refuse_unread(id);
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(session().count("initialize"), 1u);
}

TEST_F(ConnectionSessionTest, GivesUpWhenItsTurnForTheNewSessionNeverComes) {
  limits.throttle.max_starting = 1;
  start_ready();
  // Somebody else takes the only permit, and keeps it.
  auto& other = new_guest();
  ask_from<messages::throttle::permit>(
    other, permits, messages::throttle::acquire{shared_scope(), {}});
  session().lose_session();
  run();
  auto x = request("tools/call", harness.in(1h));
  EXPECT_EQ(phase_now(), phase::waiting);
  advance(61s);
  EXPECT_EQ(phase_now(), phase::closed);
  EXPECT_EQ(x.why().code, errc::superseded);
}

} // namespace
} // namespace mcpool::actors
