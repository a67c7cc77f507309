// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::actors {
namespace {

using testkit::silent;
using testkit::unanswering;

// The configuration changes under a REPOSITORY. A version is told by its
// arguments.
class RepositoryConfigTest : public RepositoryTest {
protected:
  static config::server_config version(const std::string& name, int number,
                                       config::replacement_mode mode
                                       = config::replacement_mode::stop_first) {
    auto out = server(name);
    out.args = {cat(number)};
    out.replacement = mode;
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }

  static config::server_config overlapping(int number) {
    return version("files", number, config::replacement_mode::overlap);
  }

  /// The version that a session was made for.
  std::string made_for(std::size_t index) {
    return network.sessions("files").at(index)->config().args.front();
  }

  testkit::scripted_session& nth(std::size_t index) {
    return *network.sessions("files").at(index);
  }

  /// A call that runs on the present connection until the test answers it.
  answer<call_result> running_call() {
    network.habits("files") = unanswering();
    auto out = call_one("files");
    running_id_ = session("files").take("tools/call").id;
    return out;
  }

  /// Answers the call that runs on the session of that index.
  void finish_call(std::size_t index) {
    nth(index).answer(running_id_, "1");
    run();
  }

private:
  std::int64_t running_id_ = 0;
};

TEST_F(RepositoryConfigTest, ReplacesJustTheConnectionThatChanged) {
  start({version("files", 1), version("search", 1)});
  get_these({"files", "search"});
  put(version("files", 2));
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_EQ(network.opened("search"), 1u);
  EXPECT_TRUE(nth(0).ended());
  EXPECT_EQ(made_for(1), "2");
  EXPECT_EQ(get_one("files").value().fingerprint,
            version("files", 2).fingerprint);
}

TEST_F(RepositoryConfigTest, AChangeOfTheTitleAloneDoesNothing) {
  start({version("files", 1)});
  auto x = get_one("files").value().connection;
  auto titled = version("files", 1);
  titled.title = "Files";
  put(titled);
  EXPECT_EQ(get_one("files").value().connection, x);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryConfigTest, AChangeStartsNothingThatWasNotConnected) {
  start({version("files", 1)});
  put(version("files", 2));
  EXPECT_EQ(network.opened("files"), 0u);
  get_one("files");
  EXPECT_EQ(made_for(0), "2");
}

TEST_F(RepositoryConfigTest, StopFirstWaitsForRunningCallsOfTheOldOne) {
  start({version("files", 1)});
  auto x = running_call();
  put(version("files", 2));
  auto y = get_one("files");
  EXPECT_FALSE(y.ready());
  EXPECT_EQ(network.opened("files"), 1u);
  finish_call(0);
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_EQ(y.value().fingerprint, version("files", 2).fingerprint);
}

TEST_F(RepositoryConfigTest, OverlapServesTheNewOneWhileTheOldOneDrains) {
  overlaps = true;
  start({overlapping(1)});
  auto x = running_call();
  put(overlapping(2));
  EXPECT_EQ(get_one("files").value().fingerprint, overlapping(2).fingerprint);
  EXPECT_FALSE(nth(0).closing());
  finish_call(0);
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_TRUE(nth(0).ended());
  EXPECT_EQ(network.max_live("files"), 2u);
}

TEST_F(RepositoryConfigTest, DrainEndsWithTheDrainTimeout) {
  limits.drain_timeout = 3s;
  start({version("files", 1)});
  auto x = running_call();
  put(version("files", 2));
  advance(3s + 20ms);
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(row("files").phase, phase::ready);
}

TEST_F(RepositoryConfigTest, AChangeDuringAStartGivesWaitersTheNewOne) {
  start({version("files", 1)});
  network.habits("files").initializes = false;
  auto x = get_one("files");
  session("files").take("initialize");
  network.habits("files").initializes = true;
  put(version("files", 2));
  EXPECT_EQ(x.value().fingerprint, version("files", 2).fingerprint);
  EXPECT_TRUE(nth(0).ended());
  EXPECT_EQ(permits_of(permits).in_use, 0u);
}

TEST_F(RepositoryConfigTest, AChangeDuringAStartNeverOverlaps) {
  start({overlapping(1)});
  network.habits("files") = silent();
  auto x = get_one("files");
  put(overlapping(2));
  EXPECT_EQ(network.opened("files"), 1u);
  network.habits("files") = {};
  nth(0).end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_EQ(x.value().fingerprint, overlapping(2).fingerprint);
}

TEST_F(RepositoryConfigTest, TwoChangesInARowStartTheLastOne) {
  start({version("files", 1)});
  auto x = running_call();
  put(version("files", 2));
  put(version("files", 3));
  finish_call(0);
  EXPECT_TRUE(x.ready());
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_EQ(made_for(1), "3");
  EXPECT_EQ(row("files").phase, phase::ready);
}

TEST_F(RepositoryConfigTest,
       ASecondChangeDoesNotWaitForTheFirstDrainRegression) {
  overlaps = true;
  start({overlapping(1)});
  auto x = running_call();
  put(overlapping(2));
  put(overlapping(3));
  auto y = get_one("files");
  ASSERT_TRUE(y.ready());
  EXPECT_EQ(y.value().fingerprint, overlapping(3).fingerprint);
  EXPECT_FALSE(x.ready());
  EXPECT_TRUE(nth(1).ended());
  finish_call(0);
  EXPECT_TRUE(x.ready());
}

TEST_F(RepositoryConfigTest, AChangeBackMakesAThirdConnection) {
  start({version("files", 1)});
  get_one("files");
  put(version("files", 2));
  put(version("files", 1));
  EXPECT_EQ(get_one("files").value().fingerprint,
            version("files", 1).fingerprint);
  EXPECT_EQ(network.opened("files"), 3u);
  EXPECT_EQ(network.live("files"), 1u);
}

TEST_F(RepositoryConfigTest, AChangeToStopFirstWaitsForOldDrains) {
  overlaps = true;
  start({overlapping(1)});
  running_call();
  put(overlapping(2));
  EXPECT_EQ(network.live("files"), 2u);
  put(version("files", 3));
  EXPECT_FALSE(get_one("files", harness.in(1s)).ready());
  EXPECT_EQ(network.opened("files"), 2u);
  finish_call(0);
  EXPECT_EQ(made_for(2), "3");
}

TEST_F(RepositoryConfigTest, AReplacementThatFailsIsTriedAgainOnDemand) {
  start({version("files", 1)});
  get_one("files");
  network.habits("files").greeting = "{}";
  put(version("files", 2));
  EXPECT_EQ(row("files").phase, phase::cooling_down);
  EXPECT_EQ(row("files").last_error->code, errc::handshake_failed);
  network.habits("files") = {};
  advance(1s);
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 3u);
}

