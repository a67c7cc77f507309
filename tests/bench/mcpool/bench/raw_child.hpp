// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace mcpool::bench {

/// A child process and the pipes to it: what stdio costs with no pool around
/// it.
class raw_child {
public:
  /// Called with each line that it prints.
  using handler = std::function<void(std::string_view)>;

  /// Starts it. Throws `std::runtime_error`.
  explicit raw_child(const std::vector<std::string>& command);
  raw_child(const raw_child&) = delete;
  raw_child& operator=(const raw_child&) = delete;

  /// Kills it and waits.
  ~raw_child();

  /// Writes a line.
  void send(std::string line);

  /// Who hears of its lines.
  void on_line(handler x) { on_line_ = std::move(x); }

  /// Sends the handshake; `done` is called with the answer to `initialize`.
  void shake_hands(std::function<void()> done);

  /// Reads what is there; false at the end of its output.
  bool read_some();

  int output() const noexcept { return output_; }
  pid_t pid() const noexcept { return pid_; }

private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string unread_;
  handler on_line_;
};

/// Reads from all of them until `done` returns true. Throws
/// `std::runtime_error` when nothing comes for a minute.
void run_children(const std::function<std::vector<raw_child*>()>& all,
                  const std::function<bool()>& done);

} // namespace mcpool::bench
