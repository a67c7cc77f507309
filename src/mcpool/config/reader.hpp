// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/document.hpp>
#include <mcpool/config/environment.hpp>
#include <mcpool/config/finding_list.hpp>
#include <mcpool/config/json_node.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace mcpool::config {

/// Where values come from, for findings and relative paths.
struct origin {
  /// The position of the file, which orders the findings.
  std::size_t index = 0;
  /// As it was named to `load`.
  std::string file;
  /// The absolute folder of the file.
  std::filesystem::path folder;
};

/// Whether the variables of a server must be set.
enum class variables : std::uint8_t {
  required,
  /// For what is not used: disabled, or replaced by a later file.
  optional,
};

/// Reports what is wrong with the top level of a file.
void check_top_level(const json_node& root, const origin& from,
                     finding_list& findings);

/// Reads the object `pool` into `out`.
void read_pool(const json_node& pool, const origin& from, document& out,
               finding_list& findings);

/// Reads the variables `MCPOOL_...` into `out`. `from` has no file.
void read_overrides(const environment& env, const origin& from, document& out,
                    finding_list& findings);

/// Reads one member of `mcpServers`; nothing if it is disabled. What it does
/// not set comes from `defaults`. `fingerprint` is set.
std::optional<server_config> read_server(const json_node& server,
                                         const origin& from,
                                         const environment& env, variables mode,
                                         const server_config& defaults,
                                         finding_list& findings);

} // namespace mcpool::config
