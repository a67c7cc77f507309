// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/progress_line.hpp>

#include <mcpool/core/cat.hpp>

#include <chrono>
#include <utility>

#include <unistd.h>

namespace mcpool::app {

using namespace std::chrono_literals;

namespace {

constexpr auto clear_line = "\r\x1b[K";

void show(const std::string& text) {
  // A terminal that went away is no reason to stop.
  [[maybe_unused]] auto n = ::write(STDERR_FILENO, text.data(), text.size());
}

} // namespace

progress_line::progress_line(std::string what) : what_(std::move(what)) {
  if (isatty(STDERR_FILENO))
    thread_ = std::thread{[this] { run(); }};
}

progress_line::~progress_line() {
  if (!thread_.joinable())
    return;
  std::unique_lock guard{mutex_};
  ending_ = true;
  guard.unlock();
  changed_.notify_one();
  thread_.join();
}

void progress_line::update(std::string what) {
  std::lock_guard guard{mutex_};
  what_ = std::move(what);
}

void progress_line::run() {
  std::unique_lock guard{mutex_};
  auto seconds = 0;
  while (!changed_.wait_for(guard, 1s, [this] { return ending_; }))
    show(cat(clear_line, what_, " ... ", ++seconds, " s"));
  if (seconds > 0)
    show(clear_line);
}

} // namespace mcpool::app
