// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/log.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/node.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mcpool::app {

/// The commands, each with its arguments.
namespace commands {

struct serve {
  /// Where other processes may use the pool; nowhere if absent.
  std::optional<node::address> listen;
};

struct has {
  std::string server;
};

struct get {
  std::vector<std::string> servers;
};

struct tools {
  std::string server;
};

struct call {
  std::string server;
  std::string tool;
  /// The arguments, a JSON object as text; `-` reads them from standard input.
  std::string arguments;
};

struct request {
  std::string server;
  std::string method;
  /// The params, as above.
  std::string params;
};

struct status {
  /// Until SIGINT, again and again.
  bool watch = false;
};

struct disconnect {
  std::vector<std::string> servers;
  bool all = false;
};

struct config_check {};

struct config_dump {};

} // namespace commands

using command = std::variant<commands::serve, commands::has, commands::get,
                             commands::tools, commands::call, commands::request,
                             commands::status, commands::disconnect,
                             commands::config_check, commands::config_dump>;

/// What the person asked for.
struct command_line {
  /// In the order given; empty for the default places.
  std::vector<std::filesystem::path> config_files;
  owner_scope owner;
  /// Absent for the default of the command.
  std::optional<log::level> log_level;
  /// How long to wait; absent for the limits of the configuration.
  std::optional<duration> timeout;
  bool json = false;
  /// The service to use; absent for a pool of the command's own.
  std::optional<node::address> node;
  command what;
};

/// What parsing ends in: a command line, or a text to print and an exit code.
struct parse_end {
  std::string text;
  int exit_code = 0;
};

/// Reads the arguments of `main`.
std::variant<command_line, parse_end> parse_command_line(int argc, char** argv);

} // namespace mcpool::app
