// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <string>
#include <vector>

namespace mcpool::transport {

/// Finds the program that `command` means to a child with this environment
/// (`NAME=value` each) and working directory (an absolute path, or empty for
/// our own).
///
/// A command with a slash is a path, relative to `cwd`; it is not checked. Any
/// other is the first executable file of this name in the child's PATH, or in
/// `/usr/local/bin:/usr/bin:/bin` if it has none. Fails with `connect_failed`.
result<std::string> find_program(const std::string& command,
                                 const std::vector<std::string>& environment,
                                 const std::string& cwd);

/// Tells whether what `find_program` finds is an executable file.
bool has_program(const std::string& command,
                 const std::vector<std::string>& environment,
                 const std::string& cwd);

/// A path as it is meant in `cwd`, which may be empty.
std::string beneath(const std::string& cwd, const std::string& path);

} // namespace mcpool::transport
