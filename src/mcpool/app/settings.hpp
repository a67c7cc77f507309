// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/app/command_line.hpp>
#include <mcpool/config/environment.hpp>
#include <mcpool/config/load.hpp>

#include <filesystem>
#include <vector>

namespace mcpool::app {

/// The configuration that a command runs with.
struct settings {
  std::vector<std::filesystem::path> files;
  config::environment environment;
  /// Everything that is wrong with it, or the document.
  config::load_outcome outcome;
};

/// Finds the files (`--config`, `$MCPOOL_CONFIG`, `./mcpool.json`,
/// `/etc/mcpool/mcpool.json`) and reads them. Not finding any is a finding.
settings load_settings(const command_line& line);

/// Sets the log level: `--log`, `$MCPOOL_LOG`, or `fallback`. Fails with
/// `invalid_request` for a level that does not exist.
result<void> set_log_level(const command_line& line,
                           const config::environment& env, log::level fallback);

} // namespace mcpool::app
