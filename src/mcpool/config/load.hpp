// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/document.hpp>
#include <mcpool/config/environment.hpp>
#include <mcpool/config/finding.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mcpool::config {

/// The longest file that is read, in bytes.
inline constexpr std::size_t max_file_bytes = 16 * 1024 * 1024;

/// Objects and arrays may stand in each other this deep.
inline constexpr std::size_t max_depth = 32;

/// Findings beyond this number are counted, not kept.
inline constexpr std::size_t max_findings = 1000;

/// A document, or everything that is wrong with it.
struct load_outcome {
  /// Set exactly if `findings` is empty.
  std::optional<document> value;
  /// In the order of the files, and of the keys in each.
  std::vector<finding> findings;

  /// Tells whether there is a document.
  explicit operator bool() const noexcept { return value.has_value(); }
};

/// The text of one file. Relative paths in it count from the folder of `file`.
struct source {
  std::filesystem::path file;
  std::string text;
};

/// Reads and combines the files: a later file wins per server and per key of
/// `pool`, a variable `MCPOOL_<KEY>` of the environment wins over all of them.
/// No files give the built-in defaults. Blocks on the disk; from any thread.
load_outcome load(const std::vector<std::filesystem::path>& files,
                  const environment& env);

/// The same for texts that were read already. Touches no disk.
load_outcome load_texts(const std::vector<source>& sources,
                        const environment& env);

} // namespace mcpool::config
