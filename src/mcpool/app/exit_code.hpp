// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

namespace mcpool::app {

/// What the program tells the shell.
enum exit_code : int {
  /// Done.
  ok = 0,
  /// The answer is "no", or the tool reported an error of its own.
  negative = 1,
  /// mcpool refused: no connection, no answer, not allowed.
  refused = 2,
  /// The configuration cannot be used.
  bad_config = 3,
  /// The command line cannot be used (EX_USAGE of sysexits).
  bad_usage = 64,
  /// Interrupted: 128 + SIGINT, as shells count.
  interrupted = 130,
  /// Nobody reads standard output: 128 + SIGPIPE, as of other programs.
  output_closed = 141,
};

} // namespace mcpool::app
