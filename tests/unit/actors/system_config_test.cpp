// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/system_config.hpp>

#include "process_state.hpp"

#include <mcpool/engine/error.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/actor_system.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <cstddef>

using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using namespace std::chrono_literals;

TEST(SystemConfigTest, MakesMessagesTravel) {
  system_config cfg;
  caf::actor_system system{cfg};
  messages::throttle::acquire x{*user_scope("ada"), {time_point{} + 1s}};
  auto out = engine::testing::round_trip(system, x);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->owner, x.owner);
  EXPECT_EQ(out->until, x.until);
}

TEST(SystemConfigTest, MakesErrorsReadable) {
  system_config cfg;
  caf::actor_system system{cfg};
  auto why = engine::to_error(make_refusal(errc::busy, "16 of 16 in use"));
  EXPECT_THAT(engine::testing::render(cfg, why), HasSubstr("16 of 16 in use"));
}

TEST(SystemConfigTest, StartsAsManyThreadsAsItIsTold) {
  system_config one{1};
  system_config four{4};
  std::size_t with_one = 0;
  {
    caf::actor_system system{one};
    with_one = testing::threads();
  }
  testing::eventually([&] { return testing::threads() < with_one; });
  caf::actor_system system{four};
  EXPECT_EQ(testing::threads(), with_one + 3);
}

TEST(SystemConfigTest, AddsTheTypesToAConfigurationOfYourOwn) {
  init_types();
  caf::actor_system_config cfg;
  add_types(cfg);
  caf::actor_system system{cfg};
  auto why = engine::to_error(make_refusal(errc::busy, "full"));
  EXPECT_THAT(engine::testing::render(cfg, why), HasSubstr("full"));
}

} // namespace
} // namespace mcpool::actors
