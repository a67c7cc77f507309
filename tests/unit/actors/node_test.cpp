// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Two actor systems in this process, which see of each other only what goes
// through a socket.

#include <mcpool/node.hpp>

#include "process_state.hpp"

#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/timer_wheel.hpp>
#include <mcpool/messages/build.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/event_based_actor.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::node {
namespace {

using namespace std::chrono_literals;
using actors::testing::eventually;
using messages::connection::call_result;
using messages::connection::list_result;
using messages::repository::connection_ref;
using messages::repository::repository_status;

namespace conn = messages::connection;
namespace repo = messages::repository;

config::server_config server(const std::string& name,
                             std::vector<std::string> args = {}) {
  config::server_config out;
  out.name = {name};
  out.command = MCPOOL_FAKE_SERVER;
  out.args = {"stdio", "--lifetime", "3m"};
  out.args.insert(out.args.end(), args.begin(), args.end());
  out.close_timeout = 500ms;
  out.fingerprint = config::fingerprint_of(out);
  return out;
}

repo::call call_of(const std::string& server, const std::string& params) {
  repo::call out;
  out.server = {server};
  out.method = "tools/call";
  out.params = shared_text{params};
  return out;
}

/// What an actor was told, from any thread.
template <class T>
class notes {
public:
  void add(T x) {
    std::lock_guard guard{mutex_};
    all_.push_back(std::move(x));
  }

  std::vector<T> all() const {
    std::lock_guard guard{mutex_};
    return all_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<T> all_;
};

/// CALLER that notes the progress of its calls.
struct progress_reader {
  using handle = caller_actor;

  static constexpr const char* name = "test.progress_reader";

  progress_reader(handle::pointer, notes<int>* to) : seen(to) {}

  handle::behavior_type make_behavior() {
    return {[this](const messages::caller::progress& x) {
      seen->add(static_cast<int>(x.done));
    }};
  }

  notes<int>* seen;
};

/// CONFIG LISTENER that notes the names of the servers.
struct config_reader {
  using handle = config_listener_actor;

  static constexpr const char* name = "test.config_reader";

  config_reader(handle::pointer, notes<std::string>* to) : seen(to) {}

  handle::behavior_type make_behavior() {
    return {
      [this](const messages::config_listener::config_changed& x) {
        seen->add("+" + x.config.name.value);
      },
      [this](const messages::config_listener::config_removed& x) {
        seen->add("-" + x.server.value);
      },
    };
  }

  notes<std::string>* seen;
};

/// NODE of another build.
struct stranger {
  using handle = node_actor;

  static constexpr const char* name = "test.stranger";

  stranger(handle::pointer, pool_actor to) : pool(std::move(to)) {}

  handle::behavior_type make_behavior() {
    return {[this](messages::node::greet) {
      return messages::node::welcome{messages::this_build().version,
                                     "0123456789abcdef", pool};
    }};
  }

  pool_actor pool;
};

/// An actor that asks and does not wait to the end.
class impatient : public caf::event_based_actor {
public:
  impatient(caf::actor_config& cfg, repository_actor to, repo::get what)
    : caf::event_based_actor(cfg),
      to_(std::move(to)),
      what_(std::move(what)) {}

  caf::behavior make_behavior() override {
    engine::ask(this, to_, what_)
      .then([](const connection_ref&) {}, [](const caf::error&) {});
    return {[this](bool) { quit(); }};
  }

private:
  repository_actor to_;
  repo::get what_;
};

class NodeTest : public ::testing::Test {
protected:
  NodeTest() {
    log::set_level(log::level::off);
    actors::service_options options;
    for (auto& x :
         {server("quick"), server("slow", {"--handshake-delay", "60s"})})
      options.config.servers.emplace(x.name, x);
    pool = std::make_unique<actors::service>(there, std::move(options));
    door.emplace(*publish(there, pool->pool(), {}));
    aut.emplace(*connect(here, door->at()));
    servers = *aut->repository(shared_scope());
  }

  ~NodeTest() override {
    servers = repository_actor{};
    aut.reset();
    door.reset();
    pool.reset();
    log::set_level(log::level::warning);
  }

  template <class T, class Handle, class Message>
  result<T> ask(const Handle& to, Message x) {
    caf::scoped_actor self{here};
    return engine::await<T>(self, to, std::move(x));
  }

  template <class T, class Handle, class Message>
  std::future<result<T>> ask_aside(Handle to, Message x) {
    return std::async(std::launch::async,
                      [this, to, x = std::move(x)] { return ask<T>(to, x); });
  }

  conn::connection_status row(const std::string& server) {
    auto all = ask<repository_status>(servers, repo::status{});
    for (const auto& x : all->servers)
      if (x.server.value == server)
        return x;
    return {};
  }

  bool waits(const std::string& server, std::uint32_t callers) {
    return eventually([&] { return row(server).waiting == callers; });
  }

  bool in_flight(const std::string& server, std::uint32_t calls) {
    return eventually([&] { return row(server).calls_in_flight == calls; });
  }

