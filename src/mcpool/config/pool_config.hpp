// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>

namespace mcpool::config {

using namespace std::chrono_literals;

/// The limits of the THROTTLE.
struct throttle_config {
  /// Connections that may be starting at once on this node; 1 to 100,000.
  std::uint32_t max_starting = 16;
  /// The same for one owner; 1 to 100,000.
  std::uint32_t max_starting_per_owner = 3;
  /// Starts that may wait for a permit; 1 to 10,000,000. What comes on top is
  /// refused with `busy`.
  std::uint32_t max_waiting = 10'000;
};

BOOST_DESCRIBE_STRUCT(throttle_config, (),
                      (max_starting, max_starting_per_owner, max_waiting))

/// How long a server is left alone after a failed start.
struct cooldown_config {
  /// After the first failure; it doubles with each further one; 1 ms to 1 h.
  duration base = 1s;
  /// At most this long; 1 ms to 24 h.
  duration max = 5min;
  /// A connection that was ready for this long makes its server's failures
  /// forgotten; 0 to 24 h.
  duration reset_after = 60s;
};

BOOST_DESCRIBE_STRUCT(cooldown_config, (), (base, max, reset_after))

/// What concerns the whole pool.
struct pool_config {
  throttle_config throttle;
  /// How often one start tries, when what is wrong can pass by itself; 1 to
  /// 10.
  std::uint32_t max_attempts = 3;
  cooldown_config cooldown;
  /// Threads of the actor scheduler; 1 to 256, 0 for one per core (at least 2).
  std::uint32_t threads = 0;
  /// How long running calls may go on when their connection is replaced or the
  /// service ends; 1 ms to 1 h.
  duration drain_timeout = 10s;
  /// How long the answer of a liveness check is remembered; 0 to 24 h.
  duration liveness_ttl = 60s;
  /// How long a liveness check waits for the server; 1 ms to 10 min.
  duration ping_timeout = 5s;
  /// Calls in flight and waiting on one connection together; 1 to 1,000,000.
  std::uint32_t max_calls_per_connection = 4096;
  /// Callers of one owner that may wait for connections; 1 to 10,000,000.
  std::uint32_t max_waiting_callers = 100'000;
  /// What is kept for an owner without connections is given up after this long;
  /// 0 (never) to 7 days.
  duration scope_idle_timeout = 15min;
  /// Owners for whom something is kept at once; 1 to 10,000,000.
  std::uint32_t max_scopes = 100'000;
};

BOOST_DESCRIBE_STRUCT(pool_config, (),
                      (throttle, max_attempts, cooldown, threads, drain_timeout,
                       liveness_ttl, ping_timeout, max_calls_per_connection,
                       max_waiting_callers, scope_idle_timeout, max_scopes))

} // namespace mcpool::config
