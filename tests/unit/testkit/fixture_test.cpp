// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fixture.hpp>

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/iface.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/messages/throttle.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/type_id.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace mcpool::testkit {

/// A message of a consumer's own.
struct please {
  std::string what;
};

} // namespace mcpool::testkit

CAF_BEGIN_TYPE_ID_BLOCK(testkit_test, caf::id_block::mcpool_actors::end)

CAF_ADD_TYPE_ID(testkit_test, (mcpool::testkit::please))

CAF_END_TYPE_ID_BLOCK(testkit_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::testkit::please)

namespace mcpool::testkit {
namespace {

using messages::connection::call_result;
using messages::repository::connection_ref;
using messages::repository::get;

const bool types = use_types<caf::id_block::testkit_test>();

/// Keeps whoever asks waiting.
class procrastinator {
public:
  using handle = engine::iface<engine::fns<fn<std::string(please)>>>;

  static constexpr const char* name = "test.procrastinator";

  procrastinator(handle::pointer self, bool answers)
    : self_(self),
      answers_(answers) {}

  handle::behavior_type make_behavior() {
    return {[this](const please& x) -> caf::result<std::string> {
      if (answers_)
        return cat("done: ", x.what);
      waiting_.emplace_back(self_);
      return waiting_.back().result();
    }};
  }

private:
  handle::pointer self_;
  bool answers_;
  std::vector<engine::reply<std::string>> waiting_;
};

/// Sends itself messages for ever.
class restless : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[this](int x) { engine::tell(this, this, x); }};
  }
};

class FixtureTest : public fixture {
protected:
  answer<connection_ref> get_one(const std::string& name, deadline until = {}) {
    return ask(repository(), get{{name}, until});
  }

  std::string call_of(const std::string& name, std::string_view tool) {
    return call_tool(name, tool).value().json.str();
  }
};

// -- the pool -----------------------------------------------------------------

TEST_F(FixtureTest, CallsAToolThatIsAFunction) {
  server("hello").tool("greet", [](const server_request& x) {
    return text(cat("hello, ", x.argument("name")));
  });
  auto x = call_tool("hello", "greet", R"({"name":"Ada"})");
  EXPECT_THAT(x.value().json.str(), HasSubstr("hello, Ada"));
}

TEST_F(FixtureTest, ConnectsToAServerThatIsMadeWhileThePoolRuns) {
  server("early").tool("x", "1");
  EXPECT_THAT(call_of("early", "x"), HasSubstr("1"));
  server("late").tool("x", "2");
  EXPECT_THAT(call_of("late", "x"), HasSubstr("2"));
}

TEST_F(FixtureTest, StartsThePoolWithTheConfigurationOfTheTest) {
  server("slow").hang_at_start();
  configuration().servers[{"slow"}].init_timeout = 7s;
  auto x = get_one("slow");
  advance(6s);
  EXPECT_FALSE(x.ready());
  advance(1s);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
}

TEST_F(FixtureTest, ConnectsEagerServersAtOnce) {
  server("eager");
  configuration().servers[{"eager"}].startup = config::startup_mode::eager;
  pool();
  EXPECT_EQ(server("eager").live(), 1u);
}

TEST_F(FixtureTest, EveryOwnerHasARepositoryOfItsOwn) {
  server("hello");
  auto ada = *user_scope("ada");
  ask(repository(), get{{"hello"}, {}}).value();
  ask(repository(ada), get{{"hello"}, {}}).value();
  EXPECT_EQ(server("hello").live(), 2u);
  EXPECT_THAT(status().owners, SizeIs(2));
}

TEST_F(FixtureTest, AChangedConfigurationReplacesTheConnection) {
  server("hello");
  get_one("hello").value();
  auto x = scripted_config("hello");
  x.args = {"--new"};
  put(x);
  get_one("hello").value();
  EXPECT_EQ(server("hello").starts(), 2u);
  EXPECT_EQ(server("hello").live(), 1u);
}

TEST_F(FixtureTest, AConfigurationThatIsRefusedFailsTheTest) {
  auto x = scripted_config("hello");
  x.command.clear();
  EXPECT_NONFATAL_FAILURE(put(x), "needs a command");
}

// -- time ---------------------------------------------------------------------

TEST_F(FixtureTest, TimePassesOnlyWhenTheTestAdvances) {
  server("slow").tool(
    "x", [](const server_request&) { return after(3s, text("at last")); });
  auto x = call_tool("slow", "x");
  advance(2990ms);
  EXPECT_FALSE(x.ready());
  advance(10ms);
  EXPECT_THAT(x.value().json.str(), HasSubstr("at last"));
}

