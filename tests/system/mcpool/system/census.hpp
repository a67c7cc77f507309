// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

/// Who is alive because of a test.
namespace mcpool::system {

/// A process that is there.
struct resident {
  pid_t pid = 0;
  pid_t parent = 0;
  /// As in `ps`: `Z` is dead and not reaped yet.
  char state = 'X';
  /// Its command line, blanks between the words; its name if it is dead.
  std::string command;
};

/// From now on orphans among our descendants become our children, so that
/// nothing a test started can slip away unseen.
void adopt_orphans();

/// Our descendants, and whoever was started with this line in its environment
/// (`NAME=value`); without ourselves.
std::vector<resident> residents(const std::string& environment_line);

/// Reaps our dead children.
void reap_children();

/// What the open descriptors of a process stand for, ours if it is 0, but for
/// the one that is needed to look.
std::vector<std::string> descriptors(pid_t of = 0);

/// One per line.
std::string to_string(const std::vector<std::string>& all);

/// One line per process, for a test's report.
std::string to_string(const std::vector<resident>& all);

} // namespace mcpool::system
