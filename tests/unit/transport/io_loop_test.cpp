// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/io_loop.hpp>

#include <mcpool/core/log.hpp>

#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <thread>
#include <utility>
#include <vector>

namespace mcpool::transport {
namespace {

using namespace std::chrono_literals;

constexpr auto long_enough = 20s;

class IoLoopTest : public ::testing::Test {
protected:
  /// The thread that runs a job which is posted now.
  std::thread::id runner() {
    std::promise<std::thread::id> out;
    loop->post([&] { out.set_value(std::this_thread::get_id()); });
    return out.get_future().get();
  }

  /// Shares the loop and waits until guests may come.
  void share() {
    std::promise<void> invited;
    loop->share([&, told = false]() mutable {
      if (!std::exchange(told, true))
        invited.set_value();
    });
    invited.get_future().wait();
  }

  /// Visits the loop until it is let in, and stays until `enough` or
  /// interrupted. The own thread may have come first, and leaves after a job.
  void visit() {
    while (!loop->run_as_guest(enough)) {
      loop->post([] {});
      std::this_thread::sleep_for(1ms);
    }
  }

  /// A guest on a thread of its own; the future is ready when it has left.
  std::future<void> guest() {
    std::promise<std::thread::id> id;
    guest_id = id.get_future();
    return std::async(std::launch::async, [this, id = std::move(id)]() mutable {
      id.set_value(std::this_thread::get_id());
      visit();
    });
  }

  /// Waits until the guest is inside.
  bool guest_comes() {
    auto expected = guest_id.get();
    auto limit = std::chrono::steady_clock::now() + long_enough;
    while (runner() != expected && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(1ms);
    return runner() == expected;
  }

  static bool is_over(const std::future<void>& visit) {
    return visit.wait_for(long_enough) == std::future_status::ready;
  }

  void end_visits() {
    enough = 1;
    loop->interrupt();
  }

  std::future<std::thread::id> guest_id;
  std::atomic<std::size_t> enough{0};
  std::unique_ptr<io_loop> loop = std::make_unique<io_loop>();
};

TEST_F(IoLoopTest, RunsJobsInTheirOrderOnOneThreadOfItsOwn) {
  std::vector<int> got;
  for (auto i = 0; i < 100; ++i)
    loop->post([&got, i] { got.push_back(i); });
  EXPECT_NE(runner(), std::this_thread::get_id());
  ASSERT_EQ(got.size(), 100u);
  EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
}

TEST_F(IoLoopTest, RunsWhatAJobPosts) {
  std::promise<void> done;
  loop->post([&] { loop->post([&] { done.set_value(); }); });
  EXPECT_EQ(done.get_future().wait_for(long_enough), std::future_status::ready);
}

TEST_F(IoLoopTest, LetsEventsHappenBesideJobsThatPostThemselves) {
  std::promise<void> rang;
  std::atomic<bool> over{false};
  boost::asio::steady_timer timer{loop->context()};
  std::function<void()> again = [&] {
    if (!over)
      loop->post(again);
  };
  loop->post([&] {
    timer.expires_after(1ms);
    timer.async_wait([&](const auto&) { rang.set_value(); });
    again();
  });
  EXPECT_EQ(rang.get_future().wait_for(long_enough), std::future_status::ready);
  over = true;
  runner();
}

TEST_F(IoLoopTest, RunsEverythingThatWasPostedBeforeItsEnd) {
  auto ran = 0;
  for (auto i = 0; i < 100; ++i)
    loop->post([&, to = loop.get()] { to->post([&] { ++ran; }); });
  loop.reset();
  EXPECT_EQ(ran, 100);
}

TEST_F(IoLoopTest, GoesOnAfterAJobThatFailedRegression) {
  log::set_sink([](auto&&...) { throw std::bad_alloc{}; });
  loop->post([] { throw std::bad_alloc{}; });
  loop->post([] { throw 1; });
  auto ran = false;
  loop->post([&] { ran = true; });
  loop.reset();
  log::set_sink({});
  EXPECT_TRUE(ran);
}

TEST_F(IoLoopTest, TurnsGuestsAwayUnlessItIsShared) {
  EXPECT_FALSE(loop->run_as_guest(enough));
  share();
  loop->unshare();
  EXPECT_FALSE(loop->run_as_guest(enough));
}

TEST_F(IoLoopTest, RunsOnTheThreadOfAGuest) {
  share();
  auto visit = guest();
  EXPECT_TRUE(guest_comes());
  end_visits();
  EXPECT_TRUE(is_over(visit));
}

TEST_F(IoLoopTest, TurnsAwayASecondGuest) {
  share();
  auto visit = guest();
  ASSERT_TRUE(guest_comes());
  EXPECT_FALSE(loop->run_as_guest(enough));
  end_visits();
  EXPECT_TRUE(is_over(visit));
}

TEST_F(IoLoopTest, GoesOnByItselfWhenNoGuestComes) {
  share();
  enough = 1;
  visit(); // and leaves at once
  EXPECT_NE(runner(), std::this_thread::get_id());
}

TEST_F(IoLoopTest, InvitesWhomItTurnedAway) {
  std::atomic<int> invitations{0};
  auto comes = [&](int count) {
    auto limit = std::chrono::steady_clock::now() + long_enough;
    while (invitations < count && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(1ms);
    return invitations == count;
  };
  loop->share([&] { ++invitations; });
  ASSERT_TRUE(comes(1));
  runner(); // nobody came, so the own thread is inside from here on
  std::promise<void> go_on;
  loop->post([&] { go_on.get_future().wait(); });
  EXPECT_FALSE(loop->run_as_guest(enough));
  go_on.set_value();
  EXPECT_TRUE(comes(2));
}

TEST_F(IoLoopTest, EndsTheNextVisitIfNobodyIsInside) {
  share();
  loop->interrupt();
  auto first = guest();
  EXPECT_TRUE(is_over(first));
  auto second = guest();
  EXPECT_TRUE(guest_comes());
  EXPECT_EQ(second.wait_for(0s), std::future_status::timeout);
  end_visits();
  EXPECT_TRUE(is_over(second));
}

TEST_F(IoLoopTest, DoesNotStartAVisitWhenThereIsEnough) {
  share();
  enough = 1;
  auto visit = guest();
  EXPECT_TRUE(is_over(visit));
}

TEST_F(IoLoopTest, GoesOnAfterTheLastGuest) {
  share();
  enough = 1;
  visit();
  loop->unshare();
  auto ran = false;
  loop->post([&] { ran = true; });
  loop.reset();
  EXPECT_TRUE(ran);
}

TEST_F(IoLoopTest, BlocksTheSignalOfABrokenPipeInGuests) {
  share();
  auto blocked = std::async(std::launch::async, [this] {
    enough = 1;
    visit();
    sigset_t set;
    pthread_sigmask(SIG_SETMASK, nullptr, &set);
    return sigismember(&set, SIGPIPE) == 1;
  });
  EXPECT_TRUE(blocked.get());
}

} // namespace
} // namespace mcpool::transport
