// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A service in one process and its clients in others.

#include <mcpool/engine/node.hpp>
#include <mcpool/engine/node_watch.hpp>
#include <mcpool/mcpool.hpp>
#include <mcpool/system/http_exchange.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>
#include <mcpool/system/tcp_proxy.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace mcpool::system {

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using clock = std::chrono::steady_clock;

// What a client may take to notice, and what a busy machine adds.
constexpr auto notice = 2s;
constexpr auto slack = 2s;

class NodeTest : public system_test {
protected:
  void SetUp() override {
    configure({{"quick", fake({"--stats-dir", stats_folder("quick")})},
               {"slow", fake({"--stats-dir", stats_folder("slow"),
                              "--handshake-delay", "60s"})}});
    service_.emplace(start({"serve", "--listen", "0"}));
    EXPECT_TRUE(eventually([this] { return !address().empty(); }))
      << service().err();
  }

  void TearDown() override {
    service_.reset();
    system_test::TearDown();
  }

  process& service() { return *service_; }

  /// Where the service listens, as it says.
  std::string address() const {
    constexpr std::string_view text = "listening on ";
    auto out = service_->out();
    if (out.rfind(text, 0) != 0 || out.back() != '\n')
      return {};
    return out.substr(text.size(), out.size() - text.size() - 1);
  }

  std::uint16_t port() const {
    return engine::parse_node_address(address())->port;
  }

  /// The words of a client without any configuration.
  words client(words args) const {
    args.insert(args.begin(), {"--node", address()});
    return args;
  }

  outcome ask(words args) { return run_bare(client(std::move(args))); }

  /// A row of the status, as another client sees it.
  json row(const std::string& server) {
    auto all = printed_json(ask({"--json", "status"}));
    for (const auto& x : all["owners"][0]["servers"])
      if (x["server"] == server)
        return x;
    return {};
  }

  bool shows(const std::string& server, const std::string& field, int value) {
    return eventually([&] { return row(server)[field] == value; });
  }

  /// A call that takes long, and has reached its server.
  process begin_call() {
    auto out = start(client({"call", "quick", "sleep", R"({"ms":60000})"}));
    EXPECT_TRUE(eventually([&] {
      auto all = records("quick");
      return !all.empty() && all.back()["calls"]["live"] == 1;
    }));
    return out;
  }

  /// Expects that a client is told in time that its service is gone.
  void expect_lost(process& client, clock::time_point since) {
    auto end = client.finish(patience);
    EXPECT_LT(clock::now() - since, notice + slack);
    EXPECT_THAT(complaint(end, 2),
                AllOf(StartsWith("connection_lost: "), HasSubstr(address())));
  }

  /// Connects over `path`, which passes on the first greeting after a while,
  /// and nothing of the second attempt.
  static refusal connect_to_silence(tcp_proxy& path,
                                    std::chrono::milliseconds greeting,
                                    duration limit) {
    path.hold_up(greeting);
    auto out = std::async(std::launch::async, [&path, limit] {
      actors::system_config config{2, actors::reach::with_node};
      caf::actor_system system{config};
      auto pool = engine::connect(system, {"127.0.0.1", path.port()}, limit);
      return pool ? refusal{} : pool.error();
    });
    EXPECT_TRUE(eventually([&] { return path.connections() == 1; }));
    path.hold_up(patience);
    return out.get();
  }

private:
  std::optional<process> service_;
};

// -- every command ------------------------------------------------------------

TEST_F(NodeTest, AnswersEveryCommand) {
  EXPECT_EQ(printed(ask({"has", "quick"})), "yes\n");
  EXPECT_EQ(printed(ask({"has", "nobody"}), 1), "no\n");
  EXPECT_THAT(printed(ask({"get", "quick"})), HasSubstr("quick   ready"));
  EXPECT_THAT(printed(ask({"tools", "quick"})), HasSubstr("\necho "));
  EXPECT_EQ(printed(ask({"call", "quick", "echo", R"({"message":"hi"})"})),
            "hi\n");
  EXPECT_EQ(printed_json(ask({"request", "quick", "ping"})), json::object());
  EXPECT_EQ(
    printed_json(ask({"--json", "disconnect", "quick"}))["disconnected"][0],
    "quick");
}

