// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/transport/unique_fd.hpp>

#include <string>
#include <vector>

#include <sys/types.h>

namespace mcpool::transport {

/// What `launch` starts.
struct launch_spec {
  /// The program: a path, or a name that is looked up in the PATH of
  /// `environment`.
  std::string command;
  std::vector<std::string> args;
  /// Everything that the child has, as `NAME=value`.
  std::vector<std::string> environment;
  /// The working directory, an absolute path; empty for our own. Relative
  /// commands start there.
  std::string cwd;
  /// Become the child's standard input, output and error; greater than 2.
  int input = -1;
  int output = -1;
  int error = -1;
  /// The kernel kills the child when the thread that called `launch` ends.
  bool dies_with_parent = true;
  /// Where `+<pid>\n` is written before the program starts, and `-<pid>\n` if
  /// it does not start after all; -1 for nowhere. Non-blocking; if it is the
  /// pipe of a dead reader, SIGPIPE is raised in the calling thread.
  int announce_to = -1;
};

/// A child that runs its program.
struct launched {
  pid_t pid = -1;
  /// Readable when the child has ended; close-on-exec.
  unique_fd pidfd;
  /// All of `+<pid>\n` went out.
  bool announced = false;
};

/// Starts a program in its own session and process group, which both have the
/// child's pid as their number. It has the three given descriptors and no
/// other, default signal actions and no blocked signal.
///
/// Takes about a millisecond, however large the memory of the caller is: the
/// child borrows it until its program runs. The caller has to `waitid` for it.
///
/// Needs Linux 5.9. Fails with `connect_failed`, command and reason, for
/// whatever keeps the program from running: not found, not executable, no
/// such interpreter or directory, too many arguments; no child is left then.
result<launched> launch(const launch_spec& spec);

} // namespace mcpool::transport
