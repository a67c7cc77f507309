// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/census.hpp>

#include <mcpool/system/text_file.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>
#include <string_view>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mcpool::system {

namespace {

namespace fs = std::filesystem;

std::vector<pid_t> all_pids() {
  std::vector<pid_t> out;
  std::error_code failed;
  fs::directory_iterator pos{"/proc", failed};
  for (; !failed && pos != fs::directory_iterator{}; pos.increment(failed))
    if (auto pid = std::atoi(pos->path().filename().c_str()); pid > 0)
      out.push_back(pid);
  return out;
}

std::string proc_file(pid_t pid, const char* name) {
  return read_file("/proc/" + std::to_string(pid) + "/" + name);
}

resident look_at(pid_t pid) {
  resident out;
  out.pid = pid;
  auto stat = proc_file(pid, "stat");
  auto open = stat.find('(');
  auto close = stat.rfind(')');
  if (close == stat.npos)
    return out;
  std::istringstream rest{stat.substr(close + 1)};
  rest >> out.state >> out.parent;
  out.command = proc_file(pid, "cmdline");
  std::replace(out.command.begin(), out.command.end(), '\0', ' ');
  if (out.command.empty())
    out.command = stat.substr(open, close + 1 - open);
  return out;
}

bool has_line(pid_t pid, std::string_view line) {
  auto all = '\0' + proc_file(pid, "environ");
  std::string wanted{'\0'};
  wanted.append(line).push_back('\0');
  return all.find(wanted) != all.npos;
}

// Parents have not always the smaller pid, so this goes on until it is done.
std::set<pid_t> descendants(const std::vector<resident>& all) {
  std::set<pid_t> out{getpid()};
  for (std::size_t before = 0; before != out.size();) {
    before = out.size();
    for (const auto& x : all)
      if (out.count(x.parent) > 0)
        out.insert(x.pid);
  }
  return out;
}

} // namespace

void adopt_orphans() {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<resident> residents(const std::string& environment_line) {
  std::vector<resident> all;
  for (auto pid : all_pids())
    if (auto x = look_at(pid); x.state != 'X')
      all.push_back(std::move(x));
  auto ours = descendants(all);
  std::vector<resident> out;
  for (auto& x : all)
    if (x.pid != getpid()
        && (ours.count(x.pid) > 0 || has_line(x.pid, environment_line)))
      out.push_back(std::move(x));
  return out;
}

void reap_children() {
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

std::vector<std::string> descriptors(pid_t of) {
  std::vector<std::string> out;
  std::error_code failed;
  auto who = of == 0 ? std::string{"self"} : std::to_string(of);
  fs::directory_iterator pos{"/proc/" + who + "/fd", failed};
  for (; !failed && pos != fs::directory_iterator{}; pos.increment(failed))
    if (auto to = fs::read_symlink(pos->path(), failed); !failed)
      out.push_back(pos->path().filename().string() + " -> " + to.string());
  // The folder itself was open while we looked.
  auto is_folder = [](const std::string& x) {
    return x.find("/proc/") != x.npos && x.find("/fd") != x.npos;
  };
  out.erase(std::remove_if(out.begin(), out.end(), is_folder), out.end());
  return out;
}

std::string to_string(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& x : all)
    out += x + "\n";
  return out;
}

std::string to_string(const std::vector<resident>& all) {
  std::ostringstream out;
  for (const auto& x : all)
    out << x.pid << ' ' << x.state << " of " << x.parent << ": "
        << x.command.substr(0, 200) << '\n';
  return out.str();
}

} // namespace mcpool::system