  actors::system_config there_config{2, actors::reach::with_node};
  actors::system_config here_config{2, actors::reach::with_node};
  caf::actor_system there{there_config};
  caf::actor_system here{here_config};
  std::unique_ptr<actors::service> pool;
  std::optional<publication> door;
  std::optional<remote_pool> aut;
  repository_actor servers;
};

// -- what a pool can do -------------------------------------------------------

TEST_F(NodeTest, GetsAndCallsAndLists) {
  auto ref = ask<connection_ref>(servers, repo::get{{"quick"}, {}});
  ASSERT_TRUE(ref) << ref.error().text;
  auto answer = ask<call_result>(
    servers,
    call_of("quick", R"({"name":"echo","arguments":{"message":"hi"}})"));
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_THAT(std::string{answer->json.view()}, HasSubstr("hi"));
  auto tools = ask<list_result>(ref->connection, conn::list{"tools/list", {}});
  ASSERT_TRUE(tools) << tools.error().text;
  EXPECT_GT(tools->count, 5U);
}

TEST_F(NodeTest, CarriesRefusalsWhole) {
  auto x = ask<connection_ref>(servers, repo::get{{"quikc"}, {}});
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::not_configured);
  EXPECT_THAT(x.error().text, HasSubstr("did you mean 'quick'?"));
}

TEST_F(NodeTest, HasOneHandleForAConnection) {
  auto a = ask<connection_ref>(servers, repo::get{{"quick"}, {}});
  auto b = ask<connection_ref>(servers, repo::get{{"quick"}, {}});
  auto all = ask<repo::connection_map>(servers, repo::get_loaded{});
  ASSERT_TRUE(a && b && all);
  EXPECT_EQ(a->connection, b->connection);
  EXPECT_EQ(a->connection, all->connections.at({"quick"}).connection);
}

TEST_F(NodeTest, TellsACallerItsProgress) {
  notes<int> seen;
  auto reader = engine::spawn<progress_reader>(here, &seen);
  auto x
    = call_of("quick", R"({"name":"progress","arguments":{"steps":3,"ms":1}})");
  x.progress = reader;
  auto answer = ask<call_result>(servers, x);
  EXPECT_TRUE(answer) << answer.error().text;
  EXPECT_TRUE(eventually([&] { return !seen.all().empty(); }));
  EXPECT_LE(seen.all().back(), 3);
  engine::end(reader);
}

TEST_F(NodeTest, TellsChangesOfTheConfiguration) {
  notes<std::string> seen;
  auto reader = engine::spawn<config_reader>(here, &seen);
  auto registry
    = ask<registry_actor>(aut->pool(), messages::pool::find_registry{});
  ASSERT_TRUE(registry) << registry.error().text;
  auto view = ask<messages::registry::config_view>(
    *registry, messages::registry::subscribe{shared_scope(), reader});
  ASSERT_TRUE(view) << view.error().text;
  EXPECT_EQ(view->servers.size(), 2U);
  EXPECT_TRUE(
    ask<void>(*registry, messages::registry::put_config{server("third")}));
  EXPECT_TRUE(
    ask<void>(*registry, messages::registry::erase_config{{"third"}}));
  EXPECT_TRUE(eventually([&] { return seen.all().size() == 2; }));
  EXPECT_THAT(seen.all(), ElementsAre("+third", "-third"));
  engine::end(reader);
}

TEST_F(NodeTest, ShowsTheStateOfEverything) {
  auto all
    = ask<messages::pool::pool_status>(aut->pool(), messages::pool::status{});
  ASSERT_TRUE(all) << all.error().text;
  ASSERT_EQ(all->owners.size(), 1U);
  EXPECT_EQ(all->owners[0].servers.size(), 2U);
}

// -- whose clock --------------------------------------------------------------

/// A service that has another time than this process, as after one of them
/// stood still with its machine.
class NodeClockTest : public NodeTest {
protected:
  NodeClockTest() {
    wheel->advance(8h);
    actors::service_options options;
    auto x = server("ahead");
    options.config.servers.emplace(x.name, x);
    options.wheel = wheel;
    other = std::make_unique<actors::service>(there, std::move(options));
    other_door.emplace(*publish(there, other->pool(), {}));
    remote.emplace(*connect(here, other_door->at()));
  }

  ~NodeClockTest() override {
    remote.reset();
    other_door.reset();
    other.reset();
  }

