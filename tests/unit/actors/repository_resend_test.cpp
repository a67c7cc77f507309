// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "repository_fixture.hpp"

#include <mcpool/messages/connection.hpp>

namespace mcpool::actors {
namespace {

using testkit::unanswering;

/// What a lost connection leaves behind: the next one gets what was not
/// written, and nothing else.
class RepositoryResendTest : public RepositoryTest {
protected:
  RepositoryResendTest() {
    config.max_in_flight = 1;
    network.habits("a") = unanswering();
  }

  void begin() { start({config}); }

  answer<call_result> conn_call(const connection_ref& x, deadline until = {}) {
    messages::connection::call y;
    y.method = "tools/call";
    y.until = until;
    return ask<call_result>(x.connection, y);
  }

  void lose() {
    session("a").end(make_refusal(errc::connection_lost, "killed by signal 9"));
    run();
  }

  /// The server forgets the session and leaves the new handshake to the test.
  void lose_session() {
    network.habits("a") = testkit::silent();
    session("a").lose_session();
    run();
  }

  std::int64_t next() { return session("a").take("tools/call").id; }

  void answer_next() {
    session("a").answer(next(), "{}");
    run();
  }

  config::server_config config = server("a");
};

TEST_F(RepositoryResendTest, SendsWhatWaitedForItsTurnOnTheNextConnection) {
  begin();
  auto x = call_one("a");
  auto y = call_one("a");
  auto z = call_one("a");
  next();
  lose();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(network.opened("a"), 2u);
  answer_next();
  answer_next();
  EXPECT_FALSE(y.refused());
  EXPECT_FALSE(z.refused());
}

TEST_F(RepositoryResendTest, NeverSendsAgainWhatWasWritten) {
  config.max_in_flight = 3;
  begin();
  auto x = call_one("a");
  auto y = call_one("a");
  auto z = call_one("a");
  next();
  next();
  auto last = next();
  session("a").leave_unsent({last});
  lose();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(y.why().code, errc::connection_lost);
  EXPECT_EQ(session("a").count("tools/call"), 1u);
  answer_next();
  EXPECT_FALSE(z.refused());
}

TEST_F(RepositoryResendTest, KeepsTheDeadlineOfWhatIsSentAgain) {
  begin();
  call_one("a");
  auto y = call_one("a", harness.in(3s));
  next();
  advance(2s);
  lose();
  next();
  advance(1100ms);
  EXPECT_EQ(y.why().code, errc::call_timed_out);
  network.ignore_rest();
}

TEST_F(RepositoryResendTest, CancelsWhatIsSentAgain) {
  begin();
  auto& ann = new_guest();
  call_one("a");
  auto x = make_call("a");
  x.id = {7};
  auto y = ask_from<call_result>(ann, aut, x);
  next();
  lose();
  next();
  tell_from(ann, aut, cancel{{"a"}, {7}});
  EXPECT_EQ(y.why().code, errc::cancelled);
  session("a").take("notifications/cancelled");
}

TEST_F(RepositoryResendTest, HoldersOfAConnectionGetTheirCallsThrough) {
  begin();
  auto ref = get_one("a").value();
  conn_call(ref);
  auto y = conn_call(ref);
  next();
  lose();
  answer_next();
  EXPECT_FALSE(y.refused());
}

TEST_F(RepositoryResendTest, AListThatWaitedBeginsOnTheNextConnection) {
  begin();
  call_one("a");
  auto all = ask<list_result>(aut, list{{"a"}, "tools/list", {}});
  next();
  lose();
  session("a").answer(session("a").take("tools/list").id, R"({"tools":[]})");
  run();
  EXPECT_EQ(all.value().count, 0u);
}

TEST_F(RepositoryResendTest, StartsNothingForWhatIsDisconnected) {
  begin();
  call_one("a");
  auto y = call_one("a");
  next();
  disconnect_one("a");
  run();
  EXPECT_EQ(y.why().code, errc::superseded);
  EXPECT_EQ(network.opened("a"), 1u);
}

TEST_F(RepositoryResendTest, AnswersWhatWaitedWhenTheNextOnesAreLostToo) {
  begin();
  std::vector<answer<call_result>> calls;
  for (auto i = 0; i < 6; ++i)
    calls.push_back(call_one("a"));
  for (auto i = 0; i < 8 && network.live("a") > 0; ++i) {
    network.ignore_rest();
    lose();
  }
  network.ignore_rest();
  for (auto& x : calls) {
    ASSERT_TRUE(x.ready());
    EXPECT_TRUE(x.why().code == errc::connection_lost
                || x.why().code == errc::cooling_down)
      << x.why().text;
  }
}

TEST_F(RepositoryResendTest,
       WhatWaitsGoesToTheConnectionOfTheNewConfiguration) {
  overlaps = true;
  config.replacement = config::replacement_mode::overlap;
  begin();
  auto x = call_one("a");
  auto y = call_one("a");
  auto running = next();
  auto& old = session("a");
  auto newer = config;
  newer.args = {"--new"};
  put(newer);
  run();
  EXPECT_NE(&session("a"), &old);
  answer_next();
  EXPECT_FALSE(y.refused());
  EXPECT_FALSE(x.ready());
  old.answer(running, "{}");
  run();
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryResendTest, WhatWaitsForASessionGoesToTheNewConfiguration) {
  begin();
  auto ref = get_one("a").value();
  lose_session();
  auto x = conn_call(ref);
  session("a").take("initialize");
  network.habits("a") = unanswering();
  auto newer = config;
  newer.args = {"--new"};
  put(newer);
  EXPECT_EQ(network.opened("a"), 2u);
  answer_next();
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryResendTest, WhatWaitsForASessionWithoutATurnGoesToTheNext) {
  limits.throttle.max_starting = 1;
  begin();
  auto ref = get_one("a").value();
  auto& other = new_guest();
  ask_from<messages::throttle::permit>(
    other, permits, messages::throttle::acquire{shared_scope(), {}});
  lose_session();
  auto x = conn_call(ref, harness.in(1h));
  auto y = get_one("a", harness.in(1h));
  network.habits("a") = unanswering();
  advance(61s);
  EXPECT_EQ(network.live("a"), 0u);
  engine::end(other.handle);
  run();
  EXPECT_FALSE(y.refused());
  answer_next();
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryResendTest, AServerThatRestartsCostsNothingThatWaits) {
  begin();
  auto ref = get_one("a").value();
  lose_session();
  auto x = conn_call(ref);
  auto y = get_one("a");
  auto id = session("a").take("initialize").id;
  network.habits("a") = unanswering();
  auto why = make_refusal(errc::connect_failed, "status 503");
  why.retry_after = 1s;
  session("a").fail(id, why, transport::delivery::not_sent);
  run();
  EXPECT_EQ(network.opened("a"), 2u);
  EXPECT_FALSE(y.refused());
  answer_next();
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(row("a").failed_starts, 0u);
}

} // namespace
} // namespace mcpool::actors
