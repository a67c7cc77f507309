// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/finding.hpp>
#include <mcpool/config/json_node.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::config {

/// Collects findings, up to `max_findings`.
class finding_list {
public:
  /// Adds one that concerns the file with this index.
  void add(std::size_t file, finding x);

  /// Tells whether there is none.
  bool empty() const noexcept { return entries_.empty(); }

  /// Takes them all, by file and line; environment variables come last.
  std::vector<finding> take();

private:
  struct entry {
    std::size_t file;
    finding what;
  };

  std::vector<entry> entries_;
  std::size_t dropped_ = 0;
};

/// Prints a text of the file in quotes: control characters escaped, at most 80
/// bytes of it.
std::string in_quotes(std::string_view text);

/// Appends a key to a path: `a.b`, or `a["b c"]` for what is no plain word.
std::string member_path(std::string_view path, std::string_view key);

/// Appends an index to a path: `a[3]`.
std::string element_path(std::string_view path, std::size_t index);

} // namespace mcpool::config
