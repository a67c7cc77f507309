// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

namespace mcpool::actors {
namespace {

using testkit::silent;
using testkit::unanswering;

// -- get ----------------------------------------------------------------------

TEST_F(RepositoryTest, StartsNothingByItself) {
  start({server("files"), server("search")});
  EXPECT_TRUE(network.sessions("files").empty());
  EXPECT_THAT(loaded().connections, IsEmpty());
}

TEST_F(RepositoryTest, ConnectsWhenItIsAsked) {
  start({server("files"), server("search")});
  auto x = get_one("files").value();
  EXPECT_EQ(x.server.value, "files");
  EXPECT_EQ(x.fingerprint, server("files").fingerprint);
  EXPECT_EQ(x.protocol_version, "2025-11-25");
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(network.opened("search"), 0u);
}

TEST_F(RepositoryTest, ReturnsTheConnectionThatIsThere) {
  start({server("files")});
  auto x = get_one("files").value().connection;
  EXPECT_EQ(get_one("files").value().connection, x);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, StartsOneConnectionForSixtyFourConcurrentGets) {
  start({server("files")});
  std::vector<answer<connection_ref>> all;
  for (auto i = 0; i < 64; ++i)
    all.push_back(harness.send<connection_ref>(aut, get{{"files"}, {}}));
  run();
  for (const auto& x : all)
    ASSERT_EQ(x.value().connection, all[0].value().connection);
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(permits_of(permits).peak, 1u);
}

TEST_F(RepositoryTest, NamesTheServerThatWasMeant) {
  start({server("files"), server("search")});
  auto why = get_one("flies").why();
  EXPECT_EQ(why.code, errc::not_configured);
  EXPECT_THAT(why.text, HasSubstr("did you mean 'files'?"));
}

TEST_F(RepositoryTest, SaysThatNothingIsConfigured) {
  start({});
  EXPECT_THAT(get_one("files").why().text, HasSubstr("has no servers"));
}

// -- deadlines ----------------------------------------------------------------

TEST_F(RepositoryTest, AnswersWithinTheDeadlineWhenTheServerNeverOpens) {
  start({server("files")});
  network.habits("files").opens = false;
  auto x = get_one("files", harness.in(2s));
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
}

TEST_F(RepositoryTest, AnswersWithinTheDeadlineWhenTheServerHangs) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto x = get_one("files", harness.in(2s));
  session("files").take("initialize");
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_THAT(x.why().text, HasSubstr("has not completed the handshake"));
}

TEST_F(RepositoryTest, AnswersWithinTheDeadlineWhenNoPermitComes) {
  limits.throttle.max_starting = 0;
  start({server("files")});
  auto x = get_one("files", harness.in(2s));
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_THAT(x.why().text, HasSubstr("its turn to start has not come"));
  EXPECT_EQ(permits_of(permits).waiting, 0u);
}

TEST_F(RepositoryTest, AnswersWithinTheDeadlineWhenTheOldOneNeverEnds) {
  start({server("files")});
  get_one("files");
  network.habits("files").closes = false;
  auto gone = disconnect_one("files");
  auto x = get_one("files", harness.in(2s));
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_THAT(x.why().text, HasSubstr("old connection is still ending"));
  EXPECT_FALSE(gone.ready());
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(gone.ready());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, GivesUpWhenTheOldOneNeverEndsRegression) {
  start({server("files")});
  get_one("files");
  network.habits("files").closes = false;
  disconnect_one("files");
  auto x = get_one("files");
  advance(100s);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  session("files").end(make_refusal(errc::cancelled, "closed"));
}

TEST_F(RepositoryTest, AnswersWithoutADeadlineAfterTheInitTimeout) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto x = get_one("files");
  session("files").take("initialize");
  advance(10s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_THAT(x.why().text, HasSubstr("initTimeout"));
}

TEST_F(RepositoryTest, RefusesADeadlineThatPassedAndStartsNothing) {
  start({server("files")});
  EXPECT_EQ(get_one("files", {harness.now()}).why().code,
            errc::connect_timeout);
  EXPECT_TRUE(network.sessions("files").empty());
}

TEST_F(RepositoryTest, CancelsAStartThatNobodyWaitsForAnyMore) {
  start({server("files")});
  network.habits("files").initializes = false;
  get_one("files", harness.in(1s));
  get_one("files", harness.in(2s));
  session("files").take("initialize");
  advance(1s + 20ms);
  EXPECT_FALSE(session("files").ended());
  advance(1s);
  EXPECT_TRUE(session("files").ended());
  EXPECT_EQ(permits_of(permits).in_use, 0u);
  EXPECT_EQ(row("files").phase, phase::on_demand);
}

TEST_F(RepositoryTest, AGetThatGaveUpDoesNotStopAStartThatOthersWaitFor) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto x = get_one("files", harness.in(1s));
  auto y = get_one("files");
  advance(1s + 20ms);
  EXPECT_TRUE(x.refused());
  session("files").greet();
  run();
  session("files").take("notifications/initialized");
  EXPECT_FALSE(y.refused());
  EXPECT_TRUE(y.ready());
}

