// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::actors {
namespace {

// Connections come back by themselves.
class RepositoryKeepAliveTest : public RepositoryTest {
protected:
  static config::server_config kept() {
    auto out = server("files");
    out.keep_alive = true;
    return out;
  }

  static config::server_config eager_one() {
    auto out = server("files");
    out.startup = config::startup_mode::eager;
    return out;
  }

  void lose() {
    session("files").end(make_refusal(errc::connection_lost, "killed"));
    run();
  }

  void break_it() { network.habits("files").greeting = "{}"; }

  void mend_it() { network.habits("files") = {}; }
};

TEST_F(RepositoryKeepAliveTest, StartsNothingByItself) {
  start({kept()});
  advance(1min);
  EXPECT_TRUE(network.sessions("files").empty());
}

TEST_F(RepositoryKeepAliveTest, ComesBackWithin250Milliseconds) {
  start({kept()});
  get_one("files");
  lose();
  EXPECT_THAT(loaded().connections, IsEmpty());
  advance(240ms);
  EXPECT_THAT(loaded().connections, IsEmpty());
  advance(10ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, OthersStayAwayAfterALoss) {
  start({server("files")});
  get_one("files");
  lose();
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryKeepAliveTest, WhoAsksEarlierIsServedEarlier) {
  start({kept()});
  get_one("files");
  lose();
  EXPECT_FALSE(get_one("files").refused());
  advance(10s);
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryKeepAliveTest, TriesAgainWithPausesThatGrow) {
  start({kept()});
  get_one("files");
  break_it();
  lose();
  advance(250ms);
  EXPECT_EQ(network.opened("files"), 2u);
  EXPECT_EQ(get_one("files").why().code, errc::cooling_down);
  std::size_t expected = 2;
  for (auto pause : {1s, 2s, 4s, 8s}) {
    advance(pause - 20ms);
    EXPECT_EQ(network.opened("files"), expected);
    advance(20ms);
    EXPECT_EQ(network.opened("files"), ++expected);
  }
  mend_it();
  advance(16100ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, DisconnectEndsIt) {
  start({kept()});
  get_one("files");
  lose();
  disconnect_one("files");
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
  get_one("files");
  disconnect_one("files");
  advance(1min);
  EXPECT_EQ(network.opened("files"), 2u);
}

TEST_F(RepositoryKeepAliveTest, TheEndOfTheServiceEndsIt) {
  start({kept()});
  get_one("files");
  lose();
  ask<void>(aut, disconnect_all{disconnect_cause::shutdown, {}});
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryKeepAliveTest, AConfigurationThatKeepsItNoMoreEndsIt) {
  start({kept()});
  get_one("files");
  lose();
  put(server("files"));
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryKeepAliveTest, ACorrectedConfigurationIsTriedAtOnce) {
  start({kept()});
  get_one("files");
  break_it();
  lose();
  advance(250ms + 1s + 2s);
  EXPECT_THAT(loaded().connections, IsEmpty());
  mend_it();
  auto changed = kept();
  changed.args = {"--new"};
  changed.fingerprint = config::fingerprint_of(changed);
  put(changed);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, AFirstStartThatFailsIsLeftToWhoAsks) {
  start({kept()});
  break_it();
  get_one("files");
  advance(1min);
  EXPECT_EQ(network.opened("files"), 1u);
}

TEST_F(RepositoryKeepAliveTest, EagerServersComeBack) {
  eager = eager_start::on;
  start({eager_one()});
  lose();
  advance(250ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, EagerServersAreTriedUntilTheyCome) {
  eager = eager_start::on;
  break_it();
  start({eager_one()});
  EXPECT_EQ(row("files").phase, phase::cooling_down);
  advance(1050ms);
  EXPECT_EQ(network.opened("files"), 2u);
  mend_it();
  advance(2100ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, WhatBecomesEagerIsTriedAfterItsPause) {
  eager = eager_start::on;
  start({server("files")});
  break_it();
  get_one("files");
  mend_it();
  put(eager_one());
  advance(980ms);
  EXPECT_EQ(network.opened("files"), 1u);
  advance(40ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

TEST_F(RepositoryKeepAliveTest, WaitsForATurnAsOftenAsItTakes) {
  limits.throttle.max_starting = 1;
  limits.throttle.max_waiting = 0;
  start({kept(), server("search")});
  get_one("files");
  network.habits("search") = testkit::silent();
  network.habits("search").closes = true;
  get_one("search");
  lose();
  advance(250ms);
  EXPECT_EQ(network.opened("files"), 1u);
  disconnect_one("search");
  advance(1100ms);
  EXPECT_THAT(loaded().connections, SizeIs(1));
}

} // namespace
} // namespace mcpool::actors
