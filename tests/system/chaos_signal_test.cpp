// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Servers that are killed, or stopped, in every phase of a connection.

#include <mcpool/system/chaos_test.hpp>
#include <mcpool/system/http_exchange.hpp>

#include <algorithm>
#include <csignal>
#include <ostream>

namespace mcpool::system {

namespace {

using ::testing::AnyOf;
using phase = policy::connection_phase;

/// Where the connection is when the signal comes.
enum class moment { waiting, connecting, handshake, ready, calling, draining };

constexpr const char* names[]
  = {"Waiting", "Connecting", "Handshake", "Ready", "Calling", "Draining"};

struct plan {
  bool over_http;
  moment when;
};

void PrintTo(const plan& x, std::ostream* out) {
  *out << (x.over_http ? "Http" : "Stdio") << names[static_cast<int>(x.when)];
}

/// A pool with one server "it", and one more, "other", that only ever keeps the
/// only permit.
class ChaosSignalTest : public chaos_test,
                        public ::testing::WithParamInterface<plan> {
protected:
  static constexpr auto start_limit = scaled(600ms);
  static constexpr auto call_limit = scaled(800ms);

  static bool over_http() { return GetParam().over_http; }

  static moment when() { return GetParam().when; }

  /// The first session does `rule` first; later ones are good.
  void have(const std::string& rule) {
    json it;
    json other;
    words args = rule.empty() ? words{} : words{"--on", rule};
    if (over_http()) {
      server = http_server::fake(*this, std::move(args));
      it = other = server->config();
    } else {
      args.insert(args.end(), {"--stats-dir", stats_folder("it")});
      it = fake(std::move(args));
      other = fake(
        {"--on", "initialize=hang", "--stats-dir", stats_folder("other")});
    }
    configure({{"it", limited(it)}, {"other", limited(other)}},
              {{"throttle", {{"maxStarting", 1}}},
               {"maxAttempts", 1},
               {"pingTimeout", "300ms"},
               {"livenessTtl", 0},
               {"cooldown", {{"base", "1ms"}, {"max", "10ms"}}}});
    open_pool();
  }

  static json limited(json x) {
    x["initTimeout"] = start_limit.count();
    x["closeTimeout"] = scaled(200ms).count();
    return x;
  }

  /// What delays the moment, so that it can be met; with `how`, a step.
  static std::string rule_for(moment x, const std::string& how) {
    switch (x) {
      case moment::waiting:
        return over_http() ? "initialize#1=" + how : std::string{};
      case moment::connecting:
        return (over_http() ? "connect#1=" : "start@1=") + how;
      case moment::handshake: return "initialize#1@1=" + how;
      default: return {};
    }
  }

  /// Brings the connection to the moment; what is asked then has `limit`, and a
  /// tool takes `ms`.
  void reach(std::chrono::milliseconds limit, int ms) {
    switch (when()) {
      case moment::waiting: return reach_waiting(limit);
      case moment::connecting: return reach_start(limit);
      case moment::handshake:
        reach_start(limit);
        ASSERT_TRUE(eventually([&] { return live("initializes") == 1; }));
        return;
      case moment::ready: return connect();
      default: break;
    }
    connect();
    asked = begin_within(limit, "it", "sleep", {{"ms", ms}});
    ASSERT_TRUE(eventually([&] { return live("calls") == 1; }));
    if (when() == moment::draining)
      drain(limit + 10s);
  }

  void reach_waiting(std::chrono::milliseconds limit) {
    ahead = begin_get(limit, "other");
    ASSERT_TRUE(is("other", phase::connecting));
    ASSERT_TRUE(eventually([&] { return stats("other") != nullptr; }));
    asked = begin_get(limit, "it");
    ASSERT_TRUE(is("it", phase::waiting));
  }

  void reach_start(std::chrono::milliseconds limit) {
    asked = begin_get(limit, "it");
    ASSERT_TRUE(is("it", phase::connecting));
    ASSERT_TRUE(eventually([&] { return stats("it") != nullptr; }));
  }

  void connect() {
    auto x = pool->get("it");
    ASSERT_TRUE(x) << x.error().text;
    ref = *x;
  }

  void drain(std::chrono::milliseconds limit) {
    drained = std::async(std::launch::async, [this, limit] {
      caf::scoped_actor self{pool->system()};
      return engine::await<void>(self, ref.connection,
                                 messages::connection::drain{pool->in(limit)});
    });
    ASSERT_TRUE(eventually([&] { return is_draining(); }));
  }

  bool is_draining() {
    caf::scoped_actor self{pool->system()};
    auto x = engine::await<messages::connection::connection_status>(
      self, ref.connection, messages::connection::status{});
    return x && x->phase == phase::draining;
  }

  /// Asks the server of the connection that is ready.
  bool is_alive() {
    caf::scoped_actor self{pool->system()};
    auto x = engine::await<bool>(self, ref.connection,
                                 messages::connection::verify{});
    return x && *x;
  }

  bool is(const std::string& name, phase x) {
    return eventually([&] { return pool->status(name).phase == x; });
  }

  json stats(const std::string& name) const {
    if (over_http())
      return server->stats();
    auto all = records(name);
    return all.empty() ? json{} : all.back();
  }

  int live(const std::string& what) const { return stats("it")[what]["live"]; }

  /// Whom the connection needs now.
  pid_t victim() const {
    if (over_http())
      return server->pid();
    return stats(when() == moment::waiting ? "other" : "it")["pid"];
  }

  /// A server on HTTP has to be started by somebody.
  void restart() {
    if (!over_http())
      return;
    auto port = server->port();
    server.reset();
    server = http_server::fake(*this, {}, port);
  }

  /// Expects that what was asked is answered in time.
  void expect_answers(std::chrono::milliseconds limit) {
    for (auto* x : {&ahead, &asked})
      if (x->valid()) {
        auto y = x->get();
        EXPECT_LT(y.took, limit + grace) << to_string(y);
        results.push_back(y.value ? errc{} : y.value.error().code);
      }
    if (drained.valid()) {
      EXPECT_TRUE(drained.get());
    }
  }

  void expect_refusals() {
    for (auto code : results)
      EXPECT_THAT(code,
                  AnyOf(errc{}, errc::connection_lost, errc::connect_failed,
                        errc::connect_timeout, errc::handshake_failed,
                        errc::call_timed_out, errc::cooling_down))
        << name_of(code);
  }

  std::future<answer> ahead;
  std::future<answer> asked;
  std::future<result<void>> drained;
  std::vector<errc> results;
  repo::connection_ref ref;
};

INSTANTIATE_TEST_SUITE_P(
  In, ChaosSignalTest,
  ::testing::Values(plan{false, moment::waiting},
                    plan{false, moment::connecting},
                    plan{false, moment::handshake}, plan{false, moment::ready},
                    plan{false, moment::calling}, plan{false, moment::draining},
                    plan{true, moment::waiting}, plan{true, moment::connecting},
                    plan{true, moment::handshake}, plan{true, moment::ready},
                    plan{true, moment::calling}, plan{true, moment::draining}),
  ::testing::PrintToStringParamName{});

TEST_P(ChaosSignalTest, IsKilled) {
  have(rule_for(when(), "hang"));
  reach(5s, 60'000);
  ::kill(victim(), SIGKILL);
  expect_answers(2 * start_limit);
  expect_refusals();
  restart();
  expect_recovery("it");
  expect_nothing_left(2);
}

TEST_P(ChaosSignalTest, IsStoppedForEver) {
  have(rule_for(when(), "hang"));
  reach(call_limit, 60'000);
  ::kill(victim(), SIGSTOP);
  expect_answers(std::max(call_limit, 2 * start_limit));
  expect_refusals();
  // A connection that is ready is asked whether it is.
  if (when() == moment::ready || when() == moment::calling) {
    EXPECT_FALSE(is_alive());
  }
  restart();
  expect_recovery("it");
  expect_nothing_left(2);
}

TEST_P(ChaosSignalTest, IsStoppedForAWhile) {
  have(rule_for(when(), "delay:200ms"));
  reach(scaled(5s), 600);
  auto pid = victim();
  ::kill(pid, SIGSTOP);
  std::this_thread::sleep_for(200ms);
  ::kill(pid, SIGCONT);
  expect_answers(scaled(5s));
  expect_recovery("it");
  if (when() != moment::waiting || over_http()) {
    EXPECT_THAT(results, ::testing::Each(errc{}));
  }
  expect_nothing_left(3);
}

} // namespace

} // namespace mcpool::system
