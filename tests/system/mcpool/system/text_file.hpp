// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mcpool::system {

/// The whole file; empty if there is none.
std::string read_file(const std::filesystem::path& path);

/// Writes a file as careful editors do: whole, or not at all.
void write_file(const std::filesystem::path& path, std::string_view text);

/// A folder of its own below the system's temporary one; removed in the end.
class temp_dir {
public:
  temp_dir();

  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  ~temp_dir();

  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace mcpool::system
