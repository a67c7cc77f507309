// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/launcher.hpp>
#include <mcpool/transport/process_guard.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace mcpool::transport {

/// How a process ended.
struct exit_status {
  enum class kind {
    /// By itself; `value` is its exit code.
    exited,
    /// By the signal `value`.
    signalled,
    /// Somebody else in this program waited for our child, or ignores SIGCHLD.
    unknown,
  };

  kind how = kind::unknown;
  int value = 0;
};

/// Prints `ended with exit code 3` or `was ended by signal 9 (Killed)`.
std::string to_string(const exit_status& x);

/// One child with its process group: what it starts, and what that starts,
/// unless it moves to a group of its own.
///
/// When the child has ended, the rest of its group is killed and the guard told
/// before the child is reaped: until then its number cannot mean anybody else.
/// For that, nobody else in the program may wait for any child or ignore
/// SIGCHLD; else the exit status is unknown and the rest of the group is left
/// alone.
///
/// Belongs to the loop's thread. Must not be destroyed while the child runs,
/// unless it was let go.
class child_process {
public:
  /// `guard` knows the group until it is gone.
  child_process(boost::asio::io_context& context,
                std::shared_ptr<process_guard> guard);

  /// Starts the child; once. `on_exit` is called on the loop's thread when it
  /// has ended, is reaped, and its group is killed; `owner`, which holds this
  /// object, lives until then.
  /// `spec.announce_to` is ignored. Fails like `launch`.
  result<void> start(launch_spec spec, std::shared_ptr<void> owner,
                     std::function<void(exit_status)> on_exit);

  /// True from a successful `start` until `on_exit` is called, or `let_go`.
  bool running() const noexcept { return pid_ > 0; }

  /// The number of the child and its group while it runs.
  pid_t pid() const noexcept { return pid_; }

  /// Sends `signal` to the whole group; nothing after the end of the child.
  void signal_group(int signal) const noexcept;

  /// Waits no longer for a child that does not end, not even of SIGKILL, so
  /// that the loop can end without it. `on_exit` is not called. Nobody reaps
  /// the child, so that its number stays its own as long as we live; the guard
  /// keeps its group, and kills what is left of it in the end.
  void let_go() noexcept;

private:
  result<void> watch(unique_fd pidfd, std::shared_ptr<void> owner);
  exit_status collect(int pidfd);

  std::shared_ptr<process_guard> guard_;
  std::function<void(exit_status)> on_exit_;
  /// The pidfd.
  boost::asio::posix::stream_descriptor exit_;
  pid_t pid_ = -1;
};

} // namespace mcpool::transport
