// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/registry.hpp>

#include <mcpool/config/finding.hpp>
#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/load.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/testing.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace mcpool::actors {
namespace {

using namespace messages::registry;
using config::server_config;
using engine::testing::answer;
using engine::testing::deterministic;
using messages::config_listener::config_changed;
using messages::config_listener::config_removed;

using history = std::vector<std::string>;

/// Notes what it is told: `alpha@3` and `-alpha@4`.
class listener {
public:
  using handle = config_listener_actor;

  static constexpr const char* name = "test.listener";

  listener(handle::pointer, history* seen) : seen_(seen) {}

  handle::behavior_type make_behavior() {
    return {
      [this](const config_changed& x) {
        seen_->push_back(cat(x.config.name, '@', x.config.revision));
      },
      [this](const config_removed& x) {
        seen_->push_back(cat('-', x.server, '@', x.revision));
      },
    };
  }

private:
  history* seen_;
};

/// Files that the test writes and reads.
class scripted_source : public config_source {
public:
  void start(callback deliver) override { deliver_ = std::move(deliver); }

  void reload() override { ++reloads; }

  void deliver(config::load_outcome x, read_cause cause) {
    deliver_(std::make_shared<const config::load_outcome>(std::move(x)), cause);
  }

  int reloads = 0;

private:
  callback deliver_;
};

config::load_outcome parse(const std::string& text) {
  return config::load_texts({{"mcpool.json", text}}, {});
}

/// A file with servers, given as `"name": {...}`.
config::load_outcome file(const std::string& servers) {
  return parse(cat(R"({"mcpServers": {)", servers, "}}"));
}

constexpr auto alpha = R"("alpha": {"command": "a"})";
constexpr auto two = R"("alpha": {"command": "a"}, "beta": {"command": "b"})";

server_config put_of(const std::string& name, const std::string& command) {
  server_config out;
  out.name = {name};
  out.command = command;
  return out;
}

class RegistryTest : public ::testing::Test {
protected:
  RegistryTest() {
    log::set_sink([this](log::level, auto, std::string_view event, auto) {
      logged.emplace_back(event);
    });
  }

  ~RegistryTest() override {
    for (auto& x : listeners_)
      engine::end(x);
    engine::end(aut);
    harness.run();
    log::set_sink({});
  }

  void start(const std::string& servers) {
    aut = registry_actor{
      engine::spawn<registry>(harness.system(), *file(servers).value, source)};
    harness.run();
  }

  /// The files changed, and the source noticed.
  void change(const std::string& servers) {
    deliver(file(servers), read_cause::noticed);
  }

  void deliver(config::load_outcome x, read_cause cause) {
    source->deliver(std::move(x), cause);
    harness.run();
  }

  answer<server_config> find(const std::string& server) {
    return harness.ask<server_config>(aut,
                                      find_config{shared_scope(), {server}});
  }

  std::vector<std::string> names() {
    return names(
      harness.ask<config_view>(aut, all_configs{shared_scope()}).value());
  }

  static std::vector<std::string> names(const config_view& x) {
    std::vector<std::string> out;
    for (const auto& one : x.servers)
      out.push_back(cat(one.name, '@', one.revision));
    return out;
  }

  config_listener_actor new_listener(history& seen) {
    config_listener_actor out
      = engine::spawn<listener>(harness.system(), &seen);
    listeners_.push_back(out);
    return out;
  }

  config_view subscribe_with(const config_listener_actor& x) {
    return harness.ask<config_view>(aut, subscribe{shared_scope(), x}).value();
  }

  /// Subscribes a listener that notes everything in `seen`.
  void listen() { subscribe_with(new_listener(seen)); }

  answer<void> put(server_config x) {
    return harness.ask<void>(aut, put_config{std::move(x)});
  }

  answer<void> erase(const std::string& server) {
    return harness.ask<void>(aut, erase_config{{server}});
  }

