// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/service.hpp>

#include "process_state.hpp"
#include "scratch_folder.hpp"

#include <mcpool/actors/system_config.hpp>
#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/load.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>

#include <caf/actor_system.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using namespace std::chrono_literals;
using messages::connection::call_result;
using messages::repository::connection_map;
using messages::repository::connection_ref;
using messages::repository::get;
using testing::eventually;

/// A real server that does what the rules say.
config::server_config server(const std::string& name,
                             std::vector<std::string> rules = {}) {
  config::server_config out;
  out.name = {name};
  out.command = MCPOOL_FAKE_SERVER;
  out.args = {"stdio"};
  for (auto& rule : rules) {
    out.args.push_back("--on");
    out.args.push_back(std::move(rule));
  }
  out.fingerprint = config::fingerprint_of(out);
  return out;
}

messages::repository::call call_of(const std::string& server,
                                   const std::string& params) {
  messages::repository::call out;
  out.server = {server};
  out.method = "tools/call";
  out.params = shared_text{params};
  return out;
}

class ServiceTest : public ::testing::Test {
protected:
  ServiceTest() { log::set_level(log::level::off); }

  ~ServiceTest() override { log::set_level(log::level::warning); }

  static service_options options(std::vector<config::server_config> servers) {
    service_options out;
    for (auto& x : servers)
      out.config.servers.emplace(x.name, std::move(x));
    return out;
  }

  void start(std::vector<config::server_config> servers) {
    aut = std::make_unique<service>(system, options(std::move(servers)));
  }

  repository_actor shared() { return *aut->repository(shared_scope()); }

  template <class T, class Handle, class Message>
  result<T> ask(const Handle& to, Message x) {
    caf::scoped_actor self{system};
    return engine::await<T>(self, to, std::move(x));
  }

  /// Asks from a thread of its own.
  template <class T, class Handle, class Message>
  std::future<result<T>> ask_aside(Handle to, Message x) {
    return std::async(
      std::launch::async,
      [this, to = std::move(to), x = std::move(x)] { return ask<T>(to, x); });
  }

  bool is_in_flight(const repository_actor& who) {
    auto x = ask<messages::repository::repository_status>(
      who, messages::repository::status{});
    return x && !x->servers.empty() && x->servers[0].calls_in_flight > 0
           && x->servers[0].phase == policy::connection_phase::ready;
  }

  bool is_connecting(const repository_actor& who) {
    auto x = ask<messages::repository::repository_status>(
      who, messages::repository::status{});
    return x && !x->servers.empty()
           && x->servers[0].phase == policy::connection_phase::connecting;
  }

  system_config cfg;
  caf::actor_system system{cfg};
  std::unique_ptr<service> aut;
};

TEST_F(ServiceTest, CallsARealServer) {
  start({server("echo")});
  auto out = ask<call_result>(
    shared(),
    call_of("echo", R"({"name":"echo","arguments":{"message":"hello"}})"));
  ASSERT_TRUE(out) << out.error().text;
  EXPECT_THAT(std::string{out->json.view()}, HasSubstr("hello"));
}

TEST_F(ServiceTest, LeavesNothingBehindHoweverOftenItComesAndGoes) {
  auto come_and_go = [this](int round) {
    auto options = this->options({server("a"), server("b"), server("c")});
    service x{system, std::move(options)};
    for (auto owner : {shared_scope(), *user_scope("ada")}) {
      auto repository = *x.repository(owner);
      for (auto name : {"a", "b"})
        engine::post(repository, get{{name}, {}});
      if (round % 5 == 0)
        ask<connection_ref>(repository, get{{"c"}, {}});
      engine::post(
        repository,
        call_of("c", R"({"name":"sleep","arguments":{"ms":60000}})"));
    }
  };
  come_and_go(0);
  auto threads = testing::threads();
  auto descriptors = testing::descriptors();
  for (int i = 0; i < 50; ++i)
    come_and_go(i);
  EXPECT_EQ(testing::children(), "");
  EXPECT_EQ(testing::descriptors(), descriptors);
  EXPECT_TRUE(eventually([&] { return testing::threads() <= threads; }))
    << testing::threads() << " threads, " << threads << " before";
}

TEST_F(ServiceTest, EndsRunningCallsWhenItIsDestroyed) {
  start({server("slow")});
  auto repository = shared();
  auto call = ask_aside<call_result>(
    repository,
    call_of("slow", R"({"name":"sleep","arguments":{"ms":60000}})"));
  ASSERT_TRUE(eventually([&] { return is_in_flight(repository); }));
  aut.reset();
  auto out = call.get();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, errc::connection_lost);
  EXPECT_EQ(testing::children(), "");
}

TEST_F(ServiceTest, HasLeftNothingWhenTheShutdownReturnsRegression) {
  start({server("echo")});
  auto threads = testing::threads();
  auto descriptors = testing::descriptors();
  for (auto owner : {shared_scope(), *user_scope("ada")})
    ASSERT_TRUE(
      ask<connection_ref>(*aut->repository(owner), get{{"echo"}, {}}));
  aut->shutdown({aut->now()});
  EXPECT_EQ(testing::children(), "");
  EXPECT_LT(testing::descriptors(), descriptors);
  EXPECT_TRUE(eventually([&] { return testing::threads() < threads; }));
}

TEST_F(ServiceTest, LetsRunningCallsFinishBeforeTheDeadline) {
  start({server("slow")});
  auto repository = shared();
  auto call = ask_aside<call_result>(
    repository, call_of("slow", R"({"name":"sleep","arguments":{"ms":200}})"));
  ASSERT_TRUE(eventually([&] { return is_in_flight(repository); }));
  aut->shutdown(aut->in(30s));
  EXPECT_TRUE(call.get());
  EXPECT_EQ(testing::children(), "");
}