TEST_F(RepositoryConfigTest, CancelsACallThatRunsOnTheOldConnectionRegression) {
  overlaps = true;
  start({overlapping(1)});
  network.habits("files") = unanswering();
  auto& ann = new_guest();
  auto mine = make_call("files");
  mine.id = {6};
  auto x = ask_from<call_result>(ann, aut, mine);
  nth(0).take("tools/call");
  put(overlapping(2));
  tell_from(ann, aut, cancel{{"files"}, {6}});
  EXPECT_EQ(x.why().code, errc::cancelled);
  nth(0).take("notifications/cancelled");
  EXPECT_TRUE(nth(0).ended());
}

TEST_F(RepositoryConfigTest, LetsCallsFinishWhenTheServerIsRemoved) {
  start({});
  put(version("files", 1));
  auto x = running_call();
  erase("files");
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
  EXPECT_FALSE(may_use("files"));
  EXPECT_FALSE(x.ready());
  finish_call(0);
  EXPECT_EQ(x.value().json.view(), "1");
  EXPECT_THAT(ask<repository_status>(aut, status{}).value().servers, IsEmpty());
}

TEST_F(RepositoryConfigTest, RefusesWaitersWhenTheServerIsRemoved) {
  start({});
  put(version("files", 1));
  network.habits("files") = silent();
  network.habits("files").closes = true;
  auto x = get_one("files");
  erase("files");
  EXPECT_EQ(x.why().code, errc::not_configured);
  EXPECT_TRUE(nth(0).ended());
}