  deterministic harness;
  std::shared_ptr<scripted_source> source = std::make_shared<scripted_source>();
  registry_actor aut;
  history seen;
  /// The ids of everything that was logged.
  history logged;

private:
  std::vector<config_listener_actor> listeners_;
};

// -- reading ------------------------------------------------------------------

TEST_F(RegistryTest, FindsAConfiguration) {
  start(two);
  EXPECT_EQ(find("beta").value().command, "b");
  EXPECT_GT(find("beta").value().revision, 0u);
}

TEST_F(RegistryTest, NamesTheServerThatWasProbablyMeant) {
  start(two);
  EXPECT_EQ(find("alhpa").why().code, errc::not_configured);
  EXPECT_THAT(find("alhpa").why().text, HasSubstr("did you mean 'alpha'?"));
  EXPECT_THAT(find("zzz").why().text,
              ::testing::Not(HasSubstr("did you mean")));
}

TEST_F(RegistryTest, ShowsAllConfigurationsByName) {
  start(R"("b": {"command": "x"}, "a": {"command": "x"})");
  EXPECT_THAT(names(), ElementsAre("a@1", "b@2"));
}

TEST_F(RegistryTest, MayBeEmpty) {
  start("");
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_TRUE(find("alpha").refused());
}

// -- subscribing --------------------------------------------------------------

TEST_F(RegistryTest, ShowsTheStateFirstAndThenOnlyChanges) {
  start(two);
  EXPECT_THAT(names(subscribe_with(new_listener(seen))),
              ElementsAre("alpha@1", "beta@2"));
  EXPECT_THAT(seen, IsEmpty());
  change(two);
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(RegistryTest, TellsOfTheServerThatChangedAlone) {
  start(two);
  listen();
  change(R"("alpha": {"command": "a"}, "beta": {"command": "c"})");
  EXPECT_THAT(seen, ElementsAre("beta@3"));
  EXPECT_EQ(find("alpha").value().revision, 1u);
  EXPECT_EQ(find("beta").value().command, "c");
}

TEST_F(RegistryTest, TellsOfATitleToo) {
  start(alpha);
  listen();
  auto before = find("alpha").value();
  change(R"("alpha": {"command": "a", "title": "A"})");
  EXPECT_THAT(seen, ElementsAre("alpha@2"));
  EXPECT_EQ(find("alpha").value().fingerprint, before.fingerprint);
}

TEST_F(RegistryTest, TellsOfWhatIsGoneNewAndBack) {
  start(two);
  listen();
  change(alpha);
  EXPECT_THAT(seen, ElementsAre("-beta@3"));
  EXPECT_TRUE(find("beta").refused());
  change(two);
  EXPECT_THAT(seen, ElementsAre("-beta@3", "beta@4"));
  change(cat(two, R"(, "gamma": {"url": "http://localhost/mcp"})"));
  EXPECT_THAT(seen, ElementsAre("-beta@3", "beta@4", "gamma@5"));
}

TEST_F(RegistryTest, ADisabledServerIsGone) {
  start(alpha);
  listen();
  change(R"("alpha": {"command": "a", "disabled": true})");
  EXPECT_THAT(seen, ElementsAre("-alpha@2"));
}

TEST_F(RegistryTest, TellsWhatIsGoneBeforeWhatIsNew) {
  start(two);
  listen();
  change(R"("aaa": {"command": "x"}, "beta": {"command": "c"})");
  EXPECT_THAT(seen, ElementsAre("-alpha@3", "aaa@4", "beta@5"));
}

TEST_F(RegistryTest, TellsChangesInTheirOrder) {
  start(alpha);
  listen();
  source->deliver(file(two), read_cause::noticed);
  source->deliver(file(""), read_cause::noticed);
  source->deliver(file(alpha), read_cause::noticed);
  harness.run();
  EXPECT_THAT(seen, ElementsAre("beta@2", "-alpha@3", "-beta@4", "alpha@5"));
}

TEST_F(RegistryTest, RevisionsGrowOverEverything) {
  start(two);
  std::uint64_t last = 2;
  for (auto command : {"c", "d", "e"}) {
    change(cat(R"("alpha": {"command": ")", command, R"("})"));
    EXPECT_GT(find("alpha").value().revision, last);
    last = find("alpha").value().revision;
  }
}

TEST_F(RegistryTest, EveryListenerIsTold) {
  start(alpha);
  history other;
  listen();
  subscribe_with(new_listener(other));
  change("");
  EXPECT_THAT(seen, ElementsAre("-alpha@2"));
  EXPECT_THAT(other, ElementsAre("-alpha@2"));
}

TEST_F(RegistryTest, SubscribingTwiceTellsOnce) {
  start(alpha);
  auto one = new_listener(seen);
  subscribe_with(one);
  subscribe_with(one);
  change("");
  EXPECT_THAT(seen, ElementsAre("-alpha@2"));
}

TEST_F(RegistryTest, ForgetsADeadListener) {
  start(alpha);
  history unseen;
  auto dead = engine::spawn<listener>(harness.system(), &unseen);
  auto address = dead.address();
  subscribe_with(dead);
  engine::end(std::exchange(dead, nullptr));
  harness.run();
  EXPECT_EQ(caf::actor_cast<caf::actor>(address), nullptr);
  listen();
  change("");
  EXPECT_THAT(unseen, IsEmpty());
  EXPECT_THAT(seen, ElementsAre("-alpha@2"));
}

TEST_F(RegistryTest, ShowsTheStateToWhoNamesNoListener) {
  start(alpha);
  EXPECT_THAT(names(subscribe_with({})), ElementsAre("alpha@1"));
  change("");
  EXPECT_THAT(names(), IsEmpty());
}

// -- files that cannot be used ------------------------------------------------

TEST_F(RegistryTest, KeepsTheOldStateWhenTheFilesCannotBeUsed) {
  start(alpha);
  listen();
  deliver(parse("{ no json"), read_cause::noticed);
  EXPECT_THAT(seen, IsEmpty());
  EXPECT_THAT(names(), ElementsAre("alpha@1"));
  EXPECT_THAT(logged, ElementsAre("config-invalid"));
}

TEST_F(RegistryTest, WarnsThatPoolSettingsNeedARestart) {
  start(alpha);
  change(alpha);
  EXPECT_THAT(logged, IsEmpty());
  deliver(parse(R"({"mcpServers": {"beta": {"command": "b"}},
                    "pool": {"throttle": {"maxStarting": 5}}})"),
          read_cause::noticed);
  EXPECT_THAT(logged, ElementsAre("pool-changed"));
  EXPECT_THAT(names(), ElementsAre("beta@3"));
}

// -- reload -------------------------------------------------------------------

TEST_F(RegistryTest, AnswersAReloadWhenTheFilesAreInForce) {
  start(alpha);
  auto done = harness.ask<void>(aut, reload{});
  EXPECT_FALSE(done.ready());
  EXPECT_EQ(source->reloads, 1);
  deliver(file(two), read_cause::reload);
  EXPECT_TRUE(done.ready());
  EXPECT_FALSE(done.refused());
  EXPECT_THAT(names(), ElementsAre("alpha@1", "beta@2"));
}

TEST_F(RegistryTest, FailsAReloadWithEverythingThatIsWrong) {
  start(alpha);
  auto done = harness.ask<void>(aut, reload{});
  deliver(file(R"("alpha": {"comand": "a"}, "beta": {"command": 7})"),
          read_cause::reload);
  EXPECT_EQ(done.why().code, errc::invalid_config);
  EXPECT_THAT(done.why().text, HasSubstr("mcpServers.alpha.comand"));
  EXPECT_THAT(done.why().text, HasSubstr("mcpServers.beta.command"));
  EXPECT_THAT(names(), ElementsAre("alpha@1"));
}

TEST_F(RegistryTest, AnOlderReadingDoesNotAnswerAReloadRegression) {
  start(alpha);
  auto done = harness.ask<void>(aut, reload{});
  deliver(file(alpha), read_cause::noticed);
  EXPECT_FALSE(done.ready());
  deliver(parse("{"), read_cause::noticed);
  EXPECT_FALSE(done.ready());
  deliver(file(two), read_cause::reload);
  EXPECT_TRUE(done.ready());
}

TEST_F(RegistryTest, WhoAsksDuringAReloadGetsTheNextOneRegression) {
  start(alpha);
  auto first = harness.ask<void>(aut, reload{});
  auto second = harness.ask<void>(aut, reload{});
  auto third = harness.ask<void>(aut, reload{});
  EXPECT_EQ(source->reloads, 1);
  deliver(file(alpha), read_cause::reload);
  EXPECT_TRUE(first.ready());
  EXPECT_FALSE(second.ready());
  EXPECT_EQ(source->reloads, 2);
  deliver(file(two), read_cause::reload);
  EXPECT_TRUE(second.ready());
  EXPECT_TRUE(third.ready());
  EXPECT_EQ(source->reloads, 2);
}

TEST_F(RegistryTest, RefusesReloadsWithoutEndRegression) {
  start(alpha);
  std::vector<answer<void>> all;
  for (int i = 0; i < 1001; ++i)
    all.push_back(harness.ask<void>(aut, reload{}));
  EXPECT_FALSE(all.back().ready());
  auto late = harness.ask<void>(aut, reload{});
  EXPECT_EQ(late.why().code, errc::busy);
  EXPECT_THAT(late.why().text, HasSubstr("1000 of 1000"));
  EXPECT_TRUE(late.why().retry_after.has_value());
}

TEST_F(RegistryTest, HasNothingToReloadWithoutFiles) {
  source = nullptr;
  start(alpha);
  EXPECT_FALSE(harness.ask<void>(aut, reload{}).refused());
}

TEST_F(RegistryTest, WhoeverWaitsIsToldThatTheServiceEndsRegression) {
  start(alpha);
  auto first = harness.ask<void>(aut, reload{});
  auto second = harness.ask<void>(aut, reload{});
  engine::end(aut);
  harness.run();
  EXPECT_EQ(first.why().code, errc::shutting_down);
  EXPECT_EQ(second.why().code, errc::shutting_down);
}

TEST_F(RegistryTest, LetsGoOfItsSourceWhenItEnds) {
  start(alpha);
  std::weak_ptr<scripted_source> weak = source;
  engine::end(aut);
  harness.run();
  // It may be told of files even now.
  deliver(file(two), read_cause::noticed);
  source = nullptr;
  EXPECT_TRUE(weak.expired());
}

// -- the application's own ----------------------------------------------------

TEST_F(RegistryTest, TheApplicationWinsOverTheFiles) {
  start(alpha);
  listen();
  EXPECT_FALSE(put(put_of("alpha", "mine")).refused());
  EXPECT_EQ(find("alpha").value().command, "mine");
  EXPECT_THAT(seen, ElementsAre("alpha@2"));
  change(R"("alpha": {"command": "changed"})");
  EXPECT_EQ(find("alpha").value().command, "mine");
  EXPECT_THAT(seen, ElementsAre("alpha@2"));
}

TEST_F(RegistryTest, WhatTheFilesSayIsInForceAgain) {
  start(alpha);
  listen();
  put(put_of("alpha", "mine"));
  change(R"("alpha": {"command": "changed"})");
  EXPECT_FALSE(erase("alpha").refused());
  EXPECT_EQ(find("alpha").value().command, "changed");
  EXPECT_THAT(seen, ElementsAre("alpha@2", "alpha@3"));
}

TEST_F(RegistryTest, TheApplicationMayHaveServersOfItsOwn) {
  start("");
  listen();
  put(put_of("own", "x"));
  change(alpha);
  EXPECT_THAT(names(), ElementsAre("alpha@2", "own@1"));
  erase("own");
  EXPECT_THAT(seen, ElementsAre("own@1", "alpha@2", "-own@3"));
}

TEST_F(RegistryTest, PuttingTheSameAgainTellsNothing) {
  start("");
  put(put_of("own", "x"));
  listen();
  put(put_of("own", "x"));
  EXPECT_THAT(seen, IsEmpty());
}

TEST_F(RegistryTest, ComputesRevisionAndFingerprintItself) {
  start("");
  auto config = put_of("own", "x");
  auto expected = config::fingerprint_of(config);
  config.revision = 4711;
  config.fingerprint.bytes.fill(7);
  put(config);
  EXPECT_EQ(find("own").value().revision, 1u);
  EXPECT_EQ(find("own").value().fingerprint, expected);
}

TEST_F(RegistryTest, ErasesOnlyWhatWasPut) {
  start(alpha);
  EXPECT_EQ(erase("alpha").why().code, errc::not_configured);
  EXPECT_THAT(names(), ElementsAre("alpha@1"));
}

TEST_F(RegistryTest, RefusesWhatIsNoServer) {
  start("");
  EXPECT_EQ(put(put_of("", "x")).why().code, errc::invalid_config);
  EXPECT_THAT(put(put_of("own", "")).why().text, HasSubstr("needs a command"));
  auto remote = put_of("own", "");
  remote.transport = config::transport_kind::streamable_http;
  EXPECT_THAT(put(remote).why().text, HasSubstr("needs a url"));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(RegistryTest, HoldsTheApplicationToTheRulesOfTheFilesRegression) {
  start("");
  auto remote = put_of("own", "");
  remote.transport = config::transport_kind::streamable_http;
  remote.url = "http://localhost/mcp";
  EXPECT_FALSE(put(remote).refused());
  remote.headers.emplace("X-Key", secret{"hidden\r\nHost: elsewhere"});
  remote.timeout = duration::zero();
  auto why = put(remote).why();
  EXPECT_EQ(why.code, errc::invalid_config);
  EXPECT_THAT(why.text, HasSubstr("mcpServers.own.headers"));
  EXPECT_THAT(why.text, HasSubstr("mcpServers.own.timeout"));
  EXPECT_THAT(why.text, ::testing::Not(HasSubstr("hidden")));
  EXPECT_THAT(names(), ElementsAre("own@1"));
}

TEST_F(RegistryTest, LooksForNoVariablesInWhatTheApplicationPuts) {
  start("");
  auto config = put_of("own", "sh");
  config.args = {"-c", "echo ${HOME} $${X}"};
  config.env.emplace("SECRET", secret{"${NOT_SET}"});
  config.cwd = "/tmp";
  EXPECT_FALSE(put(config).refused());
  EXPECT_EQ(find("own").value().args, config.args);
}

// -- bounds -------------------------------------------------------------------

class RegistryBoundsTest : public RegistryTest {
protected:
  void start_small() {
    registry_limits limits;
    limits.servers = 2;
    limits.listeners = 2;
    aut = registry_actor{engine::spawn<registry>(
      harness.system(), *file(alpha).value, source, limits)};
    harness.run();
  }

  answer<void> put(const std::string& name) {
    return harness.ask<void>(aut, put_config{put_of(name, "x")});
  }

  answer<config_view> subscribe_new(subscription kind) {
    kept_.push_back(engine::spawn<listener>(harness.system(), &seen_));
    return harness.ask<config_view>(
      aut, subscribe{shared_scope(), kept_.back(), kind});
  }

  void end_listener(std::size_t index) {
    engine::end(kept_[index]);
    harness.run();
  }

  ~RegistryBoundsTest() override {
    for (auto& x : kept_)
      engine::end(x);
    harness.run();
  }

  history seen_;
  std::vector<config_listener_actor> kept_;
};

TEST_F(RegistryBoundsTest, RefusesMoreServersOfTheApplicationThanItMayKeep) {
  start_small();
  EXPECT_FALSE(put("one").refused());
  EXPECT_FALSE(put("two").refused());
  auto third = put("three");
  EXPECT_EQ(third.why().code, errc::busy);
  EXPECT_THAT(third.why().text, HasSubstr("2 of 2"));
  EXPECT_TRUE(third.why().retry_after.has_value());
  EXPECT_FALSE(put("two").refused()) << "a change needs no room";
}

TEST_F(RegistryBoundsTest, RefusesMoreListenersThanItMayKeep) {
  start_small();
  EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
  EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
  auto third = subscribe_new(subscription::keeps_alive);
  EXPECT_EQ(third.why().code, errc::busy);
  EXPECT_THAT(third.why().text, HasSubstr("2 of 2"));
  EXPECT_TRUE(third.why().retry_after.has_value());
  EXPECT_FALSE(subscribe_new(subscription::observes).refused());
  end_listener(0);
  EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
}

TEST_F(RegistryBoundsTest, ARefusedSubscriptionEndsNoOtherRegression) {
  start_small();
  EXPECT_FALSE(subscribe_new(subscription::observes).refused());
  auto mine = kept_.back();
  for (int i = 0; i < 2; ++i)
    EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
  auto again = harness.ask<config_view>(
    aut, subscribe{shared_scope(), mine, subscription::keeps_alive});
  EXPECT_EQ(again.why().code, errc::busy);
  put("one");
  EXPECT_EQ(seen_.size(), 3u) << "it is told as before";
}

TEST_F(RegistryBoundsTest, ASubscriptionAnewNeedsNoRoom) {
  start_small();
  for (int i = 0; i < 2; ++i)
    EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
  auto again = harness.ask<config_view>(
    aut, subscribe{shared_scope(), kept_[0], subscription::keeps_alive});
  EXPECT_FALSE(again.refused());
  EXPECT_TRUE(subscribe_new(subscription::keeps_alive).refused());
}

TEST_F(RegistryBoundsTest, AListenerThatItOnlyObservesEndsWithItsLastHandle) {
  start_small();
  EXPECT_FALSE(subscribe_new(subscription::observes).refused());
  EXPECT_FALSE(subscribe_new(subscription::keeps_alive).refused());
  kept_.clear();
  harness.run();
  put("one");
  EXPECT_THAT(seen_, ElementsAre("one@2")) << "one of the two is there";
}

} // namespace
} // namespace mcpool::actors
