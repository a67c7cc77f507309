// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mcpool::transport {

/// One thread that runs all sockets, pipes and child processes of a pool.
///
/// Objects of the loop are touched on its thread only; `post` brings work
/// there. What throws, for want of memory, is logged and costs nothing but
/// itself.
class io_loop {
public:
  using job = std::function<void()>;

  /// Starts the thread, with every signal blocked in it.
  io_loop();

  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  /// Waits until everything on the loop has ended by itself, then joins.
  /// Owners close what they opened before. Not from the loop's own thread.
  ~io_loop();

  /// Runs `x` on the loop's thread, in the order of the calls. From any thread;
  /// one wake-up per batch.
  void post(job x);

  /// For the objects of the loop.
  boost::asio::io_context& context() noexcept { return context_; }

private:
  void run();
  void run_batch();

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    busy_{context_.get_executor()};
  std::mutex mutex_;
  std::vector<job> batch_;
  std::thread thread_;
};

} // namespace mcpool::transport