TEST_F(RepositoryTest, RefusesWaitersPastTheBound) {
  limits.max_waiting_callers = 2;
  start({server("files"), server("search")});
  network.habits("files") = network.habits("search") = silent();
  get_one("files");
  get_one("files");
  auto third = get_one("search");
  EXPECT_EQ(third.why().code, errc::busy);
  EXPECT_THAT(third.why().text, HasSubstr("2 of 2"));
  EXPECT_TRUE(third.why().retry_after.has_value());
  EXPECT_EQ(row("search").waiting, 0u);
  network.habits("files").closes = true;
  disconnect_one("files");
  network.habits("search") = {};
  EXPECT_TRUE(get_one("search").ready());
}

TEST_F(RepositoryTest, RefusesToKeepMoreWhoWaitForAnEndPastTheBound) {
  limits.max_waiting_callers = 2;
  start({server("files")});
  get_one("files");
  network.habits("files").closes = false;
  auto first = disconnect_one("files");
  auto second = ask<void>(aut, disconnect_all{});
  for (auto third :
       {disconnect_one("files"), ask<void>(aut, disconnect_all{})}) {
    EXPECT_EQ(third.why().code, errc::busy);
    EXPECT_THAT(third.why().text, HasSubstr("2 of 2"));
    EXPECT_TRUE(third.why().retry_after.has_value());
  }
  EXPECT_FALSE(first.ready());
  EXPECT_FALSE(second.ready());
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_FALSE(first.refused());
  EXPECT_FALSE(second.refused());
  EXPECT_FALSE(disconnect_one("files").refused());
}

TEST_F(RepositoryTest, RefusesStatusesPastTheBound) {
  start({server("files")});
  get_one("files");
  std::vector<answer<repository_status>> all;
  for (std::size_t i = 0; i <= repository::max_statuses; ++i)
    all.push_back(harness.send<repository_status>(aut, status{}));
  run();
  EXPECT_EQ(all.back().why().code, errc::busy);
  EXPECT_THAT(all.back().why().text, HasSubstr("64 of 64"));
  EXPECT_TRUE(all.back().why().retry_after.has_value());
  all.pop_back();
  for (const auto& x : all)
    EXPECT_FALSE(x.refused());
  EXPECT_EQ(row("files").phase, phase::ready);
}

TEST_F(RepositoryTest, ThePlacesOfWaitersThatGaveUpAreFreeAgain) {
  limits.max_waiting_callers = 2;
  start({server("files")});
  network.habits("files") = silent();
  network.habits("files").closes = true;
  for (auto i = 0; i < 5; ++i) {
    auto x = get_one("files", harness.in(1s));
    advance(1s + 20ms);
    EXPECT_EQ(x.why().code, errc::connect_timeout);
  }
}

TEST_F(RepositoryTest, CancelsAStartWhoseCallersAreGoneRegression) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto& ann = new_guest();
  auto& bob = new_guest();
  ask_from<connection_ref>(ann, aut, get{{"files"}, {}});
  ask_from<call_result>(ann, aut, make_call("files"));
  ask_from<connection_map>(bob, aut, get_many{{{"files"}}, {}, {}});
  session("files").take("initialize");
  engine::end(ann.handle);
  run();
  EXPECT_EQ(row("files").waiting, 1u);
  engine::end(bob.handle);
  run();
  EXPECT_TRUE(session("files").ended());
  EXPECT_EQ(permits_of(permits).in_use, 0u);
}

