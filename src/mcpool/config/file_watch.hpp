// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace mcpool::config {

/// Tells when one of some files may have changed: written in place, replaced by
/// a rename, deleted, created, or reached through a symbolic link that was
/// swapped. It watches folders by inotify and compares what `stat` says; it
/// never reads a file.
class file_watch {
public:
  using callback = std::function<void()>;

  /// Changes are reported when they have been quiet for this long...
  static constexpr std::chrono::milliseconds quiet_time{50};

  /// ...and at the latest after this long.
  static constexpr std::chrono::milliseconds longest_delay{500};

  /// Starts to watch. When it returns the watch is on: what is read afterwards
  /// is never older than what `on_change` is told about. Files need not exist.
  /// `on_change` is called on the thread of `loop`, which outlives the watch,
  /// and must not block for long.
  /// Fails with `busy` if the system has no inotify instance left.
  static result<file_watch> start(boost::asio::io_context& loop,
                                  std::vector<std::filesystem::path> files,
                                  callback on_change);

  file_watch(file_watch&&) noexcept;
  file_watch& operator=(file_watch&&) noexcept;

  /// Stops.
  ~file_watch();

  /// Calls `on_change` soon, whether or not something changed. From any thread;
  /// nothing after `stop`.
  void trigger();

  /// Ends the watch; `on_change` does not start any more, but on another thread
  /// it may be running. From any thread, also from `on_change`. Idempotent.
  void stop();

private:
  class state;

  explicit file_watch(std::shared_ptr<state> x);

  std::shared_ptr<state> state_;
};

} // namespace mcpool::config
