// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/children.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace mcpool::bench {

namespace {

std::string first_word(pid_t process) {
  std::ifstream file{"/proc/" + std::to_string(process) + "/cmdline"};
  std::string out;
  std::getline(file, out, '\0');
  return out;
}

} // namespace

// Each thread has the children that it started.
std::vector<pid_t> children_of_ours(const std::string& program) {
  std::vector<pid_t> out;
  for (const auto& x : std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream file{x.path() / "children"};
    for (pid_t process = 0; file >> process;)
      if (program.empty() || first_word(process) == program)
        out.push_back(process);
  }
  return out;
}

void kill_now(pid_t process) {
  ::kill(process, SIGKILL);
}

} // namespace mcpool::bench