TEST_F(RepositoryTest, ACallerThatEndsWhenItWasServedHarmsNothing) {
  start({server("files")});
  auto& ann = new_guest();
  ask_from<connection_ref>(ann, aut, get{{"files"}, {}});
  engine::end(ann.handle);
  run();
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 1u);
}

// -- failures -----------------------------------------------------------------

TEST_F(RepositoryTest, TellsEveryWaiterWhyTheStartFailed) {
  start({server("files")});
  network.habits("files").opens = false;
  auto x = get_one("files");
  auto y = get_one("files");
  session("files").end(make_refusal(errc::connect_failed, "no such file"));
  run();
  EXPECT_EQ(x.why().code, errc::connect_failed);
  EXPECT_THAT(x.why().text, HasSubstr("'files'"));
  EXPECT_THAT(x.why().text, HasSubstr("no such file"));
  EXPECT_EQ(y.why().code, errc::connect_failed);
}

TEST_F(RepositoryTest, StartsAfreshAfterAFailure) {
  start({server("files")});
  network.habits("files").opens = false;
  get_one("files");
  session("files").end(make_refusal(errc::connect_failed, "no such file"));
  run();
  EXPECT_EQ(row("files").last_error->code, errc::connect_failed);
  network.habits("files") = {};
  advance(1s);
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_FALSE(row("files").last_error);
}

