// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/repository_fixture.hpp>

#include <mcpool/config/fingerprint_of.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <string>

using ::testing::ElementsAre;
using ::testing::SizeIs;

namespace mcpool::testkit {
namespace {

using messages::registry::all_configs;
using messages::registry::find_config;
using messages::registry::subscribe;
using messages::repository::connection_ref;
using messages::repository::get;
using messages::repository::has;

class RepositoryFixtureTest : public repository_fixture {
protected:
  answer<connection_ref> get_one(const std::string& name) {
    return ask(repository(), get{{name}, {}});
  }

  static config::server_config with_args(const std::string& name,
                                         const std::string& argument) {
    auto out = scripted_config(name);
    out.args = {argument};
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }
};

// -- the repository -----------------------------------------------------------

TEST_F(RepositoryFixtureTest, ConnectsToWhatTheRegistryHas) {
  server("files");
  EXPECT_EQ(get_one("files").value().server.value, "files");
  EXPECT_EQ(get_one("nothing").why().code, errc::not_configured);
  EXPECT_EQ(registry().count("subscribe"), 1u);
}

TEST_F(RepositoryFixtureTest, StartsForTheOwnerOfTheTest) {
  owner() = *user_scope("ada");
  EXPECT_EQ(status().owner, *user_scope("ada"));
}

TEST_F(RepositoryFixtureTest, AChangeOnCommandReplacesTheConnection) {
  server("files");
  get_one("files").value();
  registry().set(with_args("files", "--new"));
  run();
  get_one("files").value();
  EXPECT_EQ(server("files").starts(), 2u);
}

TEST_F(RepositoryFixtureTest, ALateEventReachesTheListenersAsItIs) {
  auto& ann = new_puppet();
  auto to = registry().handle();
  ask(to, subscribe{{}, ann.listener()}).value();
  auto old = scripted_config("files");
  old.revision = 7;
  registry().tell(old);
  run();
  ASSERT_THAT(ann.changed(), SizeIs(1));
  EXPECT_EQ(ann.changed()[0].revision, 7u);
  EXPECT_EQ(ask(to, find_config{{}, {"files"}}).why().code,
            errc::not_configured);
}

TEST_F(RepositoryFixtureTest, WaitsForARegistryThatIsSlow) {
  registry().hold();
  server("files");
  auto x = get_one("files");
  EXPECT_FALSE(x.ready());
  registry().resume();
  run();
  EXPECT_EQ(x.value().server.value, "files");
}

TEST_F(RepositoryFixtureTest, AServerThatIsRemovedIsRefused) {
  server("files");
  get_one("files").value();
  registry().remove("files");
  run();
  EXPECT_EQ(get_one("files").why().code, errc::not_configured);
  EXPECT_EQ(server("files").live(), 0u);
}

TEST_F(RepositoryFixtureTest, ReturnsEveryPermit) {
  server("files");
  get_one("files").value();
  auto x = ask(throttle(), messages::throttle::status{}).value();
  EXPECT_EQ(x.in_use, 0u);
  EXPECT_EQ(x.peak, 1u);
}

TEST_F(RepositoryFixtureTest, ASessionThatDoesNotEndFailsTheTest) {
  server("stuck").habits().closes = false;
  get_one("stuck").value();
  EXPECT_NONFATAL_FAILURE(finish(), "a session to 'stuck' is live");
  network.last("stuck").end(make_refusal(errc::cancelled, "closed"));
}

TEST_F(RepositoryFixtureTest, APermitThatSomebodyKeepsFailsTheTest) {
  auto& ann = new_puppet();
  ask_from<messages::throttle::permit>(
    ann, throttle(), messages::throttle::acquire{shared_scope(), {}})
    .value();
  EXPECT_NONFATAL_FAILURE(finish(), "permits to start are in use: 1");
}

// -- the registry -------------------------------------------------------------

TEST_F(RepositoryFixtureTest, TheRegistryServesWhatWasSet) {
  registry().set(scripted_config("b"));
  registry().set(scripted_config("a"));
  auto to = registry().handle();
  EXPECT_EQ(ask(to, find_config{{}, {"a"}}).value().revision, 2u);
  EXPECT_THAT(ask(to, all_configs{}).value().servers, SizeIs(2));
  EXPECT_EQ(ask(to, find_config{{}, {"c"}}).why().code, errc::not_configured);
  EXPECT_THAT(registry().requests(),
              ElementsAre("find_config", "all_configs", "find_config"));
}

TEST_F(RepositoryFixtureTest, TheRegistryTakesWhatAnApplicationPuts) {
  auto& ann = new_puppet();
  auto to = registry().handle();
  ask(to, subscribe{{}, ann.listener()}).value();
  ask(to, messages::registry::put_config{scripted_config("a")}).value();
  ask(to, messages::registry::erase_config{{"a"}}).value();
  ask(to, messages::registry::reload{}).value();
  ASSERT_THAT(ann.changed(), SizeIs(1));
  EXPECT_EQ(ann.changed()[0].revision, 1u);
  EXPECT_THAT(ann.removed(), ElementsAre(server_name{"a"}));
}

TEST_F(RepositoryFixtureTest, TheRegistryRefusesUntilItResumes) {
  registry().refuse(make_refusal(errc::shutting_down, "no"));
  auto to = registry().handle();
  EXPECT_EQ(ask(to, all_configs{}).why().code, errc::shutting_down);
  EXPECT_EQ(ask(to, find_config{{}, {"a"}}).why().code, errc::shutting_down);
  registry().resume();
  EXPECT_FALSE(ask(to, all_configs{}).refused());
}

TEST_F(RepositoryFixtureTest, TheRegistryAnswersWhoWaitsInTheirOrder) {
  registry().hold();
  auto to = registry().handle();
  auto first = ask(to, messages::registry::put_config{scripted_config("a")});
  auto second = ask(to, all_configs{});
  EXPECT_FALSE(first.ready());
  EXPECT_FALSE(second.ready());
  registry().resume();
  run();
  EXPECT_TRUE(first.ready());
  EXPECT_THAT(second.value().servers, SizeIs(1));
}

TEST_F(RepositoryFixtureTest, TheRegistryForgetsListenersThatDied) {
  auto& ann = new_puppet();
  ask(registry().handle(), subscribe{{}, ann.listener()}).value();
  EXPECT_EQ(registry().listeners(), 1u);
  ann.die();
  EXPECT_EQ(registry().listeners(), 0u);
}

TEST_F(RepositoryFixtureTest, ARegistryThatDiesRefusesWhoWaits) {
  registry().hold();
  auto x = ask(registry().handle(), all_configs{});
  registry().die();
  EXPECT_TRUE(x.refused());
}

} // namespace
} // namespace mcpool::testkit
