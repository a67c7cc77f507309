// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/job_queue.hpp>

#include <mcpool/engine/idle_work.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <thread>

namespace mcpool::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto long_enough = 20s;

/// Lets workers inside one at a time, unless it is closed.
class room : public idle_work {
public:
  bool wait(const std::atomic<std::size_t>& jobs) override {
    ++tries;
    if (closed)
      return false;
    ++inside;
    while (busy || (jobs == 0 && !called.exchange(false)))
      std::this_thread::sleep_for(1ms);
    --inside;
    return true;
  }

  void interrupt() override { called = true; }

  std::atomic<int> tries{0};
  std::atomic<int> inside{0};
  std::atomic<bool> closed{false};
  std::atomic<bool> busy{false};
  std::atomic<bool> called{false};
};

/// A queue of jobs that are told apart by their addresses only.
class JobQueueTest : public ::testing::Test {
protected:
  using job = job_queue::job;

  job nth(std::size_t i) { return reinterpret_cast<job>(&things.at(i)); }

  /// A worker that takes one job.
  std::future<job> worker() {
    return std::async(std::launch::async, [this] { return queue.pop(); });
  }

  static bool happens(const std::function<bool()>& what) {
    auto limit = std::chrono::steady_clock::now() + long_enough;
    while (!what() && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(1ms);
    return what();
  }

  bool sleep(std::size_t count) {
    return happens([=] { return queue.resting() == count; });
  }

  static bool is_done(const std::future<job>& x) {
    return x.wait_for(long_enough) == std::future_status::ready;
  }

  std::array<char, 8> things{};
  job_queue queue;
  room idle;
};

TEST_F(JobQueueTest, GivesJobsInTheirOrder) {
  queue.push(nth(0));
  queue.push(nth(1));
  EXPECT_EQ(worker().get(), nth(0));
  EXPECT_EQ(queue.try_pop(), nth(1));
  EXPECT_EQ(queue.try_pop(), nullptr);
}

TEST_F(JobQueueTest, WakesAWorkerForAJobFromElsewhere) {
  auto taken = worker();
  ASSERT_TRUE(sleep(1));
  queue.push(nth(0));
  ASSERT_TRUE(is_done(taken));
  EXPECT_EQ(taken.get(), nth(0));
}

TEST_F(JobQueueTest, WakesAnotherWhenAWorkerDoesNotComeBackForItsJob) {
  std::promise<void> began, go_on, over;
  queue.push(nth(0));
  auto busy = std::async(std::launch::async, [&] {
    queue.pop();
    began.set_value();
    go_on.get_future().wait();
    queue.push(nth(1));
    over.get_future().wait();
  });
  began.get_future().wait();
  auto other = worker();
  ASSERT_TRUE(sleep(1));
  go_on.set_value();
  ASSERT_TRUE(is_done(other));
  EXPECT_EQ(other.get(), nth(1));
  over.set_value();
}

TEST_F(JobQueueTest, SendsAWorkerWithoutAJobInside) {
  ASSERT_TRUE(queue.lend(idle));
  auto taken = worker();
  EXPECT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.push(nth(0));
  ASSERT_TRUE(is_done(taken));
  EXPECT_EQ(taken.get(), nth(0));
  queue.take_back(idle);
}

TEST_F(JobQueueTest, CallsASleepingWorkerInside) {
  auto taken = worker();
  ASSERT_TRUE(sleep(1));
  queue.lend(idle);
  EXPECT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.push(nth(0));
  ASSERT_TRUE(is_done(taken));
  queue.take_back(idle);
}

TEST_F(JobQueueTest, SendsTheNextInsideWhileTheFirstIsBusy) {
  queue.lend(idle);
  auto one = worker();
  auto other = worker();
  ASSERT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.push(nth(0)); // one of them is gone with it
  auto taken
    = [](const auto& x) { return x.wait_for(0s) == std::future_status::ready; };
  EXPECT_TRUE(happens([&] { return taken(one) || taken(other); }));
  EXPECT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.push(nth(1));
  EXPECT_TRUE(is_done(one));
  EXPECT_TRUE(is_done(other));
  queue.take_back(idle);
}

TEST_F(JobQueueTest, WakesAnotherWhenTheOneInsideIsBusy) {
  queue.lend(idle);
  auto one = worker();
  ASSERT_TRUE(happens([this] { return idle.inside == 1; }));
  auto other = worker();
  ASSERT_TRUE(sleep(1));
  idle.busy = true;
  queue.push(nth(0));
  EXPECT_TRUE(is_done(other));
  idle.busy = false;
  queue.push(nth(1));
  EXPECT_TRUE(is_done(one));
  queue.take_back(idle);
}

TEST_F(JobQueueTest, LetsAWorkerThatWasTurnedAwaySleepUntilItIsInvited) {
  idle.closed = true;
  queue.lend(idle);
  auto taken = worker();
  ASSERT_TRUE(happens([this] { return idle.tries == 1; }));
  ASSERT_TRUE(sleep(1));
  EXPECT_EQ(idle.tries, 1);
  idle.closed = false;
  queue.invite();
  EXPECT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.push(nth(0));
  EXPECT_TRUE(is_done(taken));
  queue.take_back(idle);
}

TEST_F(JobQueueTest, HasNobodyInsideOnceTheWorkersAreTakenBack) {
  queue.lend(idle);
  auto taken = worker();
  ASSERT_TRUE(happens([this] { return idle.inside == 1; }));
  queue.take_back(idle);
  EXPECT_EQ(idle.inside, 0);
  auto tries = idle.tries.load();
  queue.push(nth(0));
  ASSERT_TRUE(is_done(taken));
  EXPECT_EQ(idle.tries, tries);
}

TEST_F(JobQueueTest, LendsItsWorkersOnce) {
  room other;
  EXPECT_TRUE(queue.lend(idle));
  EXPECT_FALSE(queue.lend(other));
  queue.take_back(other); // has none
  queue.take_back(idle);
  EXPECT_TRUE(queue.lend(other));
  queue.take_back(other);
}

} // namespace
} // namespace mcpool::engine
