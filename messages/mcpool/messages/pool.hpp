// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/messages/repository.hpp>
#include <mcpool/messages/throttle.hpp>

#include <boost/describe/class.hpp>

#include <vector>

namespace mcpool::messages::pool {

// -- requests -----------------------------------------------------------------

/// Asks for the REPOSITORY of an owner, which is started if there is none.
///
/// Returns `repository_actor`. Fails with `shutting_down`, with `busy` if too
/// many owners are active, and with `invalid_request` for an owner that
/// `user_scope` would not make.
struct find_repository {
  owner_scope owner = {};
};

BOOST_DESCRIBE_STRUCT(find_repository, (), (owner))

/// Asks for the REGISTRY. Returns `registry_actor`.
struct find_registry {};

BOOST_DESCRIBE_STRUCT(find_registry, (), ())

/// Asks for the instant of the clock that deadlines are held against. Sent by
/// `node::connect`: the clock of another process may be another one.
///
/// Returns `clock_reading`.
struct read_clock {};

BOOST_DESCRIBE_STRUCT(read_clock, (), ())

/// Asks for the state of everything. Returns `pool_status`. Fails with `busy`
/// if too many ask at once.
struct status {};

BOOST_DESCRIBE_STRUCT(status, (), ())

/// Ends everything in order: no new connections, running calls finish or fail
/// at the deadline, sessions and processes end, then the actors do. Asked
/// again, the earliest deadline counts.
///
/// Returns `void` when nothing is left. Fails with `busy` if too many wait for
/// that.
struct shutdown {
  /// How long running calls may go on; the configured `drainTimeout` if not
  /// given.
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(shutdown, (), (until))

// -- replies ------------------------------------------------------------------

/// The instant at which the POOL answered.
struct clock_reading {
  time_point now{};
};

BOOST_DESCRIBE_STRUCT(clock_reading, (), (now))

/// Every owner's servers, sorted by owner, and the THROTTLE.
struct pool_status {
  std::vector<repository::repository_status> owners = {};
  throttle::throttle_status throttle = {};
};

BOOST_DESCRIBE_STRUCT(pool_status, (), (owners, throttle))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::pool
