// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace mcpool::actors::testing {

/// A folder that is gone after the test.
class scratch_folder {
public:
  scratch_folder() {
    auto name
      = (std::filesystem::temp_directory_path() / "mcpool-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no folder for the test");
    path_ = name;
  }

  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file in place.
  void write(const std::string& name, const std::string& text) const {
    std::ofstream out{path_ / name, std::ios::binary | std::ios::trunc};
    out << text;
    if (!out.flush())
      throw std::runtime_error("the test cannot write " + name);
  }

private:
  std::filesystem::path path_;
};

} // namespace mcpool::actors::testing
