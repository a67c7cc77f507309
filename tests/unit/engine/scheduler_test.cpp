// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/scheduler.hpp>

#include "probe.hpp"

#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/idle_work.hpp>
#include <mcpool/engine/system.hpp>
#include <mcpool/engine/testing.hpp>

#include <caf/scoped_actor.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

/// Keeps a worker until there is a job for it.
class corner : public idle_work {
public:
  bool wait(const std::atomic<std::size_t>& jobs) override {
    ++visits;
    while (jobs == 0 && !called.exchange(false))
      std::this_thread::sleep_for(1ms);
    return true;
  }

  void interrupt() override { called = true; }

  std::atomic<int> visits{0};
  std::atomic<bool> called{false};
};

class SchedulerTest : public ::testing::Test {
protected:
  struct config : caf::actor_system_config {
    config() {
      add_types<caf::id_block::engine_test>(*this);
      tune_scheduler(*this, 1);
    }
  };

  int squared(int x) {
    caf::scoped_actor self{system};
    auto out = 0;
    ask(self, aut, square{x})
      .receive([&](const number& y) { out = y.value; },
               [](const caf::error& y) { FAIL() << to_refusal(y).text; });
    return out;
  }

  probe* state = nullptr;
  corner idle;
  config cfg;
  caf::actor_system system{cfg};
  std::shared_ptr<timer_wheel> wheel = std::make_shared<timer_wheel>();
  probe::handle aut = spawn<probe>(system, wheel, &state);
};

TEST_F(SchedulerTest, RunsActorsOnWorkersThatAreLent) {
  auto lent = lend_workers(system, idle);
  EXPECT_EQ(lent, MCPOOL_CAF1 == 0);
  for (auto i = 1; i < 20; ++i)
    EXPECT_EQ(squared(i), i * i);
  EXPECT_EQ(idle.visits > 0, lent);
  take_back_workers(system, idle);
  EXPECT_EQ(squared(20), 400);
  end(aut);
}

TEST_F(SchedulerTest, EndsWhileWorkersWait) {
  EXPECT_EQ(squared(2), 4);
  end(aut);
}

TEST(SchedulerOfTestsTest, LendsNobody) {
  testing::deterministic fix;
  corner idle;
  EXPECT_FALSE(lend_workers(fix.system(), idle));
}

} // namespace
} // namespace mcpool::engine::sample
