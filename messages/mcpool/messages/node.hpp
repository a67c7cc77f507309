// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/engine/inspect.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace mcpool::messages::node {

// These two are what builds tell each other apart by, so they never change.

// -- requests -----------------------------------------------------------------

/// Asks a service in another process who it is. Sent by `node::connect`.
///
/// Returns `welcome`.
struct greet {};

BOOST_DESCRIBE_STRUCT(greet, (), ())

// -- replies ------------------------------------------------------------------

/// The build of a service, and its POOL. Who is another build must not use the
/// POOL: its messages would be read as something else.
struct welcome {
  /// The version of mcpool.
  std::string version = {};
  /// A hash over all messages and their members.
  std::string types = {};
  pool_actor pool = {};
};

BOOST_DESCRIBE_STRUCT(welcome, (), (version, types, pool))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::node
