// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <string>
#include <string_view>

namespace mcpool::messages {

/// What two processes must have in common to understand each other's messages.
struct build {
  /// The version of mcpool.
  std::string version;
  /// A hash over everything that travels: the order of the types, their names,
  /// their members and the types of these.
  std::string types;
};

/// The build that this code belongs to. From any thread.
const build& this_build();

/// Fails with `unsupported_version` if `theirs` is not `ours`; the text names
/// both, and `where` the other process is.
result<void> check_build(const build& ours, const build& theirs,
                         std::string_view where);

} // namespace mcpool::messages
