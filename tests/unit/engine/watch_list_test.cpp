// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/watch_list.hpp>

#include "probe.hpp"

#include <mcpool/engine/ask.hpp>

#include <gmock/gmock.h>

#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::engine::sample {
namespace {

class WatchListTest : public ProbeTest {
protected:
  void watch(const probe::handle& who, int id) {
    inside([&](probe& x) {
      x.watches.watch(who,
                      [this, id](const caf::error&) { ended.push_back(id); });
    });
  }

  void forget(const probe::handle& who) {
    inside([&](probe& x) { x.watches.forget(who); });
  }

  std::vector<int> ended;
};

TEST_F(WatchListTest, CallsBackWhenAnActorEnds) {
  auto one = another();
  auto two = another();
  watch(one, 1);
  watch(two, 2);
  EXPECT_EQ(state->watches.size(), 2u);
  EXPECT_THAT(ended, IsEmpty());
  end_now(two);
  EXPECT_THAT(ended, ElementsAre(2));
  EXPECT_EQ(state->watches.size(), 1u);
}

TEST_F(WatchListTest, SaysWhyTheActorEnded) {
  auto one = another();
  auto why = make_refusal(errc::internal_error, "not called");
  inside([&](probe& x) {
    x.watches.watch(one, [&](const caf::error& e) { why = to_refusal(e); });
  });
  end_now(one);
  EXPECT_EQ(why.code, errc::connection_lost);
}

TEST_F(WatchListTest, CallsBackOnce) {
  auto one = another();
  watch(one, 1);
  end_now(one);
  end_now(one);
  EXPECT_THAT(ended, ElementsAre(1));
}

TEST_F(WatchListTest, CallsBackSoonForADeadActor) {
  auto one = another();
  end_now(one);
  watch(one, 1);
  EXPECT_THAT(ended, ElementsAre(1));
}

TEST_F(WatchListTest, NeverCallsBackInsideWatch) {
  auto one = another();
  end_now(one);
  inside([&](probe& x) {
    x.watches.watch(one, [this](const caf::error&) { ended.push_back(1); });
    EXPECT_THAT(ended, IsEmpty());
  });
  EXPECT_THAT(ended, ElementsAre(1));
}

TEST_F(WatchListTest, ForgetsAnActor) {
  auto one = another();
  watch(one, 1);
  forget(one);
  EXPECT_EQ(state->watches.size(), 0u);
  end_now(one);
  EXPECT_THAT(ended, IsEmpty());
}

TEST_F(WatchListTest, ForgetsAnActorWhoseEndIsUnderWay) {
  auto one = another();
  watch(one, 1);
  post(aut, run_inside{[&] { state->watches.forget(one); }});
  end(one);
  harness.run();
  EXPECT_THAT(ended, IsEmpty());
}

TEST_F(WatchListTest, ForgettingAStrangerDoesNothing) {
  auto one = another();
  watch(one, 1);
  forget(another());
  end_now(one);
  EXPECT_THAT(ended, ElementsAre(1));
}

TEST_F(WatchListTest, ReplacesAWatchOnTheSameActor) {
  auto one = another();
  watch(one, 1);
  watch(one, 2);
  EXPECT_EQ(state->watches.size(), 1u);
  end_now(one);
  EXPECT_THAT(ended, ElementsAre(2));
}

TEST_F(WatchListTest, WatchesAgainAfterForgetting) {
  auto one = another();
  watch(one, 1);
  forget(one);
  watch(one, 2);
  end_now(one);
  EXPECT_THAT(ended, ElementsAre(2));
}

TEST_F(WatchListTest, ACallbackMayWatchAnotherActor) {
  auto one = another();
  auto two = another();
  inside([&](probe& x) {
    x.watches.watch(one, [&](const caf::error&) {
      ended.push_back(1);
      x.watches.watch(two, [&](const caf::error&) { ended.push_back(2); });
    });
  });
  end_now(one);
  end_now(two);
  EXPECT_THAT(ended, ElementsAre(1, 2));
}

TEST_F(WatchListTest, ACallbackMayWatchTheDeadActorAgain) {
  auto one = another();
  inside([&](probe& x) {
    x.watches.watch(one, [&](const caf::error&) {
      ended.push_back(1);
      x.watches.watch(one, [&](const caf::error&) { ended.push_back(2); });
    });
  });
  end_now(one);
  EXPECT_THAT(ended, ElementsAre(1, 2));
}

TEST_F(WatchListTest, ACallbackMayForgetItselfAndOthers) {
  auto one = another();
  auto two = another();
  inside([&](probe& x) {
    x.watches.watch(one, [&](const caf::error&) {
      ended.push_back(1);
      x.watches.forget(one);
      x.watches.forget(two);
    });
    x.watches.watch(two, [&](const caf::error&) { ended.push_back(2); });
  });
  end_now(one);
  end_now(two);
  EXPECT_THAT(ended, ElementsAre(1));
}

TEST_F(WatchListTest, WatchesManyActors) {
  std::vector<probe::handle> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back(another());
    watch(all.back(), i);
  }
  EXPECT_EQ(state->watches.size(), 500u);
  for (const auto& x : all)
    end(x);
  harness.run();
  EXPECT_THAT(ended, SizeIs(500));
  EXPECT_EQ(state->watches.size(), 0u);
}

TEST_F(WatchListTest, AnActorThatEndsStopsWatching) {
  auto one = another();
  watch(one, 1);
  end_now(aut);
  end_now(one);
  EXPECT_THAT(ended, IsEmpty());
}

TEST_F(WatchListTest, AWatchDoesNotKeepItsActorAlive) {
  auto one = probe::handle{};
  probe* one_state = nullptr;
  one = spawn<probe>(harness.system(), harness.wheel(), &one_state);
  watch(one, 1);
  one = nullptr;
  harness.run();
  EXPECT_EQ(one_state, nullptr);
  EXPECT_THAT(ended, ElementsAre(1));
}

} // namespace
} // namespace mcpool::engine::sample
