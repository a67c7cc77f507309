// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/pool_config.hpp>
#include <mcpool/config/server_config.hpp>

#include <map>

namespace mcpool::config {

/// A whole configuration, as it is in effect: files, environment and built-in
/// defaults together.
struct document {
  pool_config pool;
  /// The limits of a server that does not set its own (`pool.defaults`). Only
  /// the limits mean something here, and they are in `servers` already.
  server_config defaults;
  /// The servers that are not disabled, each complete but for its revision.
  std::map<server_name, server_config> servers;
};

} // namespace mcpool::config