TEST_F(FixtureTest, ACallFailsAtItsDeadline) {
  server("mute").tool("x", [](const server_request&) { return no_answer(); });
  auto x = call_tool("mute", "x", "{}", in(5s));
  advance(5s);
  EXPECT_EQ(x.why().code, errc::call_timed_out);
}

// -- a consumer's own actors --------------------------------------------------

TEST_F(FixtureTest, AsksActorsWithMessagesOfTheirOwn) {
  auto aut = keep(engine::spawn<procrastinator>(system(), true));
  EXPECT_EQ(ask<std::string>(aut, please{"x"}).value(), "done: x");
}

TEST_F(FixtureTest, APuppetLearnsOfTheProgressOfItsCalls) {
  auto& files = server("files");
  files.tool("copy", [&](const server_request& x) {
    files.progress(x, 1, 2, "half");
    return text("done");
  });
  auto& ann = new_puppet();
  messages::repository::call x;
  x.server = {"files"};
  x.method = "tools/call";
  x.params = shared_text{R"({"name":"copy"})"};
  x.progress = ann.caller();
  x.id = {7};
  ask_from<call_result>(ann, repository(), x).value();
  ASSERT_THAT(ann.progress(), SizeIs(1));
  EXPECT_EQ(ann.progress()[0].id, call_id{7});
  EXPECT_EQ(ann.progress()[0].message, "half");
}

TEST_F(FixtureTest, APuppetListensToTheRegistry) {
  auto& ann = new_puppet();
  ask_from<messages::registry::config_view>(
    ann, registry(), messages::registry::subscribe{{}, ann.listener()});
  server("new");
  run();
  ASSERT_THAT(ann.changed(), SizeIs(1));
  EXPECT_EQ(ann.changed()[0].name.value, "new");
  ask(registry(), messages::registry::erase_config{{"new"}}).value();
  EXPECT_THAT(ann.removed(), ElementsAre(server_name{"new"}));
}

TEST_F(FixtureTest, APuppetMayDieWhileItWaits) {
  server("slow").hang_at_start();
  auto& ann = new_puppet();
  auto x = ask_from<connection_ref>(ann, repository(), get{{"slow"}, {}});
  EXPECT_EQ(server("slow").live(), 1u);
  ann.die();
  run();
  EXPECT_EQ(server("slow").live(), 0u);
  EXPECT_FALSE(x.ready());
}

// -- what the end of a test finds ---------------------------------------------

TEST_F(FixtureTest, FindsNothingAfterAnOrderlyTest) {
  server("hello").tool("x", "1");
  call_of("hello", "x");
  finish();
  EXPECT_EQ(network.live(), 0u);
}

TEST_F(FixtureTest, ACallIsAnsweredWhenTheEndDisconnects) {
  server("mute").tool("x", [](const server_request&) { return no_answer(); });
  auto x = call_tool("mute", "x");
  EXPECT_FALSE(x.ready());
  finish();
  EXPECT_TRUE(x.refused());
}

TEST_F(FixtureTest, ARequestThatNobodyAnswersFailsTheTest) {
  auto aut = keep(engine::spawn<procrastinator>(system(), false));
  ask<std::string>(aut, please{"x"});
  EXPECT_NONFATAL_FAILURE(finish(),
                          "nobody answered a request: mcpool::testkit::please");
}

TEST_F(FixtureTest, ASessionThatDoesNotEndFailsTheTest) {
  server("stuck").habits().closes = false;
  get_one("stuck").value();
  EXPECT_NONFATAL_FAILURE(finish(), "a session to 'stuck' is live");
  network.last("stuck").end(make_refusal(errc::cancelled, "closed"));
}

TEST_F(FixtureTest, FindsNothingAfterThePoolWasShutDown) {
  server("mute").tool("x", [](const server_request&) { return no_answer(); });
  auto x = call_tool("mute", "x");
  ask(pool(), messages::pool::shutdown{in(1s)});
  EXPECT_FALSE(x.ready());
  finish();
  EXPECT_TRUE(x.refused());
}

TEST_F(FixtureTest, FindsNothingAfterThePoolHasEnded) {
  server("hello");
  get_one("hello").value();
  EXPECT_TRUE(ask(pool(), messages::pool::shutdown{in(0s)}).ready());
  finish();
}

TEST_F(FixtureTest, AnActorThatNeverRestsFailsTheTest) {
  auto aut = keep(system().spawn<restless>());
  engine::post(aut, 1);
  EXPECT_NONFATAL_FAILURE(run(), "do not come to rest");
  engine::end(aut);
}

} // namespace
} // namespace mcpool::testkit
