// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/ids.hpp>
#include <mcpool/transport/rate_gate.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace mcpool::transport {

/// What a server writes to its standard error: free text that goes to the log
/// line by line, at level info, and of which the end is kept to explain how the
/// server ended. Standard error is no sign of an error (MCP, "stdio").
///
/// Bounded whatever the server writes: a line is cut after 8 kB, 100 lines a
/// second are logged and the others counted, ten lines of 500 bytes are kept.
class last_words {
public:
  explicit last_words(server_name server);

  /// Takes the next bytes.
  void feed(std::string_view bytes);

  /// The stream is at its end: takes what is left as a line.
  void finish();

  /// The last lines, printable, separated by ` | `; empty if there were none.
  std::string text() const;

private:
  void append(std::string_view part);
  void end_line();
  void log_line();

  server_name server_;
  /// The line that is not complete yet.
  std::string line_;
  bool cut_ = false;
  rate_gate gate_;
  /// A ring of the last lines, `next_` the oldest.
  std::array<std::string, 10> kept_;
  std::size_t next_ = 0;
};

} // namespace mcpool::transport
