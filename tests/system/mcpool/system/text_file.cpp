// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/text_file.hpp>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <stdlib.h>

namespace mcpool::system {

namespace fs = std::filesystem;

// A file of /proc fails when its process is gone: then it has nothing more.
std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(const fs::path& path, std::string_view text) {
  auto draft = path;
  draft += ".tmp";
  std::ofstream out{draft, std::ios::binary | std::ios::trunc};
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out)
    throw std::runtime_error{"cannot write " + draft.string()};
  fs::rename(draft, path);
}

temp_dir::temp_dir() {
  auto name = (fs::temp_directory_path() / "mcpool-system-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"cannot make " + name};
  path_ = name;
}

temp_dir::~temp_dir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

} // namespace mcpool::system
