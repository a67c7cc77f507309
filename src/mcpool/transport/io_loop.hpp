// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mcpool::transport {

/// Runs all sockets, pipes and child processes of a pool, on one thread at a
/// time.
///
/// Objects of the loop are touched while it runs only, by the thread that runs
/// it; `post` brings work there. That thread is the loop's own, unless it is
/// shared: then guests run it while they have nothing else to do, so that what
/// follows from an event needs no other thread. When no guest comes for ten
/// milliseconds, the loop's own thread goes on. What throws, for want of
/// memory, is logged and costs nothing but itself.
class io_loop {
public:
  using job = std::function<void()>;

  /// Starts the thread, with every signal blocked in it.
  io_loop();

  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  /// Waits until everything on the loop has ended by itself, then joins.
  /// Owners close what they opened before, and it is not shared any more. Not
  /// from the loop itself.
  ~io_loop();

  /// Runs `x` on the loop, in the order of the calls, before it waits for the
  /// next event. From any thread, and from the loop itself; one wake-up per
  /// batch.
  void post(job x);

  /// For the objects of the loop.
  boost::asio::io_context& context() noexcept { return context_; }

  // -- guests -----------------------------------------------------------------

  /// From now on guests may come. `invite` is called on the loop's own thread
  /// when it would rather have one that was turned away.
  void share(job invite);

  /// No guest comes any more, and `invite` is not called any more. Those that
  /// are inside stay there until they are interrupted.
  void unshare();

  /// Runs the loop on the calling thread until `enough` is greater than 0 or
  /// `interrupt` was called. False at once if it is not shared, or if another
  /// thread runs it. SIGPIPE stays blocked in the calling thread.
  bool run_as_guest(const std::atomic<std::size_t>& enough);

  /// Lets the guest that is inside leave, or the next one that comes. From any
  /// thread.
  void interrupt();

private:
  enum class runner { nobody, own_thread, guest };
  using lock = std::unique_lock<std::mutex>;

  bool run_batch();
  void run_batches();
  bool run_event();
  bool take_event();
  void begin_running();
  void end_running();
  void run();
  bool run_while_unwanted();
  void wait_for_neglect(lock& guard);
  bool enter_as_guest();
  void leave_as_guest();

  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type>
    busy_{context_.get_executor()};
  std::mutex mutex_;
  std::vector<job> batch_;
  /// Somebody is between `begin_running` and `end_running`.
  bool running_ = false;

  // Whose turn it is.
  std::mutex turn_mutex_;
  std::condition_variable turn_ended_;
  runner runner_ = runner::nobody;
  /// Counts the visits of guests.
  std::uint64_t visits_ = 0;
  /// The own thread waits for the end of a visit, however long it takes.
  bool watching_ = false;
  /// Empty unless shared.
  job invite_;
  /// A guest was turned away.
  std::atomic<bool> wanted_{false};
  std::atomic<bool> interrupted_{false};

  std::thread thread_;
};

} // namespace mcpool::transport