TEST_F(RepositoryConfigTest, ConnectsToAServerThatIsBackWhenTheOldIsGone) {
  start({});
  put(version("files", 1));
  running_call();
  erase("files");
  put(version("files", 1));
  auto x = get_one("files");
  EXPECT_FALSE(x.ready());
  finish_call(0);
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryConfigTest, AServerThatIsBackMayOverlapRegression) {
  overlaps = true;
  start({});
  put(overlapping(1));
  running_call();
  erase("files");
  put(overlapping(1));
  EXPECT_TRUE(get_one("files").ready());
  finish_call(0);
}

TEST_F(RepositoryConfigTest, AServerThatIsBackWaitsForTheEndOfItsStart) {
  start({});
  put(overlapping(1));
  network.habits("files") = silent();
  get_one("files");
  erase("files");
  put(overlapping(1));
  auto x = get_one("files");
  EXPECT_EQ(network.opened("files"), 1u) << "nothing drains there";
  network.habits("files") = {};
  nth(0).end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_FALSE(x.refused());
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryConfigTest, AGetAfterDisconnectWaitsForOldDrainsToo) {
  overlaps = true;
  start({overlapping(1)});
  auto running = running_call();
  network.habits("files").closes = false;
  put(overlapping(2));
  EXPECT_EQ(network.live("files"), 2u);
  auto gone = disconnect_one("files");
  EXPECT_EQ(running.why().code, errc::connection_lost);
  auto x = get_one("files");
  nth(1).end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_FALSE(x.ready());
  EXPECT_FALSE(gone.ready());
  EXPECT_EQ(network.opened("files"), 2u);
  network.habits("files") = {};
  nth(0).end(make_refusal(errc::cancelled, "closed"));
  run();
  EXPECT_TRUE(gone.ready());
  EXPECT_FALSE(x.refused());
}

TEST_F(RepositoryConfigTest, AGetThatGivesUpStopsNoReplacement) {
  start({version("files", 1)});
  get_one("files");
  network.habits("files").initializes = false;
  put(version("files", 2));
  auto x = get_one("files", harness.in(1s));
  advance(1s + 20ms);
  EXPECT_TRUE(x.refused());
  EXPECT_EQ(row("files").phase, phase::connecting);
  session("files").greet();
  run();
  session("files").take("notifications/initialized");
  EXPECT_EQ(row("files").phase, phase::ready);
}

TEST_F(RepositoryConfigTest, RemovalsDoNotProlongADrainRegression) {
  limits.drain_timeout = 4s;
  start({});
  put(version("files", 1));
  auto x = running_call();
  for (auto i = 0; i < 5; ++i) {
    erase("files");
    advance(500ms);
    put(version("files", 1));
    advance(500ms);
  }
  EXPECT_EQ(x.why().code, errc::connection_lost);
}

TEST_F(RepositoryConfigTest, EndsAConnectionThatIsNotAllowedAnyMore) {
  start({version("files", 1)});
  get_one("files");
  auto x = version("files", 1);
  x.requires_oauth = true;
  x.fingerprint = config::fingerprint_of(x);
  put(x);
  EXPECT_FALSE(may_use("files"));
  EXPECT_TRUE(nth(0).ended());
  EXPECT_EQ(get_one("files").why().code, errc::not_allowed);
  EXPECT_THAT(get_one("files").why().text, HasSubstr("requiresOAuth"));
}

TEST_F(RepositoryConfigTest, RefusesWaitersThatAreNotAllowedAnyMore) {
  start({version("files", 1)});
  network.habits("files") = silent();
  network.habits("files").closes = true;
  auto waiting = get_one("files");
  auto x = version("files", 1);
  x.startup = config::startup_mode::never_shared;
  put(x);
  EXPECT_EQ(waiting.why().code, errc::not_allowed);
  EXPECT_TRUE(nth(0).ended());
}

