// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/state_actor.hpp>

#include "probe.hpp"

#include <caf/actor_cast.hpp>

#include <string>

namespace mcpool::engine::sample {
namespace {

using StateActorTest = ProbeTest;

TEST_F(StateActorTest, HasTheNameOfItsState) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(aut);
  auto* local = dynamic_cast<caf::local_actor*>(actor);
  ASSERT_NE(local, nullptr);
  EXPECT_EQ(std::string{local->name()}, "test.probe");
}

TEST_F(StateActorTest, HasItsStateAsSoonAsItIsSpawned) {
  EXPECT_NE(state, nullptr);
}

TEST_F(StateActorTest, HandsTheStateItsActor) {
  EXPECT_EQ(static_cast<caf::abstract_actor*>(state->self),
            caf::actor_cast<caf::abstract_actor*>(aut));
}

TEST_F(StateActorTest, DestroysItsStateWhenItQuits) {
  inside([](probe& x) { x.self->quit(); });
  EXPECT_EQ(state, nullptr);
}

TEST_F(StateActorTest, DestroysItsStateWhenItIsEnded) {
  end_now(aut);
  EXPECT_EQ(state, nullptr);
}

TEST_F(StateActorTest, DestroysItsStateWhenItIsKilled) {
  caf::anon_send_exit(aut, caf::exit_reason::kill);
  harness.run();
  EXPECT_EQ(state, nullptr);
}

TEST_F(StateActorTest, DestroysItsStateWhenNobodyHoldsIt) {
  aut = nullptr;
  harness.run();
  EXPECT_EQ(state, nullptr);
}

TEST_F(StateActorTest, KeepsItsStateWhileItHandlesTheMessageThatEndsIt) {
  auto still_there = false;
  inside([&](probe& x) {
    x.self->quit();
    still_there = state == &x;
  });
  EXPECT_TRUE(still_there);
}

TEST_F(StateActorTest, DropsMessagesAfterItsEnd) {
  end_now(aut);
  inside([](probe&) { FAIL(); });
}

TEST_F(StateActorTest, SpawnsFromAnActor) {
  probe* child_state = nullptr;
  probe::handle child;
  inside([&](probe& x) {
    child = spawn<probe>(*x.self, harness.wheel(), &child_state);
  });
  EXPECT_NE(child_state, nullptr);
  EXPECT_EQ(harness.ask<number>(child, square{5}).value().value, 25);
  end_now(child);
  EXPECT_EQ(child_state, nullptr);
}

} // namespace
} // namespace mcpool::engine::sample
