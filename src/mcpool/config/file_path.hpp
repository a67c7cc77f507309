// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

namespace mcpool::config {

/// What `stat` says about a file; two of them differ after a change, but for
/// one within the granularity of the file system's clock.
using file_stamp = std::optional<
  std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t,
             std::int64_t, std::int64_t, std::int64_t>>;

/// Asks for the stamp of a file, through symbolic links; nothing if there is no
/// such file.
file_stamp stamp_of(const std::filesystem::path& file);

/// The folders in which something happens when the path comes to mean another
/// file: the one of the file itself, and the one of each symbolic link on the
/// way. Where a part of the path is missing, the last folder that is there.
std::set<std::filesystem::path> folders_of(const std::filesystem::path& file);

} // namespace mcpool::config
