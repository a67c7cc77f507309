// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pool.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/messages/repository.hpp>

#include <mcpool/testkit/fixture.hpp>

#include <string>
#include <vector>

// Scenarios of docs/testing.md that are about several owners.

namespace mcpool::actors {
namespace {

using namespace messages::repository;
using namespace std::chrono_literals;
using messages::connection::call_result;
using messages::connection::connection_status;
using phase = policy::connection_phase;

class ScenarioOwnersTest : public testkit::fixture {
protected:
  using answered = testkit::answer<connection_ref>;

  static owner_scope user(const std::string& id) { return *user_scope(id); }

  answered get_for(const owner_scope& who, const std::string& name = "files") {
    return ask(repository(who), get{{name}, {}});
  }

  testkit::answer<call_result> call_for(const owner_scope& who,
                                        const std::string& name = "files") {
    call x;
    x.server = {name};
    x.method = "tools/call";
    x.params = shared_text{R"({"name":"x"})"};
    return ask(repository(who), std::move(x));
  }

  void disconnect_for(const owner_scope& who) {
    ask(repository(who), disconnect{{"files"}});
  }

  connection_status row(const owner_scope& who,
                        const std::string& name = "files") {
    for (const auto& x :
         ask(repository(who), messages::repository::status{}).value().servers)
      if (x.server.value == name)
        return x;
    ADD_FAILURE() << "there is no row of " << name;
    return {};
  }

  /// The next handshake is refused for want of a login.
  void want_login() {
    auto& x = server("files").session();
    x.fail(x.take("initialize").id, make_refusal(errc::needs_login, "HTTP 401"),
           transport::delivery::not_sent);
    run();
  }

  owner_scope ann = user("ann");
  owner_scope bob = user("bob");
};

// -- one user -----------------------------------------------------------------

TEST_F(ScenarioOwnersTest, ThreeRequestsOfAUserMakeOneConnection) {
  server("files").habits().initializes = false;
  std::vector<answered> all;
  for (auto i = 0; i < 3; ++i)
    all.push_back(get_for(ann));
  advance(100ms);
  EXPECT_FALSE(all[0].ready());
  auto& session = server("files").session();
  session.greet();
  run();
  session.take("notifications/initialized");
  for (const auto& x : all)
    EXPECT_EQ(x.value().connection, all[0].value().connection);
  EXPECT_EQ(server("files").starts(), 1u);
}

TEST_F(ScenarioOwnersTest, TwoWhoWantItAnewShareTheNewConnection) {
  server("files");
  auto old = get_for(ann).value().connection;
  auto to = repository(ann);
  send<void>(to, disconnect{{"files"}});
  send<void>(to, disconnect{{"files"}});
  auto x = send<connection_ref>(to, get{{"files"}, {}});
  auto y = send<connection_ref>(to, get{{"files"}, {}});
  run();
  EXPECT_NE(x.value().connection, old);
  EXPECT_EQ(x.value().connection, y.value().connection);
  EXPECT_EQ(server("files").starts(), 2u);
  EXPECT_EQ(server("files").live(), 1u);
}

TEST_F(ScenarioOwnersTest, AUserAndTheApplicationHaveAConnectionEach) {
  server("files");
  auto ours = get_for(shared_scope()).value().connection;
  auto hers = get_for(ann).value().connection;
  EXPECT_NE(ours, hers);
  disconnect_for(ann);
  EXPECT_EQ(get_for(shared_scope()).value().connection, ours);
  EXPECT_EQ(server("files").starts(), 2u);
}

// -- failures -----------------------------------------------------------------

TEST_F(ScenarioOwnersTest, TheFailuresOfOneUserBlockNoOther) {
  auto& files = server("files");
  files.refuse_start();
  for (auto i = 0; i < 5; ++i) {
    EXPECT_TRUE(get_for(ann).refused());
    advance(20s);
  }
  get_for(ann);
  ASSERT_EQ(get_for(ann).why().code, errc::cooling_down);
  auto before = files.starts();
  files.recover();
  EXPECT_FALSE(get_for(bob).refused());
  EXPECT_EQ(files.starts(), before + 1) << "one attempt, and at once";
  EXPECT_EQ(get_for(ann).why().code, errc::cooling_down);
  EXPECT_EQ(row(bob).failed_starts, 0u);
}

TEST_F(ScenarioOwnersTest, ForgivingOneUserIsOneAttemptForIt) {
  auto& files = server("files");
  files.refuse_start();
  get_for(ann);
  get_for(bob);
  files.recover();
  disconnect_for(bob);
  auto before = files.starts();
  EXPECT_FALSE(get_for(bob).refused());
  EXPECT_EQ(files.starts(), before + 1);
  EXPECT_EQ(get_for(ann).why().code, errc::cooling_down) << "nobody forgave";
}

TEST_F(ScenarioOwnersTest, TenUsersWithoutALoginBlockNobody) {
  auto& files = server("files");
  files.habits().initializes = false;
  for (auto i = 0; i < 10; ++i) {
    auto x = get_for(user(cat("user-", i)));
    want_login();
    EXPECT_EQ(x.why().code, errc::needs_login);
    EXPECT_EQ(files.starts(), i + 1u) << "one attempt for each";
  }
  files.habits() = {};
  EXPECT_FALSE(get_for(ann).refused());
  EXPECT_EQ(row(user("user-3")).phase, phase::needs_login);
}

// -- idleness -----------------------------------------------------------------

class ScenarioIdleTest : public ScenarioOwnersTest {
protected:
  void SetUp() override {
    for (const auto* name : {"files", "search"})
      server(name).tool("x", "done");
    idle_timeout = configuration().servers[{"files"}].idle_timeout;
    ASSERT_EQ(idle_timeout, 15min) << "the default";
  }

  duration idle_timeout{};
};

TEST_F(ScenarioIdleTest, EachConnectionEndsByItselfWithoutAnyTraffic) {
  call_for(ann, "files").value();
  advance(5min);
  call_for(ann, "search").value();
  advance(10min - 20ms);
  EXPECT_EQ(server("files").live(), 1u);
  advance(40ms);
  EXPECT_EQ(server("files").live(), 0u) << "nobody asked, nobody called";
  EXPECT_EQ(server("search").live(), 1u) << "this one was used later";
  advance(5min);
  EXPECT_EQ(server("search").live(), 0u);
}

TEST_F(ScenarioIdleTest, ACallOfOneUserEndsNothingOfAnother) {
  call_for(bob).value();
  advance(14min);
  call_for(ann).value();
  EXPECT_EQ(server("files").live(), 2u) << "no sweep over other users";
  advance(1min + 20ms);
  EXPECT_EQ(row(bob).phase, phase::on_demand);
  EXPECT_EQ(row(ann).phase, phase::ready);
}

TEST_F(ScenarioIdleTest, AUserThatCouldNotConnectIsForgotten) {
  server("files").refuse_start();
  EXPECT_TRUE(get_for(ann).refused());
  auto before = server("files").starts();
  for (auto i = 0; i < 3; ++i) {
    call_for(bob, "search").value();
    advance(16min);
  }
  EXPECT_EQ(server("files").starts(), before);
  EXPECT_EQ(server("files").live() + server("search").live(), 0u);
  EXPECT_EQ(row(ann).phase, phase::on_demand);
}

} // namespace
} // namespace mcpool::actors
