// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include "repository_fixture.hpp"

#include <functional>
#include <random>
#include <set>

namespace mcpool::actors {
namespace {

// Thousands of steps of everything that can happen, in an order that the seed
// decides. Callers ask, configurations change, servers answer, fail, forget and
// die, and time passes. What must hold is checked after every step.
class RepositoryRandomTest : public RepositoryTest,
                             public ::testing::WithParamInterface<unsigned> {
protected:
  static constexpr auto steps = 3000;
  static constexpr duration slack = 30ms;

  void begin() {
    overlaps = true;
    limits.throttle.max_starting = 2;
    limits.drain_timeout = 1s;
    limits.cooldown = {20ms, 200ms, 1s};
    for (const auto& name : names_)
      network.habits(name) = testkit::silent();
    start({version("a", 0), version("b", 0)});
    put(version("c", 0));
    for (auto i = 0; i < 3; ++i)
      callers_.push_back(&new_guest());
  }

  void step() {
    switch (below(24)) {
      case 0: return note(get_one(any_name(), any_deadline()));
      case 1: return get_some();
      case 2:
      case 3: return call_some();
      case 4:
        return tell_from(any_caller(), aut,
                         cancel{{any_name()}, {below(20) + 1}});
      case 5: return note(disconnect_one(any_name()), {});
      case 6: return change();
      case 7: return rarely([this] { take_back(); });
      case 8:
        return rarely([this] { note(ask<void>(aut, disconnect_all{}), {}); });
      case 9:
      case 10: return advance(10ms * (1 + below(30)));
      default: return act(any_name());
    }
  }

  // -- what callers do --------------------------------------------------------

  void get_some() {
    note(get_these({any_name(), any_name(), "unknown"}, on_error::collect,
                   any_deadline()));
  }

  void call_some() {
    auto x = make_call(any_name(), any_deadline());
    x.id = {below(20) + 1};
    note(ask_from<call_result>(any_caller(), aut, x));
  }

  void change() { put(version(any_name(), below(3))); }

  /// What the files do not have is gone then.
  void take_back() {
    auto name = any_name();
    put(version(name, below(3)));
    erase(name);
  }

  // -- what servers do --------------------------------------------------------

  void act(const std::string& name) {
    const auto& all = network.sessions(name);
    std::vector<testkit::scripted_session*> live;
    for (const auto& x : all)
      if (x->opened() && !x->ended())
        live.push_back(x.get());
    if (live.empty())
      return;
    auto& x = *live[below(live.size())];
    if (x.closing())
      x.end(make_refusal(errc::cancelled, "closed"));
    else if (!x.opening())
      act_as(x);
    else if (below(8) == 0)
      x.end(make_refusal(errc::connect_failed, "no such file"));
    else
      x.open_up();
    run();
  }

  void act_as(testkit::scripted_session& x) {
    switch (below(20)) {
      case 0: return x.end(make_refusal(errc::connection_lost, "died"));
      case 1: return x.lose_session();
      case 2: return x.request("1", "ping");
      case 3: return x.make_noise("hm");
      case 4: return answer_late(x);
      case 5: return x.answer(below(50), "{}");
      default: break;
    }
    if (!x.inbox().empty())
      answer_next(x);
  }

  void answer_next(testkit::scripted_session& x) {
    auto sent = x.take();
    if (sent.id == 0)
      return;
    if (sent.kind == transport::outgoing_kind::initialize && below(10) != 0)
      return x.answer(sent.id, network.habits("a").greeting);
    silent_[&x].insert(sent.id);
    switch (below(8)) {
      case 0: return x.refuse(sent.id, -1, "no");
      case 1:
        return x.fail(sent.id, make_refusal(errc::connection_lost, "lost"),
                      transport::delivery::not_sent);
      case 2:
        return x.fail(sent.id, make_refusal(errc::connect_failed, "500"),
                      transport::delivery::maybe_sent);
      case 3: return;
      default: return x.answer(sent.id, "{}");
    }
  }

  void answer_late(testkit::scripted_session& x) {
    for (auto id : std::exchange(silent_[&x], {}))
      x.answer(id, "{}");
  }

  // -- what must hold ---------------------------------------------------------

  void check() {
    EXPECT_LE(network.max_live("b"), 1u) << "two sessions under stop_first";
    for (const auto& name : names_)
      EXPECT_LE(idle_sessions(name), 1u) << "two sessions without a drain";
    auto status = permits_of(permits);
    EXPECT_LE(status.in_use, 2u);
    for (const auto& x : requests_)
      EXPECT_TRUE(x.is_ready() || !x.until.given()
                  || harness.now() <= x.until.at + slack)
        << "a request is late";
  }

  /// Sessions that neither close nor have a call to finish.
  std::size_t idle_sessions(const std::string& name) {
    std::size_t out = 0;
    for (const auto& x : network.sessions(name))
      if (x->opened() && !x->ended() && !x->closing() && !is_busy(*x))
        ++out;
    return out;
  }

  bool is_busy(const testkit::scripted_session& x) {
    auto waits = [&](std::int64_t id) { return x.forgotten().count(id) == 0; };
    for (const auto& sent : x.inbox())
      if (sent.kind == transport::outgoing_kind::request && waits(sent.id))
        return true;
    const auto& ids = silent_[&x];
    return std::any_of(ids.begin(), ids.end(), waits);
  }

  void finish() {
    for (const auto& name : names_)
      network.habits(name).closes = true;
    auto done = ask<void>(aut, disconnect_all{});
    for (const auto& name : names_)
      for (const auto& x : network.sessions(name))
        if (x->closing())
          x->end(make_refusal(errc::cancelled, "closed"));
    run();
    EXPECT_TRUE(done.ready());
    for (const auto& x : requests_)
      EXPECT_TRUE(x.is_ready()) << "a request was never answered";
    EXPECT_EQ(network.live(), 0u);
    EXPECT_EQ(permits_of(permits).in_use, 0u);
    EXPECT_EQ(permits_of(permits).waiting, 0u);
    for (const auto& x :
         ask<repository_status>(aut, status{}).value().servers) {
      EXPECT_EQ(x.waiting, 0u);
      EXPECT_EQ(x.phase, phase::on_demand);
    }
    network.ignore_rest();
  }

  void expect_fresh_starts() {
    for (const auto& name : names_) {
      network.habits(name) = {};
      put(version(name, 0));
      EXPECT_FALSE(get_one(name).refused()) << name;
    }
  }

private:
  struct open_request {
    std::function<bool()> is_ready;
    deadline until;
  };

  template <class T>
  void note(answer<T> x, deadline until) {
    requests_.push_back({[x] { return x.ready(); }, until});
  }

  template <class T>
  void note(answer<T> x) {
    note(std::move(x), last_deadline_);
  }

  static config::server_config version(const std::string& name,
                                       std::size_t number) {
    auto out = server(name);
    out.args = {cat(number)};
    out.timeout = 2s;
    out.init_timeout = 1s;
    out.idle_timeout = 300ms;
    out.keep_alive = name == "c";
    if (name != "b")
      out.replacement = config::replacement_mode::overlap;
    out.fingerprint = config::fingerprint_of(out);
    return out;
  }

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
  }

  void rarely(const std::function<void()>& f) {
    if (below(8) == 0)
      f();
  }

  std::string any_name() { return names_[below(names_.size())]; }

  guest& any_caller() { return *callers_[below(callers_.size())]; }

  /// Often none; `note` takes it for the limit of the request.
  deadline any_deadline() {
    last_deadline_
      = below(4) == 0 ? deadline{} : harness.in(10ms * (1 + below(200)));
    return last_deadline_;
  }

  std::mt19937 random_{GetParam()};
  std::vector<std::string> names_{"a", "b", "c"};
  std::vector<guest*> callers_;
  std::vector<open_request> requests_;
  deadline last_deadline_;
  /// Requests that a server took, and maybe did not answer.
  std::map<const testkit::scripted_session*, std::set<std::int64_t>> silent_;
};

TEST_P(RepositoryRandomTest, KeepsItsPromisesWhateverHappens) {
  begin();
  for (auto i = 0; i < steps && !HasFailure(); ++i) {
    step();
    check();
    if (HasFailure())
      FAIL() << "in step " << i;
  }
  finish();
  expect_fresh_starts();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RepositoryRandomTest, ::testing::Range(1u, 9u));

} // namespace
} // namespace mcpool::actors