TEST_F(RepositoryConfigTest, ConnectsAServerThatBecomesEager) {
  eager = eager_start::on;
  start({version("files", 1)});
  auto x = version("files", 1);
  x.startup = config::startup_mode::eager;
  put(x);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryConfigTest, TriesAnEagerServerAgainWhenItIsCorrected) {
  eager = eager_start::on;
  auto x = version("files", 1);
  x.startup = config::startup_mode::eager;
  network.habits("files").greeting = "{}";
  start({x});
  EXPECT_THAT(loaded().connections, IsEmpty());
  network.habits("files") = {};
  x = version("files", 2);
  x.startup = config::startup_mode::eager;
  put(x);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryConfigTest, ATitleBringsNoDisconnectedServerBackRegression) {
  eager = eager_start::on;
  auto x = version("files", 1);
  x.startup = config::startup_mode::eager;
  start({x});
  disconnect_one("files");
  x.title = "Files";
  put(x);
  EXPECT_THAT(loaded().connections, IsEmpty());
}

// -- events that come late ----------------------------------------------------

// Events of this test come from nowhere, with any revision.
class RepositoryRevisionTest : public RepositoryConfigTest {
protected:
  using config_changed = messages::config_listener::config_changed;
  using config_removed = messages::config_listener::config_removed;

  template <class Event>
  void tell(Event x) {
    new_guest().actor.tell(aut, std::move(x));
    run();
  }

  config::server_config revised(int number, std::uint64_t revision) {
    auto out = version("files", number);
    out.revision = revision;
    return out;
  }
};

TEST_F(RepositoryRevisionTest, IgnoresAChangeOlderThanTheConfiguration) {
  start({version("files", 1)});
  tell(config_changed{revised(3, 30)});
  get_one("files");
  tell(config_changed{revised(2, 20)});
  EXPECT_EQ(row("files").config_revision, 30u);
  EXPECT_EQ(network.opened("files"), 1u);
  EXPECT_EQ(made_for(0), "3");
}

TEST_F(RepositoryRevisionTest, IgnoresARemovalOlderThanTheConfiguration) {
  start({version("files", 1)});
  tell(config_changed{revised(3, 30)});
  get_one("files");
  tell(config_removed{{"files"}, 20});
  EXPECT_FALSE(get_one("files").refused());
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryRevisionTest, IgnoresAChangeOlderThanTheRemoval) {
  start({version("files", 1)});
  tell(config_removed{{"files"}, 30});
  tell(config_changed{revised(2, 20)});
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
}

TEST_F(RepositoryRevisionTest, IgnoresWhatIsOlderThanARemovalOfTheUnknown) {
  start({});
  tell(config_removed{{"files"}, 30});
  tell(config_changed{revised(2, 20)});
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
}

TEST_F(RepositoryRevisionTest, TakesWhatIsNewerThanTheRemoval) {
  start({version("files", 1)});
  tell(config_removed{{"files"}, 30});
  tell(config_changed{revised(4, 40)});
  EXPECT_FALSE(get_one("files").refused());
  tell(config_changed{revised(3, 35)});
  EXPECT_EQ(made_for(0), "4");
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryRevisionTest, TakesTheSameAgain) {
  start({});
  tell(config_changed{revised(4, 40)});
  get_one("files");
  tell(config_changed{revised(4, 40)});
  EXPECT_EQ(network.opened("files"), 1u);
  tell(config_removed{{"files"}, 50});
  tell(config_removed{{"files"}, 50});
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
}

TEST_F(RepositoryRevisionTest, RemembersABoundedNumberOfRemovals) {
  start({});
  tell(config_removed{{"files"}, 30});
  for (std::uint64_t i = 0; i < 1000; ++i)
    tell(config_removed{{cat("x", i)}, 100 + i});
  tell(config_changed{revised(2, 20)});
  EXPECT_FALSE(get_one("files").refused());
  auto other = server("x999");
  other.revision = 1000;
  tell(config_changed{other});
  EXPECT_EQ(get_one("x999").why().code, errc::not_configured);
}

} // namespace
} // namespace mcpool::actors