TEST_F(RepositoryTest, FailsWaitersBeforeTheFailedSessionIsGone) {
  start({server("files")});
  network.habits("files").greeting = "{}";
  network.habits("files").closes = false;
  auto x = get_one("files");
  EXPECT_EQ(x.why().code, errc::handshake_failed);
  EXPECT_TRUE(session("files").closing());
  advance(1s);
  auto y = get_one("files");
  EXPECT_EQ(network.opened("files"), 1u);
  network.habits("files") = {};
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_FALSE(y.refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryTest, ConnectsAgainOnDemandAfterALoss) {
  start({server("files")});
  auto x = get_one("files").value().connection;
  session("files").end(make_refusal(errc::connection_lost, "killed"));
  run();
  EXPECT_THAT(loaded().connections, IsEmpty());
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").last_error->code, errc::connection_lost);
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_NE(get_one("files").value().connection, x);
}

TEST_F(RepositoryTest, RefusesWaitersWhenTheConnectionActorIsKilled) {
  start({server("files")});
  auto first = get_one("files").value().connection;
  engine::end(first);
  run();
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

// -- many ---------------------------------------------------------------------

TEST_F(RepositoryTest, GetsManyAndCollectsTheirFailures) {
  start({server("a"), server("b"), server("c")});
  network.habits("b").greeting = "{}";
  auto x = get_these({"a", "b", "c", "d"}).value();
  EXPECT_THAT(x.connections,
              ElementsAre(Key(server_name{"a"}), Key(server_name{"c"})));
  EXPECT_EQ(x.refusals.at({"b"}).code, errc::handshake_failed);
  EXPECT_EQ(x.refusals.at({"d"}).code, errc::not_configured);
}

TEST_F(RepositoryTest, CollapsesNamesThatOccurTwice) {
  start({server("a")});
  auto x = get_these({"a", "a", "z", "a", "z"}).value();
  EXPECT_THAT(x.connections, SizeIs(1));
  EXPECT_THAT(x.refusals, SizeIs(1));
  EXPECT_EQ(network.opened("a"), 1u);
}

TEST_F(RepositoryTest, GetsNothingForNoNames) {
  start({server("a")});
  auto x = get_these({}).value();
  EXPECT_THAT(x.connections, IsEmpty());
  EXPECT_THAT(x.refusals, IsEmpty());
}

TEST_F(RepositoryTest, FailsAsAWholeWhenItIsAskedTo) {
  start({server("a"), server("b")});
  network.habits("a") = silent();
  network.habits("a").closes = true;
  network.habits("b").greeting = "{}";
  auto x = get_these({"a", "b"}, on_error::fail);
  EXPECT_EQ(x.why().code, errc::handshake_failed);
  EXPECT_EQ(row("a").phase, phase::connecting) << "what was started stays";
  disconnect_one("a");
}

TEST_F(RepositoryTest, FailsAsAWholeAtOnceForAnUnknownName) {
  start({server("a")});
  EXPECT_EQ(get_these({"a", "z"}, on_error::fail).why().code,
            errc::not_configured);
}

TEST_F(RepositoryTest, OneSlowServerDelaysNoOther) {
  limits.throttle.max_starting_per_owner = 3;
  start({server("a"), server("b"), server("c"), server("d"), server("e"),
         server("f"), server("g")});
  network.habits("a") = silent();
  network.habits("a").closes = true;
  auto all = get_these({"a", "b", "c", "d", "e", "f", "g"}, on_error::collect,
                       harness.in(5s));
  EXPECT_THAT(loaded().connections, SizeIs(6));
  EXPECT_FALSE(all.ready());
  EXPECT_EQ(permits_of(permits).peak, 3u);
  advance(5s + 20ms);
  EXPECT_THAT(all.value().connections, SizeIs(6));
  EXPECT_EQ(all.value().refusals.at({"a"}).code, errc::connect_timeout);
}

TEST_F(RepositoryTest, GetLoadedStartsNothing) {
  start({server("a"), server("b")});
  get_one("a");
  network.habits("b") = silent();
  network.habits("b").closes = true;
  get_one("b");
  auto x = loaded();
  EXPECT_THAT(x.connections, ElementsAre(Key(server_name{"a"})));
  EXPECT_THAT(x.refusals, IsEmpty());
  EXPECT_EQ(network.opened("a"), 1u);
  disconnect_one("b");
}

TEST_F(RepositoryTest, GetsAllThatThisOwnerMayUse) {
  auto hidden = server("hidden");
  hidden.startup = config::startup_mode::never_shared;
  start({server("a"), server("b"), hidden});
  auto x = ask<connection_map>(aut, get_all{}).value();
  EXPECT_THAT(x.connections, SizeIs(2));
  EXPECT_THAT(x.refusals, IsEmpty());
  EXPECT_TRUE(network.sessions("hidden").empty());
}

// -- policy -------------------------------------------------------------------

struct policy_case {
  const char* name;
  config::startup_mode startup;
  bool requires_oauth;
  bool shared_may;
};

class RepositoryPolicyTest : public RepositoryTest,
                             public ::testing::WithParamInterface<policy_case> {
protected:
  void start_with_it() {
    auto x = server("it");
    x.startup = GetParam().startup;
    x.requires_oauth = GetParam().requires_oauth;
    x.fingerprint = config::fingerprint_of(x);
    start({x});
  }
};

TEST_P(RepositoryPolicyTest, HoldsForTheSharedScope) {
  start_with_it();
  EXPECT_EQ(may_use("it"), GetParam().shared_may);
  auto x = get_one("it");
  if (GetParam().shared_may)
    EXPECT_FALSE(x.refused());
  else
    EXPECT_EQ(x.why().code, errc::not_allowed);
  EXPECT_EQ(network.opened("it"), GetParam().shared_may ? 1u : 0u);
}

TEST_P(RepositoryPolicyTest, LetsAUserConnect) {
  owner = *user_scope("ann");
  start_with_it();
  EXPECT_TRUE(may_use("it"));
  EXPECT_FALSE(get_one("it").refused());
}

INSTANTIATE_TEST_SUITE_P(
  All, RepositoryPolicyTest,
  ::testing::Values(
    policy_case{"Plain", config::startup_mode::on_demand, false, true},
    policy_case{"Startup", config::startup_mode::eager, false, true},
    policy_case{"NoStartup", config::startup_mode::never_shared, false, false},
    policy_case{"Oauth", config::startup_mode::on_demand, true, false},
    policy_case{"Both", config::startup_mode::never_shared, true, false}),
  [](const auto& x) { return x.param.name; });

TEST_F(RepositoryTest, MayNotUseWhatIsNotConfigured) {
  start({server("files")});
  EXPECT_FALSE(may_use("other"));
  EXPECT_TRUE(may_use("files"));
  EXPECT_TRUE(network.sessions("files").empty());
}

// -- disconnect ---------------------------------------------------------------

TEST_F(RepositoryTest, DisconnectEndsTheConnection) {
  start({server("files")});
  get_one("files");
  EXPECT_FALSE(disconnect_one("files").refused());
  EXPECT_TRUE(session("files").ended());
  EXPECT_THAT(loaded().connections, IsEmpty());
}

TEST_F(RepositoryTest, DisconnectIsIdempotent) {
  start({server("files")});
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_TRUE(disconnect_one("unknown").ready());
  get_one("files");
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, DisconnectSeesAStart) {
  start({server("files")});
  network.habits("files") = silent();
  auto x = get_one("files");
  auto gone = disconnect_one("files");
  EXPECT_EQ(x.why().code, errc::cancelled);
  EXPECT_FALSE(gone.ready());
  EXPECT_TRUE(session("files").closing());
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(gone.ready());
  EXPECT_EQ(permits_of(permits).in_use, 0u);
}

TEST_F(RepositoryTest, DisconnectSeesAStartThatWaitsForItsTurn) {
  limits.throttle.max_starting = 0;
  start({server("files")});
  auto x = get_one("files");
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_EQ(x.why().code, errc::cancelled);
  EXPECT_EQ(permits_of(permits).waiting, 0u);
}

TEST_F(RepositoryTest, DisconnectFailsRunningCalls) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto x = call_one("files");
  session("files").take("tools/call");
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_EQ(x.why().code, errc::connection_lost);
}

TEST_F(RepositoryTest, DisconnectHurriesADrain) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto x = call_one("files");
  session("files").take("tools/call");
  auto changed = server("files");
  changed.args = {"--new"};
  put(changed);
  EXPECT_FALSE(x.ready());
  EXPECT_TRUE(disconnect_one("files").ready());
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, AGetRightAfterDisconnectWaitsForTheOldOnesEnd) {
  start({server("files")});
  get_one("files");
  network.habits("files").closes = false;
  auto gone = disconnect_one("files");
  auto x = get_one("files");
  EXPECT_FALSE(x.ready());
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(row("files").phase, phase::waiting);
  network.habits("files").closes = true;
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(gone.ready());
  EXPECT_TRUE(x.ready());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryTest, DisconnectRefusesAGetThatWaitsForTheOldOnesEnd) {
  start({server("files")});
  get_one("files");
  network.habits("files").closes = false;
  auto first = disconnect_one("files");
  auto x = get_one("files");
  auto second = disconnect_one("files");
  EXPECT_EQ(x.why().code, errc::cancelled);
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(first.ready());
  EXPECT_TRUE(second.ready());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, DisconnectsAllAndStartsAfreshLater) {
  start({server("a"), server("b"), server("c")});
  get_these({"a", "b"});
  network.habits("c") = silent();
  network.habits("c").closes = true;
  auto starting = get_one("c");
  auto done = ask<void>(aut, disconnect_all{});
  EXPECT_TRUE(done.ready());
  EXPECT_FALSE(done.refused());
  EXPECT_EQ(starting.why().code, errc::cancelled);
  EXPECT_EQ(network.live(), 0u);
  EXPECT_FALSE(get_one("a").refused());
}

