// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timer_wheel.hpp>

#include <algorithm>
#include <csignal>
#include <utility>

// Due times are counted in ticks since the wheel's start. A timer stays in the
// slot of its due tick modulo the number of slots, so one that is longer than a
// round is passed over until its own tick comes.
//
// Due ticks are rounded up and the clock's tick is rounded down: a timer is
// never early.
//
// The thread sleeps until the next tick that has a timer, at most one round,
// and without a limit while nothing is pending. A timer that is due before that
// wakes it.

namespace mcpool::engine {

namespace {

using steady = std::chrono::steady_clock;

struct origin {
  time_point wall = std::chrono::system_clock::now();
  steady::time_point steady_start = steady::now();
};

const origin& process_origin() {
  static const origin instance;
  return instance;
}

std::thread start_without_signals(std::function<void()> body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread out{std::move(body)};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return out;
}

} // namespace

time_point now() {
  const auto& start = process_origin();
  return start.wall + (steady::now() - start.steady_start);
}

timer_wheel::timer_wheel(mode how)
  : mode_(how),
    start_(engine::now()),
    manual_now_(start_) {
  if (mode_ == mode::real)
    thread_ = start_without_signals([this] { run(); });
}

timer_wheel::~timer_wheel() {
  if (mode_ == mode::manual)
    return;
  std::unique_lock guard{mutex_};
  stopping_ = true;
  guard.unlock();
  changed_.notify_one();
  thread_.join();
}

time_point timer_wheel::now() const {
  if (mode_ == mode::real)
    return engine::now();
  std::lock_guard guard{mutex_};
  return manual_now_;
}

timer_id timer_wheel::set(duration after, callback f) {
  auto at = now() + std::max(after, duration::zero());
  std::unique_lock guard{mutex_};
  if (pending_ == 0 && mode_ == mode::real)
    current_ = std::max(current_, tick_of(engine::now()));
  auto index = take_node();
  auto& x = nodes_[index];
  x.due = std::max(tick_of(at + tick - duration{1}), current_ + 1);
  x.f = std::move(f);
  link(index);
  auto id = timer_id{x.generation} << 32 | (index + 1);
  auto sooner = x.due < wake_;
  guard.unlock();
  if (sooner)
    changed_.notify_one();
  return id;
}

bool timer_wheel::cancel(timer_id id) {
  auto index = static_cast<std::uint32_t>(id) - 1;
  callback dropped; // destroyed after the lock: it may own anything
  std::lock_guard guard{mutex_};
  if (id == 0 || index >= nodes_.size())
    return false;
  const auto& x = nodes_[index];
  if (!x.linked || x.generation != id >> 32)
    return false;
  unlink(index);
  dropped = release(index);
  return true;
}

std::size_t timer_wheel::pending() const {
  std::lock_guard guard{mutex_};
  return pending_;
}

void timer_wheel::advance(duration by) {
  std::unique_lock guard{mutex_};
  manual_now_ += by;
  step_to(tick_of(manual_now_), guard);
}

std::uint64_t timer_wheel::tick_of(time_point at) const {
  return static_cast<std::uint64_t>((at - start_) / tick);
}

std::uint32_t timer_wheel::take_node() {
  if (free_ == none) {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  auto index = free_ - 1;
  free_ = nodes_[index].next;
  return index;
}

timer_wheel::callback timer_wheel::release(std::uint32_t index) {
  auto& x = nodes_[index];
  ++x.generation;
  x.next = std::exchange(free_, index + 1);
  return std::exchange(x.f, nullptr);
}

void timer_wheel::link(std::uint32_t index) {
  auto& x = nodes_[index];
  auto& head = heads_[x.due % slots];
  x.previous = none;
  x.next = head;
  x.linked = true;
  if (head != none)
    nodes_[head - 1].previous = index + 1;
  head = index + 1;
  ++pending_;
}

void timer_wheel::unlink(std::uint32_t index) {
  auto& x = nodes_[index];
  if (x.previous == none)
    heads_[x.due % slots] = x.next;
  else
    nodes_[x.previous - 1].next = x.next;
  if (x.next != none)
    nodes_[x.next - 1].previous = x.previous;
  x.linked = false;
  --pending_;
}

void timer_wheel::collect(std::uint64_t at, std::vector<callback>& due) {
  auto pos = heads_[at % slots];
  while (pos != none) {
    auto index = pos - 1;
    pos = nodes_[index].next;
    if (nodes_[index].due > at)
      continue;
    unlink(index);
    due.push_back(release(index));
  }
}

void timer_wheel::step_to(std::uint64_t at,
                          std::unique_lock<std::mutex>& guard) {
  std::vector<callback> due;
  while (current_ < at && pending_ > 0) {
    collect(++current_, due);
    if (due.empty())
      continue;
    guard.unlock();
    for (auto& f : due)
      f();
    due.clear();
    guard.lock();
  }
  current_ = std::max(current_, at);
}

std::uint64_t timer_wheel::next_due() const {
  if (pending_ == 0)
    return never;
  for (auto at = current_ + 1; at < current_ + slots; ++at)
    for (auto pos = heads_[at % slots]; pos != none; pos = nodes_[pos - 1].next)
      if (nodes_[pos - 1].due == at)
        return at;
  return current_ + slots;
}

void timer_wheel::run() {
  std::unique_lock guard{mutex_};
  while (!stopping_) {
    step_to(tick_of(engine::now()), guard);
    wake_ = next_due();
    if (stopping_)
      break;
    if (wake_ == never)
      changed_.wait(guard);
    else
      changed_.wait_for(guard, start_ + wake_ * tick - engine::now());
    wake_ = 0;
  }
}

} // namespace mcpool::engine
