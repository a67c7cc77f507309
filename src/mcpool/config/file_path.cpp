// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/file_path.hpp>

#include <algorithm>
#include <list>

#include <sys/stat.h>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

// As many as Linux follows.
constexpr int most_links = 40;

void put_in_front(std::list<fs::path>& parts, const fs::path& path) {
  parts.insert(parts.begin(), path.begin(), path.end());
}

} // namespace

file_stamp stamp_of(const fs::path& file) {
  struct stat x {};
  if (::stat(file.c_str(), &x) != 0)
    return std::nullopt;
  return std::tuple{static_cast<std::uint64_t>(x.st_dev),
                    static_cast<std::uint64_t>(x.st_ino),
                    static_cast<std::int64_t>(x.st_size),
                    static_cast<std::int64_t>(x.st_mtim.tv_sec),
                    static_cast<std::int64_t>(x.st_mtim.tv_nsec),
                    static_cast<std::int64_t>(x.st_ctim.tv_sec),
                    static_cast<std::int64_t>(x.st_ctim.tv_nsec)};
}

std::set<fs::path> folders_of(const fs::path& file) {
  std::error_code failed;
  std::set<fs::path> out;
  std::list<fs::path> parts;
  put_in_front(parts, fs::absolute(file, failed));
  fs::path folder = "/";
  for (auto links = 0; !parts.empty();) {
    auto part = parts.front();
    parts.pop_front();
    auto next = part.is_absolute() ? part : folder / part;
    auto status = fs::symlink_status(next, failed);
    if (parts.empty() || !fs::exists(status) || fs::is_symlink(status))
      out.insert(folder);
    if (!fs::exists(status) || (fs::is_symlink(status) && ++links > most_links))
      break;
    if (fs::is_symlink(status))
      put_in_front(parts, fs::read_symlink(next, failed));
    else
      folder = next;
  }
  return out;
}

} // namespace mcpool::config
