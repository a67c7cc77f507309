// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>

namespace mcpool::actors::testing {

inline std::size_t entries_of(const std::filesystem::path& folder) {
  std::error_code ignored;
  auto begin = std::filesystem::directory_iterator{folder, ignored};
  return std::distance(begin, std::filesystem::directory_iterator{});
}

/// How many threads this process has.
inline std::size_t threads() {
  return entries_of("/proc/self/task");
}

/// How many descriptors are open.
inline std::size_t descriptors() {
  return entries_of("/proc/self/fd");
}

/// The process ids of all children, zombies too.
inline std::string children() {
  std::string out;
  std::error_code ignored;
  for (const auto& task :
       std::filesystem::directory_iterator{"/proc/self/task", ignored}) {
    std::ifstream in{task.path() / "children"};
    out.append(std::istreambuf_iterator<char>{in}, {});
  }
  return out;
}

/// Waits until `f` is true, at most some seconds; returns whether it became so.
template <class F>
bool eventually(F f) {
  using namespace std::chrono_literals;
  auto end = std::chrono::steady_clock::now() + 10s;
  while (!f()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

} // namespace mcpool::actors::testing
