// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/program_path.hpp>

#include <mcpool/core/cat.hpp>

#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcpool::transport {

namespace {

constexpr std::string_view default_path = "/usr/local/bin:/usr/bin:/bin";

std::string_view path_of(const std::vector<std::string>& environment) {
  constexpr std::string_view name = "PATH=";
  for (std::string_view x : environment)
    if (x.substr(0, name.size()) == name)
      return x.substr(name.size());
  return default_path;
}

bool is_file(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool is_executable(const std::string& path) {
  return faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) == 0;
}

refusal not_found(const std::string& command, const std::string& blocked,
                  std::string_view path) {
  if (!blocked.empty())
    return make_refusal(
      errc::connect_failed,
      cat("cannot start '", command, "': '", blocked, "' is not executable"));
  return make_refusal(errc::connect_failed,
                      cat("cannot start '", command,
                          "': there is no such program in PATH (", path, ")"));
}

} // namespace

result<std::string> find_program(const std::string& command,
                                 const std::vector<std::string>& environment,
                                 const std::string& cwd) {
  if (command.empty())
    return make_refusal(errc::connect_failed, "there is no command to start");
  if (command.find('/') != std::string::npos)
    return beneath(cwd, command);
  auto path = path_of(environment);
  std::string blocked;
  for (auto rest = path;;) {
    auto end = rest.find(':');
    auto folder = rest.substr(0, end);
    auto file = beneath(cwd, cat(folder.empty() ? "." : folder, "/", command));
    if (is_file(file)) {
      if (is_executable(file))
        return file;
      blocked = file;
    }
    if (end == std::string_view::npos)
      return not_found(command, blocked, path);
    rest.remove_prefix(end + 1);
  }
}

bool has_program(const std::string& command,
                 const std::vector<std::string>& environment,
                 const std::string& cwd) {
  auto path = find_program(command, environment, cwd);
  return path && is_file(*path) && is_executable(*path);
}

std::string beneath(const std::string& cwd, const std::string& path) {
  if (cwd.empty() || path.front() == '/')
    return path;
  return cat(cwd, "/", path);
}

} // namespace mcpool::transport
