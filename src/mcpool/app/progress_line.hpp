// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace mcpool::app {

/// Shows on a terminal that something takes its time: from the first second on,
/// one line on standard error that is updated and removed in the end. Does
/// nothing if standard error is no terminal.
class progress_line {
public:
  /// `what` is being done: "connecting to files".
  explicit progress_line(std::string what);

  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;

  ~progress_line();

  /// Replaces what is shown; from any thread.
  void update(std::string what);

private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string what_;
  bool ending_ = false;
  std::thread thread_;
};

} // namespace mcpool::app
