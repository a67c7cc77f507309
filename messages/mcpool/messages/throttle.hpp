// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/messages/inspect_policy.hpp>
#include <mcpool/policy/endpoint_gate.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mcpool::messages::throttle {

// -- requests -----------------------------------------------------------------

/// A CONNECTION asks for the right to be starting. Owners take turns; inside an
/// owner, first come first served. The permit belongs to the sender: it returns
/// by itself when the sender ends. After a start could not reach its endpoint,
/// one at a time has a permit for that endpoint, the probe, until one gets
/// through.
///
/// Returns `permit`. Fails with `busy` if it would have to wait and too many do
/// already, with `connect_timeout` at the deadline, with `connect_failed` if it
/// waited for a probe that could not reach the endpoint either, with
/// `shutting_down`, and with `invalid_request` if nobody is there to hold the
/// permit.
struct acquire {
  owner_scope owner = {};
  /// When the sender stops waiting; after a minute if not given.
  deadline until = {};
  /// Where the server is, the same for all owners: an origin, with how long a
  /// connection may take if that is not the default, or a program (see
  /// `transport::endpoint_of`). Empty for no gate.
  std::string endpoint = {};
};

BOOST_DESCRIBE_STRUCT(acquire, (), (owner, until, endpoint))

/// Gives a permit back; does nothing for one that is back already, or that is
/// not the sender's.
struct release {
  permit_id id = {};
  /// What the start found out about its endpoint.
  policy::start_outcome outcome = policy::start_outcome::unknown;
};

BOOST_DESCRIBE_STRUCT(release, (), (id, outcome))

/// Asks for the numbers. Returns `throttle_status`.
struct status {};

BOOST_DESCRIBE_STRUCT(status, (), ())

// -- replies ------------------------------------------------------------------

/// The right to be starting, until it is released.
struct permit {
  permit_id id = {};
};

BOOST_DESCRIBE_STRUCT(permit, (), (id))

/// An endpoint that could not be reached.
struct endpoint_status {
  std::string endpoint = {};
  /// Of the first failure since it was last reached.
  time_point since = {};
  /// How many there were.
  std::uint32_t failures = 0;
  /// A start tries it now.
  bool probing = false;
  /// Starts that wait for that one.
  std::uint32_t waiting = 0;
};

BOOST_DESCRIBE_STRUCT(endpoint_status, (),
                      (endpoint, since, failures, probing, waiting))

/// Who uses and who waits.
struct throttle_status {
  std::uint32_t in_use = 0;
  std::uint32_t max_starting = 0;
  std::uint32_t max_starting_per_owner = 0;
  /// For a permit, or for another start to try the same endpoint.
  std::uint32_t waiting = 0;
  std::uint32_t max_waiting = 0;
  /// The most that were ever in use at once.
  std::uint32_t peak = 0;
  /// How many of those who wait do so for another start.
  std::uint32_t parked = 0;
  /// How many endpoints could not be reached when they were last tried, in the
  /// last ten minutes.
  std::uint32_t unreachable = 0;
  /// The first 100 of them, by name.
  std::vector<endpoint_status> endpoints = {};
};

BOOST_DESCRIBE_STRUCT(throttle_status, (),
                      (in_use, max_starting, max_starting_per_owner, waiting,
                       max_waiting, peak, parked, unreachable, endpoints))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::throttle
