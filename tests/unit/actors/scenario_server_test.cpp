// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

#include <map>
#include <utility>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::SizeIs;

// Scenarios of docs/testing.md that one owner is enough for, as far as the
// tests of the REPOSITORY do not prove them anyway.

namespace mcpool::actors {
namespace {

using testkit::silent;
using testkit::unanswering;

class ScenarioTest : public RepositoryTest {
protected:
  static config::server_config version(const std::string& name, int number) {
    auto out = server(name);
    out.args = {cat(number)};
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }

  answer<connection_map> get_everything() {
    return ask<connection_map>(aut, get_all{});
  }

  answer<list_result> list_tools() {
    return ask<list_result>(aut, list{{"files"}, "tools/list", {}});
  }

  /// What somebody sees who looks at the servers.
  std::map<std::string, std::pair<phase, std::size_t>> picture() {
    std::map<std::string, std::pair<phase, std::size_t>> out;
    for (const auto& x : ask<repository_status>(aut, status{}).value().servers)
      out[x.server.value] = {x.phase, network.opened(x.server.value)};
    return out;
  }

  /// Answers the tools that the server has now.
  void answer_list(const std::string& tools) {
    session("files").answer(session("files").take("tools/list").id,
                            cat(R"({"tools":)", tools, "}"));
    run();
  }
};

// -- lookups and starts -------------------------------------------------------

TEST_F(ScenarioTest, ReplacesAConnectionWhoseServerIsSilent) {
  start({server("files")});
  auto first = get_one("files").value().connection;
  network.habits("files").answers = false;
  advance(limits.liveness_ttl + 10ms);
  auto alive = ask<bool>(first, messages::connection::verify{});
  session("files").take("ping");
  advance(limits.ping_timeout + 20ms);
  EXPECT_FALSE(alive.value());
  session("files").take("notifications/cancelled");
  EXPECT_TRUE(session("files").ended());
  network.habits("files") = {};
  EXPECT_NE(get_one("files").value().connection, first);
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_EQ(network.live("files"), 1u);
}

TEST_F(ScenarioTest, NoticesAChangeAtTheInstantOfTheStart) {
  start({version("files", 1)});
  auto started = harness.now();
  get_one("files");
  put(version("files", 2));
  EXPECT_EQ(harness.now(), started) << "no clock can tell the two apart";
  EXPECT_EQ(get_one("files").value().fingerprint,
            version("files", 2).fingerprint);
  EXPECT_THAT(loaded().connections, SizeIs(1));
  EXPECT_EQ(network.live("files"), 1u);
}

TEST_F(ScenarioTest, KeepsAConnectionHoweverLateTheSameConfigurationComes) {
  start({version("files", 1)});
  auto first = get_one("files").value().connection;
  for (auto i = 0; i < 3; ++i) {
    advance(10s);
    put(version("files", 1));
  }
  EXPECT_EQ(get_one("files").value().connection, first);
  EXPECT_FALSE(session("files").closing());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(ScenarioTest, ClosesAConnectionWhoseConfigurationIsGone) {
  start({});
  put(server("files"));
  get_one("files");
  erase("files");
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
  EXPECT_TRUE(session("files").ended());
  EXPECT_THAT(loaded().connections, IsEmpty());
  EXPECT_THAT(picture(), IsEmpty());
}

TEST_F(ScenarioTest, AStartThatFailsLeavesNothing) {
  owner = *user_scope("ann");
  start({server("files")});
  network.habits("files").refuses
    = make_refusal(errc::connect_failed, "there is no such program");
  auto why = get_one("files").why();
  EXPECT_EQ(why.code, errc::connect_failed);
  EXPECT_THAT(why.text, HasSubstr("there is no such program"));
  EXPECT_THAT(loaded().connections, IsEmpty());
  EXPECT_EQ(network.live(), 0u);
  auto throttled = permits_of(permits);
  EXPECT_EQ(throttled.in_use + throttled.waiting, 0u);
  advance(limits.cooldown.max);
  EXPECT_EQ(network.opened("files"), 1u) << "nothing of it goes on by itself";
}

TEST_F(ScenarioTest, TellsAUserWhatIsNotConfigured) {
  owner = *user_scope("ann");
  start({server("files")});
  EXPECT_EQ(get_one("other").why().code, errc::not_configured);
  EXPECT_EQ(network.live(), 0u);
}

// -- many ---------------------------------------------------------------------

TEST_F(ScenarioTest, GetsTheServersThatWereNamedAndNoOther) {
  start({server("a"), server("b"), server("c")});
  auto x = get_these({"a", "c"}).value();
  EXPECT_THAT(x.connections,
              ElementsAre(Key(server_name{"a"}), Key(server_name{"c"})));
  EXPECT_THAT(x.refusals, IsEmpty());
  EXPECT_EQ(network.opened("b"), 0u);
}

TEST_F(ScenarioTest, GetAllReturnsTheOthersAndTheReasonOfTheOne) {
  start({server("a"), server("b"), server("c")});
  network.habits("a").refuses = make_refusal(errc::connect_failed, "no route");
  auto x = get_everything().value();
  EXPECT_THAT(x.connections,
              ElementsAre(Key(server_name{"b"}), Key(server_name{"c"})));
  ASSERT_THAT(x.refusals, ElementsAre(Key(server_name{"a"})));
  EXPECT_THAT(x.refusals.at({"a"}).text, HasSubstr("no route"));
}

TEST_F(ScenarioTest, GetAllReachesEveryTransport) {
  auto remote = server("remote");
  remote.transport = config::transport_kind::streamable_http;
  remote.command.clear();
  remote.url = "http://127.0.0.1:1/mcp";
  remote.fingerprint = config::fingerprint_of(remote);
  start({server("a"), server("b"), remote});
  EXPECT_THAT(get_everything().value().connections, SizeIs(3));
  EXPECT_EQ(session("remote").config().url, remote.url);
}

TEST_F(ScenarioTest, LookingAtWhatIsLoadedChangesNothing) {
  start({server("ready"), server("starting"), server("failed"), server("lost"),
         server("unused")});
  get_these({"ready", "lost"});
  session("lost").end(make_refusal(errc::connection_lost, "killed"));
  network.habits("starting") = silent();
  network.habits("failed").greeting = "{}";
  get_one("starting");
  get_one("failed");
  auto before = picture();
  for (auto i = 0; i < 3; ++i)
    EXPECT_THAT(loaded().connections, ElementsAre(Key(server_name{"ready"})));
  EXPECT_EQ(picture(), before);
  network.habits("starting").closes = true;
  disconnect_one("starting");
}

// -- closing ------------------------------------------------------------------

TEST_F(ScenarioTest, DisconnectSucceedsHoweverBadlyTheServerEnds) {
  start({server("files")});
  network.habits("files").closes = false;
  get_one("files");
  auto gone = disconnect_one("files");
  session("files").end(make_refusal(errc::connection_lost, "it was killed"));
  run();
  ASSERT_TRUE(gone.ready());
  EXPECT_FALSE(gone.refused());
  EXPECT_THAT(loaded().connections, IsEmpty());
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_EQ(row("files").failed_starts, 0u);
}

// The scripted transport fails a test that closes a session twice.
TEST_F(ScenarioTest, DisconnectAllClosesEachConnectionOnce) {
  start({server("a"), server("b"), server("c")});
  get_these({"a", "b", "c"});
  for (const auto* name : {"a", "b", "c"})
    network.habits(name).closes = false;
  auto one = ask<void>(aut, disconnect_all{});
  auto two = ask<void>(aut, disconnect_all{});
  for (const auto* name : {"a", "b", "c"}) {
    EXPECT_FALSE(one.ready()) << "one answer, when the last is closed";
    EXPECT_TRUE(session(name).closing());
    session(name).end(make_refusal(errc::cancelled, "closed"));
    run();
  }
  EXPECT_TRUE(one.ready());
  EXPECT_TRUE(two.ready());
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(ScenarioTest, AStartThatEndsAfterDisconnectAllServesNobody) {
  start({server("files")});
  network.habits("files") = silent();
  auto waiting = get_one("files");
  auto done = ask<void>(aut, disconnect_all{disconnect_cause::shutdown, {}});
  EXPECT_EQ(waiting.why().code, errc::shutting_down);
  session("files").open_up();
  run();
  EXPECT_FALSE(done.ready());
  EXPECT_THAT(loaded().connections, IsEmpty());
  session("files").end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(done.ready());
  EXPECT_EQ(get_one("files").why().code, errc::shutting_down);
  EXPECT_EQ(network.opened("files"), 1u);
}

// -- lists --------------------------------------------------------------------

TEST_F(ScenarioTest, AGetListsNothing) {
  start({server("files")});
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(session("files").count("tools/list"), 0u);
  advance(1min);
  EXPECT_EQ(session("files").count("tools/list"), 0u);
}

TEST_F(ScenarioTest, EveryListIsAskedAnew) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto first = list_tools();
  answer_list(R"([{"name":"old"}])");
  auto second = list_tools();
  EXPECT_FALSE(second.ready());
  answer_list(R"([{"name":"new"}])");
  EXPECT_EQ(first.value().items.view(), R"([{"name":"old"}])");
  EXPECT_EQ(second.value().items.view(), R"([{"name":"new"}])");
}

TEST_F(ScenarioTest, AChangeOfTheToolsDuringAListHarmsNothing) {
  start({server("files")});
  network.habits("files") = unanswering();
  auto first = list_tools();
  session("files").notify("notifications/tools/list_changed");
  run();
  answer_list(R"([{"name":"old"}])");
  EXPECT_EQ(first.value().items.view(), R"([{"name":"old"}])");
  EXPECT_EQ(session("files").count("tools/list"), 1u) << "nobody asked again";
  auto second = list_tools();
  answer_list(R"([{"name":"new"}])");
  EXPECT_EQ(second.value().items.view(), R"([{"name":"new"}])");
}

// -- storms -------------------------------------------------------------------

TEST_F(ScenarioTest, AHealthyServerMayComeAndGoForEver) {
  start({server("files")});
  for (auto i = 0; i < 50; ++i) {
    ASSERT_FALSE(get_one("files").refused()) << "round " << i;
    EXPECT_EQ(row("files").failed_starts, 0u);
    ASSERT_FALSE(disconnect_one("files").refused());
  }
  EXPECT_EQ(network.opened("files"), 50u);
}

TEST_F(ScenarioTest, FiveGetsOfADeadServerMakeThreeAttempts) {
  start({server("files")});
  auto why = make_refusal(errc::connect_failed, "connection refused");
  why.retry_after = duration::zero();
  network.habits("files").refuses = why;
  auto first = get_one("files");
  advance(300ms);
  EXPECT_EQ(first.why().code, errc::connect_failed);
  for (auto i = 0; i < 4; ++i) {
    auto next = get_one("files");
    EXPECT_EQ(next.why().code, errc::cooling_down) << "at once, without a wait";
    EXPECT_EQ(next.why().retry_after, 1s);
  }
  EXPECT_EQ(network.opened("files"), 3u);
}

TEST_F(ScenarioTest, OneAttemptIsMadeAfterForgiveness) {
  start({server("files")});
  network.habits("files").greeting = "{}";
  get_one("files");
  EXPECT_EQ(get_one("files").why().code, errc::cooling_down);
  network.habits("files") = {};
  disconnect_one("files");
  EXPECT_EQ(row("files").phase, phase::on_demand);
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(ScenarioTest, AnOverloadedServerIsAskedAgainWhenItSaidSo) {
  start({server("files")});
  auto why = make_refusal(errc::busy, "HTTP 429");
  why.retry_after = 30s;
  network.habits("files").refuses = why;
  EXPECT_EQ(get_one("files").why().retry_after, 30s);
  network.habits("files") = {};
  advance(29s);
  EXPECT_EQ(get_one("files").why().code, errc::cooling_down);
  EXPECT_EQ(get_one("files").why().retry_after, 1s);
  advance(1s);
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

// -- logins -------------------------------------------------------------------

// What holds as long as nobody can log in.
class ScenarioLoginTest : public ScenarioTest {
protected:
  void SetUp() override {
    start({server("files")});
    network.habits("files").initializes = false;
  }

  /// The server wants a login, and says so to the handshake.
  void want_login() {
    fail_initialize(make_refusal(errc::needs_login, "HTTP 401"),
                    transport::delivery::not_sent);
  }

  /// From now on the credentials are good.
  void accept() { network.habits("files") = {}; }
};

TEST_F(ScenarioLoginTest, EverybodyWhoWaitsIsToldOfTheSameLogin) {
  auto first = get_one("files");
  advance(100ms);
  auto second = get_one("files");
  want_login();
  EXPECT_EQ(first.why().code, errc::needs_login);
  EXPECT_EQ(second.why().text, first.why().text);
  EXPECT_EQ(network.opened("files"), 1u) << "no attempt is repeated";
}

TEST_F(ScenarioLoginTest, WhoAsksLaterIsToldAtOnceToo) {
  auto first = get_one("files");
  want_login();
  auto second = get_one("files");
  EXPECT_EQ(second.why().code, errc::needs_login);
  EXPECT_THAT(second.why().text, HasSubstr("HTTP 401"));
  EXPECT_EQ(row("files").phase, phase::needs_login);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(ScenarioLoginTest, ALoginThatCameCostsNothingLater) {
  get_one("files");
  want_login();
  accept();
  advance(1s);
  ASSERT_FALSE(get_one("files").refused());
  advance(limits.cooldown.reset_after);
  session("files").end(make_refusal(errc::connection_lost, "restarted"));
  run();
  EXPECT_EQ(row("files").failed_starts, 0u) << "as if nothing had been";
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(row("files").phase, phase::ready);
}

TEST_F(ScenarioLoginTest, ALoginThatDoesNotComeIsAskedForEverMoreRarely) {
  for (auto pause : {1s, 2s, 4s}) {
    auto x = get_one("files");
    want_login();
    EXPECT_EQ(x.why().code, errc::needs_login);
    EXPECT_EQ(x.why().retry_after, pause);
    advance(pause);
  }
  EXPECT_EQ(network.opened("files"), 3u);
}

} // namespace
} // namespace mcpool::actors