TEST_F(RepositoryTest, DisconnectsAllOfNothing) {
  start({server("a")});
  auto done = ask<void>(aut, disconnect_all{});
  EXPECT_TRUE(done.ready());
  EXPECT_FALSE(done.refused());
}

TEST_F(RepositoryTest, StartsNothingAfterShutdown) {
  start({server("a"), server("b")});
  get_one("a");
  network.habits("b") = silent();
  auto starting = get_one("b");
  auto done = ask<void>(aut, disconnect_all{disconnect_cause::shutdown, {}});
  EXPECT_EQ(starting.why().code, errc::shutting_down);
  EXPECT_FALSE(done.ready());
  EXPECT_EQ(get_one("a").why().code, errc::shutting_down);
  EXPECT_EQ(call_one("a").why().code, errc::shutting_down);
  EXPECT_EQ(get_these({"a"}).why().code, errc::shutting_down);
  session("b").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(done.ready());
  put(server("a"));
  EXPECT_EQ(get_one("a").why().code, errc::shutting_down);
  EXPECT_EQ(network.opened("a") + network.opened("b"), 2u);
}

TEST_F(RepositoryTest, LetsCallsFinishUntilTheDeadlineOfTheShutdown) {
  start({server("a"), server("b")});
  network.habits("a") = network.habits("b") = unanswering();
  auto x = call_one("a");
  auto y = call_one("b");
  auto done = ask<void>(
    aut, disconnect_all{disconnect_cause::shutdown, harness.in(3s)});
  session("a").answer(session("a").take("tools/call").id, "1");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  session("b").take("tools/call");
  EXPECT_FALSE(done.ready());
  advance(3s + 20ms);
  EXPECT_EQ(y.why().code, errc::connection_lost);
  EXPECT_TRUE(done.ready());
}

