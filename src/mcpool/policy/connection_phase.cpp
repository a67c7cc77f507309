// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/connection_phase.hpp>

#include <array>

namespace mcpool::policy {

namespace {

constexpr std::size_t phases = 8;

constexpr std::uint8_t bit(connection_phase x) {
  return static_cast<std::uint8_t>(1u << static_cast<unsigned>(x));
}

template <class... Phases>
constexpr std::uint8_t any_of(Phases... xs) {
  return static_cast<std::uint8_t>((0u | ... | bit(xs)));
}

using phase = connection_phase;

// The row of a phase holds the phases that may follow it. `ready` goes back to
// `connecting` through `waiting` only: a new handshake needs a permit, too.
constexpr std::array<std::uint8_t, phases> followers{{
  /* on_demand    */ any_of(phase::waiting, phase::closed),
  /* waiting      */
  any_of(phase::connecting, phase::cooling_down, phase::draining,
         phase::closed),
  /* connecting   */
  any_of(phase::ready, phase::cooling_down, phase::needs_login, phase::draining,
         phase::closed),
  /* ready        */
  any_of(phase::waiting, phase::cooling_down, phase::needs_login,
         phase::draining, phase::closed),
  /* cooling_down */ any_of(phase::waiting, phase::closed),
  /* needs_login  */ any_of(phase::waiting, phase::closed),
  /* draining     */ any_of(phase::closed),
  /* closed       */ std::uint8_t{0},
}};

} // namespace

bool may_follow(connection_phase from, connection_phase to) noexcept {
  return (followers[static_cast<std::size_t>(from)] & bit(to)) != 0;
}

} // namespace mcpool::policy
