// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/// What tests ask the system about processes and descriptors.
namespace mcpool::contract {

/// Waits until `done()` is true; false after ten seconds.
template <class F>
bool eventually(F done) {
  using namespace std::chrono_literals;
  for (auto end = std::chrono::steady_clock::now() + 10s; !done();) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// The fields of `/proc/<pid>/stat` from the state on; empty if there is no
/// such process.
inline std::vector<std::string> stat_of(pid_t pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::istringstream rest{text.substr(text.rfind(')') + 1)};
  return {std::istream_iterator<std::string>{rest}, {}};
}

/// The state letter of a process; `X` if there is none. A killed orphan is `Z`
/// until the first process of the system reaps it.
inline char state_of(pid_t pid) {
  auto fields = stat_of(pid);
  return fields.empty() ? 'X' : fields[0][0];
}

inline bool is_running(pid_t pid) {
  auto state = state_of(pid);
  return state != 'X' && state != 'Z';
}

/// True when this process has no child, not even one that nobody waited for.
inline bool has_no_child() {
  siginfo_t info{};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1;
}

/// The processes that are not dead and whose `field` of `stat_of` is `value`.
inline std::vector<pid_t> processes_with(std::size_t field, pid_t value) {
  std::vector<pid_t> out;
  for (auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    auto pid = std::atoi(entry.path().filename().c_str());
    auto fields = pid > 0 ? stat_of(pid) : std::vector<std::string>{};
    if (fields.size() > field && fields[field] == std::to_string(value)
        && is_running(pid))
      out.push_back(pid);
  }
  return out;
}

inline std::vector<pid_t> children_of(pid_t parent) {
  return processes_with(1, parent);
}

inline std::vector<pid_t> members_of(pid_t session) {
  return processes_with(3, session);
}

/// What the descriptors of a process refer to, by `readlink`.
inline std::vector<std::string> descriptors_of(pid_t pid) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  std::error_code failed;
  fs::directory_iterator pos{"/proc/" + std::to_string(pid) + "/fd", failed};
  for (; pos != fs::directory_iterator{}; pos.increment(failed))
    out.push_back(fs::read_symlink(pos->path(), failed).string());
  return out;
}

} // namespace mcpool::contract