TEST_F(NodeTest, RefusesAsAPoolOfItsOwnDoes) {
  EXPECT_EQ(ask({"call", "quick", "fail"}).code, 1);
  EXPECT_THAT(complaint(ask({"tools", "quikc"}), 2),
              HasSubstr("did you mean 'quick'?"));
  EXPECT_THAT(complaint(ask({"--timeout", "200ms", "tools", "slow"}), 2),
              StartsWith("connect_timeout: "));
  EXPECT_THAT(complaint(ask({"call", "quick", "echo", "[]"}), 64),
              HasSubstr("JSON"));
}

TEST_F(NodeTest, ServesManyClientsWithOneConnection) {
  auto first = printed(ask({"call", "quick", "pid"}));
  EXPECT_EQ(printed(ask({"call", "quick", "pid"})), first);
  EXPECT_EQ(records("quick").size(), 1U);
}

// -- the service goes ---------------------------------------------------------

TEST_F(NodeTest, TellsItsCallersWhenItIsKilled) {
  auto call = begin_call();
  auto since = clock::now();
  service().signal(SIGKILL);
  expect_lost(call, since);
}

TEST_F(NodeTest, TellsItsCallersWhenItIsStopped) {
  auto call = begin_call();
  auto since = clock::now();
  service().signal(SIGSTOP);
  expect_lost(call, since);
  since = clock::now();
  EXPECT_THAT(complaint(ask({"has", "quick"}), 2),
              StartsWith("connect_timeout: "));
  EXPECT_LT(clock::now() - since, 5s + slack);
  service().signal(SIGCONT);
  EXPECT_EQ(printed(ask({"has", "quick"})), "yes\n");
}

TEST_F(NodeTest, EndsInOrderWithClients) {
  auto get = start(client({"get", "slow"}));
  ASSERT_TRUE(shows("slow", "waiting", 1));
  service().signal(SIGTERM);
  EXPECT_EQ(get.finish(patience).code, 2);
  EXPECT_EQ(service().finish(patience).code, 0);
}

TEST_F(NodeTest, EndsWhenAClientEndsThePool) {
  actors::system_config config{2, actors::reach::with_node};
  caf::actor_system system{config};
  auto at = engine::parse_node_address(address());
  ASSERT_TRUE(at);
  auto pool = node::connect(system, *at);
  ASSERT_TRUE(pool) << pool.error().text;
  caf::scoped_actor self{system};
  EXPECT_TRUE(await(self, pool->pool(), messages::pool::shutdown{}));
  EXPECT_EQ(service().finish(patience).code, 0);
}

// -- a long way ---------------------------------------------------------------

// A heartbeat needs two seconds here, and waits behind others.
TEST_F(NodeTest, KeepsAClientWhoseAnswerIsLongOnItsWay) {
  tcp_proxy path{port()};
  auto call = start({"--node", "127.0.0.1:" + std::to_string(path.port()),
                     "call", "quick", "sleep", R"({"ms":1000})"});
  EXPECT_TRUE(eventually([&] {
    auto all = records("quick");
    return !all.empty() && all.back()["calls"]["live"] == 1;
  }));
  path.become(tcp_proxy::mood::slow);
  std::this_thread::sleep_for(2 * notice);
  EXPECT_TRUE(call.runs());
  path.become(tcp_proxy::mood::fair);
  auto end = call.finish(patience);
  EXPECT_EQ(end.code, 0) << end.err;
}

TEST_F(NodeTest, ConnectsWhereTheFirstWordTakesLong) {
  tcp_proxy path{port()};
  path.hold_up(notice);
  actors::system_config config{2, actors::reach::with_node};
  caf::actor_system system{config};
  auto pool = node::connect(system, {"127.0.0.1", path.port()}, patience);
  EXPECT_TRUE(pool) << pool.error().text;
}

