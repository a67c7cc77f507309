// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <caf/fwd.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>

namespace mcpool::engine {

class idle_work;

/// The jobs of a scheduler, and its workers that wait for one.
///
/// Nobody is woken without need. A job that a worker appends is taken by that
/// worker as soon as it is done with what it does now. Another one is woken
/// when `long_queue` jobs wait, or when none was taken for two milliseconds: of
/// those that sleep one looks, for as long as there are jobs at all.
///
/// Of the workers without a job one does the idle work, if there is any, and
/// the others sleep. A job that comes from another thread goes to the former.
/// Idle work that nobody did for two milliseconds wakes a worker, too.
class job_queue {
public:
  using job = caf::resumable*;

  /// Jobs that are worth a worker more.
  static constexpr std::size_t long_queue = 4;

  /// Appends a job. From any thread.
  void push(job x);

  /// Waits for a job and takes the first. The calling thread is a worker of
  /// this queue from now on.
  job pop();

  /// Takes the first job, or null if there is none.
  job try_pop();

  /// See idle_work.hpp.
  bool lend(idle_work& to);
  void take_back(idle_work& from);
  void invite();

  /// How many workers sleep until they are woken. From any thread.
  std::size_t resting();

private:
  using lock = std::unique_lock<std::mutex>;

  job take_first();
  void wake_for_job();
  void wake_one();
  void look();
  void interrupt();
  bool work(lock& guard);
  void sleep(lock& guard);
  void rest(lock& guard);
  bool watch(lock& guard);

  std::mutex mutex_;
  std::deque<job> jobs_;
  /// How many there are, for who does not hold the mutex.
  std::atomic<std::size_t> size_{0};
  /// How many were taken so far.
  std::uint64_t taken_ = 0;

  // Workers that sleep.
  std::condition_variable wake_;
  std::size_t sleeping_ = 0;
  /// Of these, those who do not look at times.
  std::size_t resting_ = 0;
  /// One was woken and has not come yet.
  bool waking_ = false;
  /// One was woken to look only.
  bool looking_ = false;
  /// One looks every `tick`.
  bool watched_ = false;

  // The worker that does something else.
  idle_work* work_ = nullptr;
  bool inside_ = false;
  /// How often one went inside so far.
  std::uint64_t visits_ = 0;
  bool interrupted_ = false;
  /// Somebody else did it when a worker tried last; it says when it is worth
  /// another try.
  bool turned_away_ = false;
  std::condition_variable left_;
};

} // namespace mcpool::engine