TEST_F(ServiceTest, ShutsDownOnceHoweverOftenItIsTold) {
  start({server("echo")});
  ASSERT_TRUE(ask<connection_ref>(shared(), get{{"echo"}, {}}));
  aut->shutdown({aut->now()});
  aut->shutdown({aut->now()});
  auto late = aut->repository(shared_scope());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::shutting_down);
}

TEST_F(ServiceTest, ShutsDownFromSeveralThreadsRegression) {
  start({server("slow")});
  auto repository = shared();
  auto call = ask_aside<call_result>(
    repository,
    call_of("slow", R"({"name":"sleep","arguments":{"ms":60000}})"));
  ASSERT_TRUE(eventually([&] { return is_in_flight(repository); }));
  auto patient
    = std::async(std::launch::async, [this] { aut->shutdown(aut->in(1h)); });
  ASSERT_TRUE(
    eventually([this] { return aut->repository(shared_scope()).has_error(); }));
  aut->shutdown({aut->now()});
  patient.get();
  EXPECT_FALSE(call.get());
}

TEST_F(ServiceTest, EndsWhileAStartIsUnderWay) {
  start({server("mute", {"initialize=hang"})});
  auto repository = shared();
  auto waits = ask_aside<connection_ref>(repository, get{{"mute"}, {}});
  ASSERT_TRUE(eventually([&] { return is_connecting(repository); }));
  aut.reset();
  auto out = waits.get();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, errc::shutting_down);
  EXPECT_EQ(testing::children(), "");
}

TEST_F(ServiceTest, EndsWithoutEverBeingUsed) {
  start({});
  aut.reset();
  start({server("echo")});
}

TEST_F(ServiceTest, EndsWhenItsPoolIsGoneAlready) {
  start({server("echo")});
  ASSERT_TRUE(ask<connection_ref>(shared(), get{{"echo"}, {}}));
  engine::end(aut->pool());
  ASSERT_TRUE(eventually([this] {
    auto x = aut->repository(shared_scope());
    return !x && x.error().code == errc::shutting_down;
  }));
  aut.reset();
  EXPECT_EQ(testing::children(), "");
}

TEST_F(ServiceTest, AHandleThatIsKeptDoesNotHoldItUp) {
  start({server("echo")});
  auto repository = shared();
  auto ref = ask<connection_ref>(repository, get{{"echo"}, {}});
  ASSERT_TRUE(ref);
  auto pool = aut->pool();
  aut.reset();
  EXPECT_FALSE(ask<bool>(ref->connection, messages::connection::verify{}));
  EXPECT_FALSE(ask<bool>(repository, messages::repository::has{{"echo"}}));
}

TEST_F(ServiceTest, ConnectsEagerServersWithoutBeingDelayed) {
  auto eager = server("eager", {"initialize=hang"});
  eager.startup = config::startup_mode::eager;
  auto quick = server("quick");
  quick.startup = config::startup_mode::eager;
  start({eager, quick, server("lazy")});
  auto repository = shared();
  EXPECT_TRUE(eventually([&] {
    auto x
      = ask<connection_map>(repository, messages::repository::get_loaded{});
    return x && x->connections.count({"quick"}) == 1;
  }));
  auto x = ask<connection_map>(repository, messages::repository::get_loaded{});
  EXPECT_EQ(x->connections.size(), 1u);
  EXPECT_TRUE(is_connecting(repository)); // `eager` is the first row
}

TEST_F(ServiceTest, NoticesWhenItsFileIsEdited) {
  testing::scratch_folder folder;
  auto text = [](const std::string& extra) {
    return cat(R"({"mcpServers": {"kept": {"command": ")", MCPOOL_FAKE_SERVER,
               R"(", "args": ["stdio"]})", extra, "}}");
  };
  folder.write("mcpool.json", text(""));
  service_options options;
  options.files = {folder.path() / "mcpool.json"};
  options.config = *config::load(options.files, {}).value;
  aut = std::make_unique<service>(system, std::move(options));
  auto before = ask<connection_ref>(shared(), get{{"kept"}, {}});
  ASSERT_TRUE(before);
  folder.write("mcpool.json",
               text(cat(R"(, "added": {"command": ")", MCPOOL_FAKE_SERVER,
                        R"(", "args": ["stdio"]})")));
  ASSERT_TRUE(eventually([this] {
    auto x = ask<bool>(shared(), messages::repository::has{{"added"}});
    return x && *x;
  }));
  EXPECT_TRUE(ask<connection_ref>(shared(), get{{"added"}, {}}));
  auto after = ask<connection_ref>(shared(), get{{"kept"}, {}});
  EXPECT_EQ(after->connection, before->connection);
}

TEST_F(ServiceTest, AReloadIsInForceWhenItIsAnswered) {
  testing::scratch_folder folder;
  folder.write("mcpool.json", "{}");
  service_options options;
  options.files = {folder.path() / "mcpool.json"};
  aut = std::make_unique<service>(system, std::move(options));
  auto registry
    = *ask<registry_actor>(aut->pool(), messages::pool::find_registry{});
  for (auto name : {"a", "b", "c"}) {
    folder.write("mcpool.json",
                 cat(R"({"mcpServers": {")", name, R"(": {"command": "x"}}})"));
    ASSERT_TRUE(ask<void>(registry, messages::registry::reload{}));
    EXPECT_TRUE(ask<config::server_config>(
      registry, messages::registry::find_config{shared_scope(), {name}}));
  }
  folder.write("mcpool.json", "{");
  auto bad = ask<void>(registry, messages::registry::reload{});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, errc::invalid_config);
}

} // namespace
} // namespace mcpool::actors