// -- calls --------------------------------------------------------------------

TEST_F(RepositoryTest, ACallConnectsAndIsForwarded) {
  start({server("files")});
  auto x = make_call("files");
  x.params = shared_text{R"({"name":"echo"})"};
  EXPECT_EQ(ask<call_result>(aut, x).value().json.view(),
            R"({"method":"tools/call","params":{"name":"echo"}})");
  EXPECT_FALSE(call_one("files").refused());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, ACallIsRefusedLikeAGet) {
  start({server("files")});
  EXPECT_EQ(call_one("flies").why().code, errc::not_configured);
  network.habits("files").greeting = "{}";
  EXPECT_EQ(call_one("files").why().code, errc::handshake_failed);
}

TEST_F(RepositoryTest, ACallThatWaitsKeepsItsDeadline) {
  start({server("files")});
  network.habits("files") = silent();
  network.habits("files").closes = true;
  auto x = call_one("files", harness.in(2s));
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
  EXPECT_TRUE(session("files").ended());
}

TEST_F(RepositoryTest, ACallTimesOutAndTheServerIsTold) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto x = call_one("files", harness.in(2s));
  auto id = session("files").take("tools/call").id;
  advance(2s + 20ms);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
  session("files").take("notifications/cancelled");
  EXPECT_EQ(session("files").forgotten().count(id), 1u);
}

TEST_F(RepositoryTest, CancelsACallThatWaits) {
  start({server("files")});
  network.habits("files") = silent();
  network.habits("files").closes = true;
  auto& ann = new_guest();
  auto mine = make_call("files");
  mine.id = {3};
  auto x = ask_from<call_result>(ann, aut, mine);
  auto other = get_one("files");
  tell_from(ann, aut, cancel{{"files"}, {3}});
  EXPECT_EQ(x.why().code, errc::cancelled);
  EXPECT_FALSE(other.ready());
  disconnect_one("files");
}

TEST_F(RepositoryTest, CancellingTheLastWaiterCancelsTheStartRegression) {
  start({server("files")});
  network.habits("files").initializes = false;
  auto& ann = new_guest();
  auto mine = make_call("files");
  mine.id = {3};
  ask_from<call_result>(ann, aut, mine);
  session("files").take("initialize");
  tell_from(ann, aut, cancel{{"files"}, {3}});
  EXPECT_TRUE(session("files").ended());
  EXPECT_EQ(permits_of(permits).in_use, 0u);
}

TEST_F(RepositoryTest, CancelsARunningCallWhetherItWaitedOrNot) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto& ann = new_guest();
  for (std::uint64_t id : {1, 2}) {
    auto mine = make_call("files");
    mine.id = {id};
    auto x = ask_from<call_result>(ann, aut, mine);
    session("files").take("tools/call");
    tell_from(ann, aut, cancel{{"files"}, {id}});
    EXPECT_EQ(x.why().code, errc::cancelled);
    session("files").take("notifications/cancelled");
  }
}

TEST_F(RepositoryTest, CancelsNobodyElsesCall) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto& ann = new_guest();
  auto& bob = new_guest();
  auto mine = make_call("files");
  mine.id = {1};
  auto x = ask_from<call_result>(ann, aut, mine);
  auto id = session("files").take("tools/call").id;
  tell_from(bob, aut, cancel{{"files"}, {1}});
  tell_from(bob, aut, cancel{{"other"}, {1}});
  EXPECT_FALSE(x.ready());
  session("files").answer(id, "{}");
  run();
}

TEST_F(RepositoryTest, ProgressReachesOnlyTheCallerThatAskedForIt) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto& ann = new_guest();
  auto& bob = new_guest();
  for (auto* who : {&ann, &bob}) {
    auto mine = make_call("files");
    mine.id = {9};
    mine.progress = who->handle;
    ask_from<call_result>(*who, aut, mine);
  }
  auto of_ann = session("files").take("tools/call").id;
  auto of_bob = session("files").take("tools/call").id;
  session("files").notify(
    "notifications/progress",
    cat(R"({"progressToken":)", of_ann, R"(,"progress":1})"));
  run();
  EXPECT_THAT(ann.seen, SizeIs(1));
  EXPECT_THAT(bob.seen, IsEmpty());
  for (auto id : {of_ann, of_bob})
    session("files").answer(id, "{}");
  run();
}

