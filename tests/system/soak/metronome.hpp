// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace mcpool::system {

/// Knows for how long this machine did not let us run: that is nobody's fault.
class metronome {
public:
  metronome() : thread_([this] { run(); }) {}

  metronome(const metronome&) = delete;
  metronome& operator=(const metronome&) = delete;

  ~metronome() {
    over_ = true;
    thread_.join();
  }

  /// All of it so far. From any thread.
  std::chrono::milliseconds lost() const { return lost_.load(); }

private:
  void run() {
    using std::chrono::milliseconds;
    constexpr milliseconds beat{20};
    while (!over_) {
      auto begin = std::chrono::steady_clock::now();
      std::this_thread::sleep_for(beat);
      auto late = std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now() - begin - beat);
      if (late > beat)
        lost_ = lost_.load() + late;
    }
  }

  std::atomic<std::chrono::milliseconds> lost_{std::chrono::milliseconds{0}};
  std::atomic<bool> over_{false};
  /// Last, it uses the others.
  std::thread thread_;
};

} // namespace mcpool::system
