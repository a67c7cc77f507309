// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace mcpool::system {

/// A program to run.
struct process_spec {
  std::filesystem::path program;
  std::vector<std::string> args;
  /// The whole environment.
  std::map<std::string, std::string> environment;
  /// What it reads from standard input.
  std::string input;
  std::filesystem::path cwd;
  /// Whom it belongs to; us if it is 0.
  uid_t user = 0;
};

/// What a program ended with.
struct outcome {
  /// Its exit code; 128 + N after signal N; nothing if it had to be killed
  /// because it took too long.
  std::optional<int> code;
  std::string out;
  std::string err;
};

/// A program that runs, and is killed if it still does in the end. It dies with
/// the thread that started it.
class process {
public:
  /// Starts it; its output goes into files of `folder`. A program that cannot
  /// be started ends with code 127.
  process(const process_spec& spec, const std::filesystem::path& folder);

  process(process&& other) noexcept;
  process& operator=(process&&) = delete;

  ~process();

  pid_t pid() const noexcept { return pid_; }

  /// Waits for its end; nothing if it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit);

  /// Waits as above and kills it then. Returns everything.
  outcome finish(std::chrono::milliseconds limit);

  /// Tells whether it still runs.
  bool runs() { return !wait(std::chrono::milliseconds{0}); }

  void signal(int number) const;

  /// What it wrote so far.
  std::string out() const;
  std::string err() const;

private:
  /// -1 after the move.
  pid_t pid_ = -1;
  std::optional<int> code_;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

} // namespace mcpool::system
