// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/messages/inspect_config.hpp>

#include <boost/describe/class.hpp>

namespace mcpool::messages::config_listener {

// -- events -------------------------------------------------------------------

/// The REGISTRY tells that a configuration is new or has changed. Revisions of
/// one server only grow, so an older event can be told from a newer one.
struct config_changed {
  config::server_config config = {};
};

BOOST_DESCRIBE_STRUCT(config_changed, (), (config))

/// The REGISTRY tells that a configuration is gone.
struct config_removed {
  server_name server = {};
};

BOOST_DESCRIBE_STRUCT(config_removed, (), (server))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::config_listener
