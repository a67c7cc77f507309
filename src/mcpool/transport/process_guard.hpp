// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/launcher.hpp>

#include <memory>
#include <set>

#include <sys/types.h>

namespace mcpool::transport {

/// Sees to it that no process of a pool outlives it, even if it is killed.
///
/// The kernel kills a child when we die, but not what the child started. So a
/// small shell runs beside us as long as there are children. It reads from a
/// pipe which process groups there are; when the pipe ends without our having
/// taken them back, it kills them. It is in a session of its own and ignores
/// the signals that end programs politely.
///
/// If the shell dies, another takes over at once. If it cannot be started, that
/// is logged, and children have the kernel's protection alone.
///
/// Belongs to the loop's thread, but for construction and destruction.
class process_guard : public std::enable_shared_from_this<process_guard> {
public:
  explicit process_guard(io_loop& loop);

  process_guard(const process_guard&) = delete;
  process_guard& operator=(const process_guard&) = delete;

  /// What is left is killed, if it can be; nobody waits for its end.
  ~process_guard();

  /// Starts a child as `transport::launch` does, and guards its group before
  /// its program can start anything.
  result<launched> launch(launch_spec spec);

  /// The group is gone.
  void release(pid_t group);

  /// The pid of the shell that runs now; -1 for none.
  pid_t pid() const noexcept;

private:
  struct shell;

  bool ensure_shell();
  void start_shell();
  void restart_shell();
  void drop_shell();
  void retire_shell();
  void watch(const std::shared_ptr<shell>& x);
  void on_shell_exit(const shell& x);

  io_loop& loop_;
  /// Those that run.
  std::set<pid_t> groups_;
  /// The one that reads our lines; null while there are no groups.
  std::shared_ptr<shell> shell_;
  /// How many shells in a row died young.
  int early_deaths_ = 0;
};

} // namespace mcpool::transport
