// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/inspect.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>

namespace mcpool::messages::throttle {

// -- requests -----------------------------------------------------------------

/// A CONNECTION asks for the right to be starting. Owners take turns; inside an
/// owner, first come first served. The permit belongs to the sender: it returns
/// by itself when the sender ends.
///
/// Returns `permit`. Fails with `busy` if it would have to wait and too many do
/// already, with `connect_timeout` at the deadline, with `shutting_down`, and
/// with `invalid_request` if nobody is there to hold the permit.
struct acquire {
  owner_scope owner = {};
  /// When the sender stops waiting; after a minute if not given.
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(acquire, (), (owner, until))

/// Gives a permit back; does nothing for one that is back already, or that is
/// not the sender's.
struct release {
  permit_id id = {};
};

BOOST_DESCRIBE_STRUCT(release, (), (id))

/// Asks for the numbers. Returns `throttle_status`.
struct status {};

BOOST_DESCRIBE_STRUCT(status, (), ())

// -- replies ------------------------------------------------------------------

/// The right to be starting, until it is released.
struct permit {
  permit_id id = {};
};

BOOST_DESCRIBE_STRUCT(permit, (), (id))

/// Who uses and who waits.
struct throttle_status {
  std::uint32_t in_use = 0;
  std::uint32_t max_starting = 0;
  std::uint32_t max_starting_per_owner = 0;
  std::uint32_t waiting = 0;
  std::uint32_t max_waiting = 0;
  /// The most that were ever in use at once.
  std::uint32_t peak = 0;
};

BOOST_DESCRIBE_STRUCT(throttle_status, (),
                      (in_use, max_starting, max_starting_per_owner, waiting,
                       max_waiting, peak))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::throttle
