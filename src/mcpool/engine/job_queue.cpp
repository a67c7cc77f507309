// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/job_queue.hpp>

#include <mcpool/engine/idle_work.hpp>

#include <chrono>
#include <utility>

namespace mcpool::engine {

namespace {

constexpr auto tick = std::chrono::milliseconds{2};

/// Ticks without a job after which nobody looks any more.
constexpr int quiet_ticks = 8;

/// The queue this thread works for.
thread_local const job_queue* own_queue = nullptr;

} // namespace

void job_queue::push(job x) {
  lock guard{mutex_};
  jobs_.push_back(x);
  size_.store(jobs_.size(), std::memory_order_relaxed);
  wake_for_job();
}

job_queue::job job_queue::pop() {
  own_queue = this;
  lock guard{mutex_};
  while (jobs_.empty())
    if (!work(guard))
      sleep(guard);
  return take_first();
}

job_queue::job job_queue::try_pop() {
  lock guard{mutex_};
  return jobs_.empty() ? nullptr : take_first();
}

job_queue::job job_queue::take_first() {
  auto out = jobs_.front();
  jobs_.pop_front();
  size_.store(jobs_.size(), std::memory_order_relaxed);
  ++taken_;
  if (!watched_)
    wake_one();
  return out;
}

// -- waking -------------------------------------------------------------------

// The one that is inside comes first, because what follows from the job most
// likely ends in there again. What it does there may take long.
void job_queue::wake_for_job() {
  auto comes_back = own_queue == this;
  if (!comes_back && inside_ && work_) {
    look();
    return interrupt();
  }
  if (!comes_back || !watched_ || jobs_.size() >= long_queue)
    wake_one();
}

void job_queue::wake_one() {
  if (sleeping_ == 0 || waking_)
    return;
  waking_ = true;
  wake_.notify_one();
}

// Lets a worker that sleeps see whether the others get on.
void job_queue::look() {
  if (resting_ == 0 || watched_ || waking_ || looking_)
    return;
  looking_ = true;
  wake_.notify_one();
}

void job_queue::interrupt() {
  if (interrupted_)
    return;
  interrupted_ = true;
  work_->interrupt();
}

void job_queue::sleep(lock& guard) {
  ++sleeping_;
  auto wanted = !watched_ && watch(guard);
  while (!wanted) {
    rest(guard);
    auto looks = std::exchange(looking_, false) && !waking_;
    wanted = !looks || (!watched_ && watch(guard));
  }
  --sleeping_;
  waking_ = false;
}

void job_queue::rest(lock& guard) {
  ++resting_;
  wake_.wait(guard);
  --resting_;
}

// Until it is woken, or something has not been done for a whole tick. False
// when that does not happen, because there is nothing to do.
bool job_queue::watch(lock& guard) {
  watched_ = true;
  auto wanted = false;
  for (auto quiet = 0; quiet < quiet_ticks && !wanted;) {
    auto jobs = taken_;
    auto visits = visits_;
    wake_.wait_for(guard, tick);
    wanted = waking_ || (jobs == taken_ && !jobs_.empty())
             || (visits == visits_ && work_ && !inside_ && !turned_away_);
    quiet = jobs == taken_ ? quiet + 1 : 0;
  }
  watched_ = false;
  return wanted;
}

std::size_t job_queue::resting() {
  lock guard{mutex_};
  return resting_;
}

// -- idle work ----------------------------------------------------------------

// False if there is nothing to do but to sleep.
bool job_queue::work(lock& guard) {
  if (!work_ || inside_ || turned_away_)
    return false;
  inside_ = turned_away_ = true;
  ++visits_;
  auto& what = *work_;
  guard.unlock();
  auto done = what.wait(size_);
  guard.lock();
  inside_ = false;
  interrupted_ = false;
  left_.notify_all();
  if (done)
    turned_away_ = false;
  return !turned_away_ || !jobs_.empty();
}

bool job_queue::lend(idle_work& to) {
  lock guard{mutex_};
  if (work_)
    return false;
  work_ = &to;
  turned_away_ = false;
  wake_one();
  return true;
}

void job_queue::take_back(idle_work& from) {
  lock guard{mutex_};
  if (work_ != &from)
    return;
  if (inside_)
    interrupt();
  work_ = nullptr;
  left_.wait(guard, [this] { return !inside_; });
}

void job_queue::invite() {
  lock guard{mutex_};
  turned_away_ = false;
  wake_one();
}

} // namespace mcpool::engine