TEST_F(RepositoryTest, ListsThroughAConnectionThatItStarts) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto x = ask<list_result>(aut, list{{"files"}, "tools/list", {}});
  session("files").answer(session("files").take("tools/list").id,
                          R"({"tools":[{"name":"a"}]})");
  run();
  EXPECT_EQ(x.value().items.view(), R"([{"name":"a"}])");
  EXPECT_EQ(ask<list_result>(aut, list{{"flies"}, "tools/list", {}}).why().code,
            errc::not_configured);
}

TEST_F(RepositoryTest, AGetThatGivesUpHarmsNoConnectionThatRenewsRegression) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto x = call_one("files");
  auto id = session("files").take("tools/call").id;
  network.habits("files").initializes = false;
  session("files").lose_session();
  run();
  auto y = get_one("files", harness.in(1s));
  EXPECT_FALSE(y.ready());
  advance(1s + 20ms);
  EXPECT_EQ(y.why().code, errc::connect_timeout);
  session("files").greet();
  run();
  session("files").take("notifications/initialized");
  session("files").answer(id, "1");
  run();
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryTest, WhoWaitsForWhatSomebodyElseEndedGetsAnother) {
  start({server("files")});
  auto old = get_one("files").value().connection;
  network.habits("files").initializes = false;
  session("files").lose_session();
  run();
  auto x = get_one("files");
  session("files").take("initialize");
  EXPECT_FALSE(x.ready());
  network.habits("files") = {};
  ask<void>(old, messages::connection::drain{harness.in(1s)});
  EXPECT_NE(x.value().connection, old);
  EXPECT_EQ(network.opened("files"), 2u);
}

// -- the end of the actor -----------------------------------------------------

