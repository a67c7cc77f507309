// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/system.hpp>

#include "probe.hpp"

#include <mcpool/engine/ask.hpp>

#include <caf/scoped_actor.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

/// A system with threads, as the service has one.
class SystemTest : public ::testing::Test {
protected:
  struct config : caf::actor_system_config {
    config() {
      add_types<caf::id_block::engine_test>(*this);
      tune_scheduler(*this, 2);
    }
  };

  SystemTest() { aut = spawn<probe>(system, wheel, &state); }

  ~SystemTest() override { end(aut); }

  /// Runs `f` in the actor at the first tick after `after` at which it owes an
  /// answer.
  void answer_later(duration after, std::function<void()> f) {
    post(aut, run_inside{[this, after, f = std::move(f)] { wait(after, f); }});
  }

  void wait(duration after, std::function<void()> f) {
    state->timers.set(after, [this, f = std::move(f)] {
      if (state->parked.empty())
        wait(10ms, f);
      else
        f();
    });
  }

  config cfg;
  caf::actor_system system{cfg};
  std::shared_ptr<timer_wheel> wheel = std::make_shared<timer_wheel>();
  probe* state = nullptr;
  probe::handle aut;
};

TEST_F(SystemTest, AnswersAThreadThatAsks) {
  caf::scoped_actor self{system};
  auto got = 0;
  ask(self, aut, square{9})
    .receive([&](const number& x) { got = x.value; },
             [](const caf::error& x) { FAIL() << to_refusal(x).text; });
  EXPECT_EQ(got, 81);
}

TEST_F(SystemTest, StopsAThreadThatAsksForTooLong) {
  caf::scoped_actor self{system};
  auto why = make_refusal(errc::internal_error, "not called");
  ask_within(self, aut, 20ms, park{})
    .receive([](const number&) { FAIL(); },
             [&](const caf::error& x) { why = to_refusal(x); });
  EXPECT_EQ(why.code, errc::call_timed_out);
}

TEST_F(SystemTest, BringsARefusalToAThread) {
  caf::scoped_actor self{system};
  answer_later(20ms, [this] {
    state->parked.at(0).fail(make_refusal(errc::busy, "full"));
  });
  auto why = make_refusal(errc::internal_error, "not called");
  ask(self, aut, park{})
    .receive([](const number&) { FAIL(); },
             [&](const caf::error& x) { why = to_refusal(x); });
  EXPECT_EQ(why.code, errc::busy);
  EXPECT_EQ(why.text, "full");
}

TEST_F(SystemTest, RunsTimersOfActorsOnTheRealWheel) {
  caf::scoped_actor self{system};
  auto start = now();
  answer_later(30ms, [this] { state->parked.at(0).ok(number{1}); });
  auto took = duration::zero();
  ask(self, aut, park{})
    .receive([&](const number&) { took = now() - start; },
             [](const caf::error& x) { FAIL() << to_refusal(x).text; });
  EXPECT_GE(took, 30ms);
}

/// Keeps actors busy until all of them are released.
class TuneSchedulerTest : public ::testing::Test {
protected:
  static constexpr int actors = 5;

  /// How many actors of a system with `threads` are busy at once.
  int busy_at_once(std::uint32_t threads, int expected) {
    caf::actor_system_config cfg;
    tune_scheduler(cfg, threads);
    std::vector<probe*> states(actors); // outlives the actors that know it
    caf::actor_system system{cfg};
    std::vector<probe::handle> all;
    for (auto& state : states)
      all.push_back(spawn<probe>(system, wheel, &state));
    for (const auto& x : all)
      post(x, run_inside{[this] { ++busy, released.wait(); }});
    auto limit = now() + 10s;
    while (busy < expected && now() < limit)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(30ms); // for those that should not
    auto out = busy.load();
    go.set_value();
    for (const auto& x : all)
      end(x);
    return out;
  }

  std::shared_ptr<timer_wheel> wheel
    = std::make_shared<timer_wheel>(timer_wheel::mode::manual);
  std::atomic<int> busy = 0;
  std::promise<void> go;
  std::shared_future<void> released{go.get_future()};
};

TEST_F(TuneSchedulerTest, TakesTheNumberOfThreads) {
  EXPECT_EQ(busy_at_once(3, 3), 3);
}

TEST_F(TuneSchedulerTest, HasAtLeastTwoThreadsByItself) {
  EXPECT_GE(busy_at_once(0, 2), 2);
}

} // namespace
} // namespace mcpool::engine::sample