  std::shared_ptr<engine::timer_wheel> wheel
    = std::make_shared<engine::timer_wheel>(engine::timer_wheel::mode::manual);
  std::unique_ptr<actors::service> other;
  std::optional<publication> other_door;
  std::optional<remote_pool> remote;
};

TEST_F(NodeClockTest, HasTheTimeOfTheServiceRegression) {
  auto ahead = remote->now() - other->now();
  EXPECT_GT(ahead, -1s);
  EXPECT_LT(ahead, 1min);
}

TEST_F(NodeClockTest, GivesDeadlinesThatTheServiceUnderstandsRegression) {
  auto x = call_of("ahead", R"({"name":"echo","arguments":{"message":"hi"}})");
  auto owner = remote->repository(shared_scope());
  ASSERT_TRUE(owner) << owner.error().text;
  x.until = remote->in(1s);
  auto answer = ask<call_result>(*owner, x);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_THAT(std::string{answer->json.view()}, HasSubstr("hi"));
}

// -- who waits ----------------------------------------------------------------

TEST_F(NodeTest, ForgetsACallerThatEnds) {
  auto caller = here.spawn<impatient>(servers, repo::get{{"slow"}, {}});
  ASSERT_TRUE(waits("slow", 1));
  engine::post(caller, true);
  EXPECT_TRUE(waits("slow", 0));
}

TEST_F(NodeTest, CancelsTheCallOfItsSenderAlone) {
  auto x = call_of("quick", R"({"name":"sleep","arguments":{"ms":60000}})");
  x.id = {7};
  caf::scoped_actor mine{here};
  auto call = engine::ask(mine, servers, x);
  auto other = ask_aside<call_result>(servers, x);
  ASSERT_TRUE(in_flight("quick", 2));
  engine::tell(mine, servers, repo::cancel{{"quick"}, {7}});
  errc why{};
  std::move(call).receive(
    [](const call_result&) {},
    [&](const caf::error& y) { why = engine::to_refusal(y).code; });
  EXPECT_EQ(why, errc::cancelled);
  EXPECT_EQ(other.wait_for(100ms), std::future_status::timeout);
  aut->close();
  EXPECT_FALSE(other.get());
}

TEST_F(NodeTest, AnswersEverythingWhenItCloses) {
  auto x = ask_aside<connection_ref>(servers, repo::get{{"slow"}, {}});
  ASSERT_TRUE(waits("slow", 1));
  aut->close();
  auto out = x.get();
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, errc::connection_lost);
  EXPECT_THAT(out.error().text, HasSubstr(to_string(door->at())));
  auto again = ask<bool>(servers, repo::has{{"quick"}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::connection_lost);
}

TEST_F(NodeTest, FreesWhatAClosedConnectionWaitedFor) {
  auto x = ask_aside<connection_ref>(servers, repo::get{{"slow"}, {}});
  ASSERT_TRUE(waits("slow", 1));
  auto second = *connect(here, door->at());
  aut->close();
  EXPECT_FALSE(x.get());
  servers = *second.repository(shared_scope());
  EXPECT_TRUE(waits("slow", 0));
}

// The service ends in order; what it cannot answer any more is a typed error.
TEST_F(NodeTest, SeesThePoolEnd) {
  auto x = ask_aside<connection_ref>(servers, repo::get{{"slow"}, {}});
  ASSERT_TRUE(waits("slow", 1));
  EXPECT_TRUE(ask<void>(aut->pool(), messages::pool::shutdown{}));
  EXPECT_FALSE(x.get());
  EXPECT_TRUE(eventually([&] {
    auto again = ask<bool>(servers, repo::has{{"quick"}});
    return !again && again.error().code == errc::connection_lost;
  }));
}

// -- who may connect ----------------------------------------------------------

TEST_F(NodeTest, RefusesAnotherBuild) {
  auto other
    = caf::actor_cast<caf::actor>(engine::spawn<stranger>(there, pool->pool()));
  auto port = engine::publish(there, other, {});
  ASSERT_TRUE(port);
  auto x = connect(here, "127.0.0.1", *port);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::unsupported_version);
  EXPECT_THAT(x.error().text, HasSubstr("is another build of mcpool"));
  EXPECT_THAT(x.error().text, HasSubstr("0123456789abcdef"));
  engine::unpublish(there, other, *port);
  engine::end(other);
}

/// An actor of somebody else. A class, because CAF 0.17 dereferences a null
/// pointer for a function without arguments.
class someone_else : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[](int) {}};
  }
};

TEST_F(NodeTest, RefusesWhatIsNoServiceOfMcpool) {
  auto other = there.spawn<someone_else>();
  auto port = engine::publish(there, other, {});
  ASSERT_TRUE(port);
  auto x = connect(here, "127.0.0.1", *port);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::unsupported_version);
  EXPECT_THAT(x.error().text, HasSubstr("is no mcpool"));
  engine::unpublish(there, other, *port);
  engine::end(other);
}

TEST_F(NodeTest, RefusesToConnectToAPoolThatHasEnded) {
  pool->shutdown(pool->in(1s));
  auto begin = engine::now();
  for (auto* from : {&here, &there}) {
    auto x = connect(*from, door->at());
    ASSERT_FALSE(x);
    EXPECT_EQ(x.error().code, errc::shutting_down) << x.error().text;
  }
  EXPECT_LT(engine::now() - begin, 4s);
}

TEST_F(NodeTest, RefusesAPortThatIsTaken) {
  auto x = publish(here, pool->pool(), door->at());
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::connect_failed);
  EXPECT_THAT(x.error().text, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST_F(NodeTest, ListensNoMoreWhenThePublicationIsGone) {
  auto at = door->at();
  door.reset();
  EXPECT_TRUE(eventually([&] { return !connect(here, at); }));
  EXPECT_TRUE(ask<bool>(servers, repo::has{{"quick"}}));
}

} // namespace
} // namespace mcpool::node
