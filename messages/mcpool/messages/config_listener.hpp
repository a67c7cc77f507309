// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/messages/inspect_config.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>

namespace mcpool::messages::config_listener {

// -- events -------------------------------------------------------------------

/// The REGISTRY tells that a configuration is new or has changed. Revisions
/// only grow, so an older event of a server can be told from a newer one.
struct config_changed {
  config::server_config config = {};
};

BOOST_DESCRIBE_STRUCT(config_changed, (), (config))

/// The REGISTRY tells that a configuration is gone.
struct config_removed {
  server_name server = {};
  /// Of the removal: greater than that of the configuration that is gone, and
  /// less than that of any that comes later.
  std::uint64_t revision = 0;
};

BOOST_DESCRIBE_STRUCT(config_removed, (), (server, revision))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::config_listener