TEST_F(RepositoryTest, AnswersEverybodyWhenItIsKilled) {
  start({server("a"), server("b"), server("c")});
  network.habits("a") = unanswering();
  network.habits("b") = silent();
  network.habits("b").closes = true;
  auto running = call_one("a");
  session("a").take("tools/call");
  auto waiting = get_one("b");
  auto many = get_these({"a", "b"});
  auto parked = call_one("b");
  get_one("c");
  network.habits("c").closes = false;
  auto ending = disconnect_one("c");
  auto& ann = new_guest();
  auto all = ask_from<void>(ann, aut, disconnect{{"c"}});
  engine::end(aut);
  run();
  EXPECT_EQ(running.why().code, errc::connection_lost);
  EXPECT_EQ(waiting.why().code, errc::shutting_down);
  EXPECT_EQ(many.value().refusals.at({"b"}).code, errc::shutting_down);
  EXPECT_EQ(parked.why().code, errc::shutting_down);
  EXPECT_EQ(ending.why().code, errc::shutting_down);
  EXPECT_EQ(all.why().code, errc::shutting_down);
  EXPECT_EQ(permits_of(permits).in_use, 0u);
  session("c").end(make_refusal(errc::cancelled, "closed"));
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(RepositoryTest, AnswersDisconnectAllWhenItIsKilled) {
  start({server("a")});
  get_one("a");
  network.habits("a").closes = false;
  auto done = ask<void>(aut, disconnect_all{});
  EXPECT_FALSE(done.ready());
  engine::end(aut);
  run();
  EXPECT_EQ(done.why().code, errc::shutting_down);
  session("a").end(make_refusal(errc::cancelled, "closed"));
}

// -- status -------------------------------------------------------------------

TEST_F(RepositoryTest, TellsOfServersThatWereNeverUsed) {
  owner = *user_scope("ann");
  start({server("b"), server("a")});
  auto x = ask<repository_status>(aut, status{}).value();
  EXPECT_EQ(x.owner, owner);
  ASSERT_THAT(x.servers, SizeIs(2));
  EXPECT_EQ(x.servers[0].server.value, "a");
  EXPECT_EQ(x.servers[0].phase, phase::on_demand);
  EXPECT_EQ(x.servers[0].since, time_point{});
  EXPECT_EQ(x.servers[0].endpoint, "/bin/a");
}

TEST_F(RepositoryTest, TellsEveryPhase) {
  limits.throttle.max_starting = 1;
  start({server("a"), server("b"), server("c")});
  get_one("a");
  network.habits("b") = silent();
  get_one("b");
  get_one("c");
  get_one("c");
  EXPECT_EQ(row("a").phase, phase::ready);
  EXPECT_EQ(row("a").server_info, "scripted 1");
  EXPECT_EQ(row("a").protocol_version, "2025-11-25");
  EXPECT_EQ(row("b").phase, phase::connecting);
  EXPECT_EQ(row("b").waiting, 1u);
  EXPECT_EQ(row("c").phase, phase::waiting);
  EXPECT_EQ(row("c").waiting, 2u);
  advance(1s);
  disconnect_one("c");
  disconnect_one("b");
  EXPECT_EQ(row("b").phase, phase::draining);
  EXPECT_EQ(row("b").since, harness.now());
  EXPECT_EQ(row("b").waiting, 0u);
  session("b").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_EQ(row("b").phase, phase::on_demand);
  EXPECT_EQ(row("b").since, harness.now());
}

TEST_F(RepositoryTest, CountsTheCallsOfAServer) {
  start({server("a")});
  network.habits("a") = unanswering();
  call_one("a");
  call_one("a");
  session("a").refuse(session("a").take("tools/call").id, -1, "no");
  session("a").take("tools/call");
  auto x = row("a");
  EXPECT_EQ(x.calls_in_flight, 1u);
  EXPECT_EQ(x.calls_failed, 1u);
}

TEST_F(RepositoryTest, CountsOverAllConnectionsOfAServer) {
  start({server("a")});
  call_one("a");
  auto first = row("a");
  EXPECT_EQ(first.calls_finished, 1u);
  EXPECT_GT(first.bytes_sent, 100u);
  EXPECT_GT(first.bytes_received, 100u);
  session("a").end(make_refusal(errc::connection_lost, "killed"));
  run();
  auto between = row("a");
  EXPECT_EQ(between.phase, phase::on_demand);
  EXPECT_EQ(between.revision, 0u);
  EXPECT_EQ(between.config_revision, 1u);
  EXPECT_EQ(between.calls_finished, 1u);
  EXPECT_EQ(between.bytes_sent, first.bytes_sent);
  EXPECT_EQ(between.bytes_received, first.bytes_received);
  call_one("a");
  auto second = row("a");
  EXPECT_EQ(second.revision, 1u);
  EXPECT_EQ(second.calls_finished, 2u);
  EXPECT_EQ(second.bytes_sent, 2 * first.bytes_sent);
  EXPECT_EQ(second.bytes_received, 2 * first.bytes_received);
}

TEST_F(RepositoryTest, TellsSinceWhenTheFirstWaits) {
  start({server("a")});
  network.habits("a") = silent();
  network.habits("a").closes = true;
  auto began = harness.now();
  get_one("a", harness.in(2s));
  advance(1s);
  get_one("a");
  EXPECT_EQ(row("a").waiting_since, began);
  advance(1500ms);
  EXPECT_EQ(row("a").waiting, 1u);
  EXPECT_EQ(row("a").waiting_since, began + 1s);
  network.ignore_rest();
}

// -- eager servers ------------------------------------------------------------

TEST_F(RepositoryTest, ConnectsEagerServersByItself) {
  eager = eager_start::on;
  auto x = server("a");
  x.startup = config::startup_mode::eager;
  start({x, server("b")});
  EXPECT_THAT(loaded().connections, ElementsAre(Key(server_name{"a"})));
  EXPECT_TRUE(network.sessions("b").empty());
}

TEST_F(RepositoryTest, AnswersWhileAnEagerServerHangs) {
  eager = eager_start::on;
  auto x = server("a");
  x.startup = config::startup_mode::eager;
  network.habits("a") = silent();
  network.habits("a").closes = true;
  start({x, server("b")});
  EXPECT_FALSE(get_one("b").refused());
  get_one("a", harness.in(1s));
  advance(2s);
  EXPECT_EQ(row("a").phase, phase::connecting) << "the start is wanted";
  advance(8500ms);
  EXPECT_EQ(row("a").phase, phase::cooling_down);
}

TEST_F(RepositoryTest, ConnectsNoEagerServersOfUsers) {
  auto x = server("a");
  x.startup = config::startup_mode::eager;
  owner = *user_scope("ann");
  start({x});
  EXPECT_TRUE(network.sessions("a").empty());
}

} // namespace
} // namespace mcpool::actors
