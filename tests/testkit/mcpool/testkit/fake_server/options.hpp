// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/script.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mcpool::testkit::fake_server {

/// What the command line says.
struct options {
  enum class front_kind { stdio, http };

  front_kind front = front_kind::stdio;
  script plan;
  std::chrono::seconds lifetime{900};

  // -- what it offers

  std::size_t extra_tools = 0;
  std::size_t prompts = 3;
  std::size_t resources = 3;
  /// Items per page of every list; 0 is everything at once.
  std::size_t page_size = 0;
  bool endless_pages = false;
  bool same_cursor = false;
  /// Capabilities left out of the initialize result.
  std::vector<std::string> without;
  std::string instructions;

  // -- how it answers

  /// Empty: negotiate.
  std::string protocol_version;
  std::chrono::milliseconds handshake_delay{0};
  bool json_array = false;
  bool answer_cancelled = false;

  // -- at the start

  std::string stdout_at_start;
  std::string stderr_at_start;
  std::optional<int> exit_at_start;

  // -- stdio

  bool no_read = false;
  std::string stats_dir;

  // -- HTTP

  std::uint16_t port = 0;
  std::string port_file;
  std::string path = "/mcp";
  bool until_eof = false;
  bool sse = false;
  bool sessions = true;
  std::size_t lose_session_after = 0;
  int dead_session_status = 404;
  int delete_status = 200;
  int get_status = 405;
  bool get_stream = false;
  bool priming = false;
  std::optional<std::chrono::milliseconds> retry;

  // -- both

  std::string stats_file;
};

/// Reads the command line.
/// @returns the options, or the exit code when there is nothing left to do:
/// help was printed (0) or a mistake explained on stderr (2).
std::variant<options, int> read_command_line(int argc, char** argv);

} // namespace mcpool::testkit::fake_server
