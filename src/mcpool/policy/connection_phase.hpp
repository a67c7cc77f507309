// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>

namespace mcpool::policy {

/// Where a connection is in its life.
///
///     on_demand ─▶ waiting ─▶ connecting ─▶ ready ─▶ draining ─▶ closed
///                    ▲            │  │         │
///                    │            │  └▶ needs_login
///                    └─ cooling_down ◀┴────────┘
enum class connection_phase : std::uint8_t {
  /// Nobody asked for it yet.
  on_demand,
  /// Its turn to start has not come: it waits for a permit.
  waiting,
  /// Process start, connect and handshake.
  connecting,
  /// Calls go through.
  ready,
  /// It failed and is not asked again before a given time.
  cooling_down,
  /// The server wants an authorization.
  needs_login,
  /// Running calls finish, new ones are refused.
  draining,
  /// It is over, and nothing of it is left.
  closed,
};

BOOST_DESCRIBE_ENUM(connection_phase, on_demand, waiting, connecting, ready,
                    cooling_down, needs_login, draining, closed)

/// True if a connection may go from one phase straight to the other. A pure
/// table; an impossible transition is a defect of the caller.
bool may_follow(connection_phase from, connection_phase to) noexcept;

} // namespace mcpool::policy
