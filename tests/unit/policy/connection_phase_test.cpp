// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/connection_phase.hpp>

#include <mcpool/core/describe.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace mcpool::policy {
namespace {

using phase = connection_phase;

// In the order of the columns and of the rows below.
constexpr std::array<phase, 8> phases{{
  phase::on_demand,
  phase::waiting,
  phase::connecting,
  phase::ready,
  phase::cooling_down,
  phase::needs_login,
  phase::draining,
  phase::closed,
}};

// A row holds the phases that may follow: `x`, or `-` where one may not.
constexpr std::array<std::string_view, 8> expected{{
  // o w c r d l d c
  "  - x - - - - - x", // on_demand
  "  - - x - x - x x", // waiting
  "  - - - x x x x x", // connecting
  "  - x - - x x x x", // ready
  "  - x - - - - - x", // cooling_down
  "  - x - - - - - x", // needs_login
  "  - - - - - - - x", // draining
  "  - - - - - - - -", // closed
}};

TEST(ConnectionPhaseTest, FollowsTheTableForAllPairs) {
  for (std::size_t from = 0; from < phases.size(); ++from)
    for (std::size_t to = 0; to < phases.size(); ++to)
      EXPECT_EQ(may_follow(phases[from], phases[to]),
                expected[from][2 + 2 * to] == 'x')
        << name_of(phases[from]) << " -> " << name_of(phases[to]);
}

TEST(ConnectionPhaseTest, TableKnowsEveryPhase) {
  std::size_t described = 0;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<phase>>(
    [&](auto d) { EXPECT_EQ(d.value, phases.at(described++)); });
  EXPECT_EQ(described, phases.size());
}

TEST(ConnectionPhaseTest, CanAlwaysBeClosedOnce) {
  for (auto x : phases)
    EXPECT_EQ(may_follow(x, phase::closed), x != phase::closed) << name_of(x);
}

TEST(ConnectionPhaseTest, NeverConnectsWithoutWaitingForAPermit) {
  for (auto x : phases)
    EXPECT_EQ(may_follow(x, phase::connecting), x == phase::waiting)
      << name_of(x);
}

TEST(ConnectionPhaseTest, IsReadyOnlyAfterConnecting) {
  for (auto x : phases)
    EXPECT_EQ(may_follow(x, phase::ready), x == phase::connecting)
      << name_of(x);
}

} // namespace
} // namespace mcpool::policy