// It greets, so that the attempt begins, and then says nothing more.
TEST_F(NodeTest, SaysThatAServiceFellSilent) {
  tcp_proxy path{port()};
  auto since = clock::now();
  auto why = connect_to_silence(path, 500ms, patience);
  EXPECT_LT(clock::now() - since, engine::first_word_patience + notice + slack);
  EXPECT_EQ(why.code, errc::connect_timeout) << why.text;
  EXPECT_THAT(why.text, HasSubstr("does not answer"));
}

TEST_F(NodeTest, HasOneLimitForEverythingThatConnectingTakes) {
  tcp_proxy path{port()};
  auto since = clock::now();
  auto why = connect_to_silence(path, 2s, 2500ms);
  EXPECT_LT(clock::now() - since, 3500ms);
  EXPECT_EQ(why.code, errc::connect_timeout) << why.text;
}

// -- a client goes ------------------------------------------------------------

TEST_F(NodeTest, ForgetsAClientThatIsKilledWhileItWaits) {
  auto get = start(client({"get", "slow"}));
  ASSERT_TRUE(shows("slow", "waiting", 1));
  get.signal(SIGKILL);
  EXPECT_TRUE(shows("slow", "waiting", 0)) << row("slow");
  EXPECT_TRUE(eventually([&] { return row("slow")["phase"] != "connecting"; }));
}

TEST_F(NodeTest, ForgetsAClientThatIsStoppedWhileItWaits) {
  auto get = start(client({"get", "slow"}));
  ASSERT_TRUE(shows("slow", "waiting", 1));
  get.signal(SIGSTOP);
  EXPECT_TRUE(shows("slow", "waiting", 0)) << row("slow");
}

TEST_F(NodeTest, CancelsTheCallOfAClientThatIsKilled) {
  auto call = begin_call();
  call.signal(SIGKILL);
  EXPECT_TRUE(shows("quick", "calls_in_flight", 0)) << row("quick");
}

TEST_F(NodeTest, CancelsTheCallOfAClientThatIsInterrupted) {
  auto call = begin_call();
  call.signal(SIGINT);
  auto end = call.finish(patience);
  EXPECT_EQ(end.code, 130);
  EXPECT_EQ(end.err, "mcpool: interrupted\n");
  EXPECT_TRUE(shows("quick", "calls_in_flight", 0)) << row("quick");
}

// -- the wrong address --------------------------------------------------------

TEST_F(NodeTest, SaysThatNobodyListens) {
  auto at = "127.0.0.1:" + std::to_string(free_port());
  EXPECT_EQ(complaint(run_bare({"--node", at, "has", "quick"}), 2),
            "connect_failed: cannot reach mcpool at " + at
              + ": Connection refused");
}

TEST_F(NodeTest, SaysThatSomebodyElseListens) {
  auto other = http_server::fake(*this);
  auto at = "127.0.0.1:" + std::to_string(other.port());
  EXPECT_THAT(complaint(run_bare({"--node", at, "has", "quick"}), 2),
              AllOf(HasSubstr("cannot reach mcpool at " + at),
                    HasSubstr("another program")));
}

TEST_F(NodeTest, SaysThatThePortIsTaken) {
  auto second = run({"serve", "--listen", address()});
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.err, HasSubstr("cannot listen on " + address()));
}

TEST_F(NodeTest, IsNotForCommandsThatNeedNoPool) {
  for (auto& args :
       {words{"config", "dump"}, words{"config", "check"}, words{"serve"}}) {
    auto x = ask(args);
    EXPECT_EQ(x.code, 64) << x.out;
    EXPECT_THAT(x.err, HasSubstr("works without a service"));
  }
}

TEST_F(NodeTest, RefusesAnAddressThatIsNone) {
  auto x = run_bare({"--node", "nowhere", "has", "quick"});
  EXPECT_EQ(x.code, 64);
  EXPECT_THAT(x.err, HasSubstr("'nowhere' is no address"));
  EXPECT_EQ(run({"serve", "--listen", "host:port"}).code, 64);
}

} // namespace

} // namespace mcpool::system
