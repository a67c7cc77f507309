// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timer_wheel.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <utility>
#include <vector>

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

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr std::size_t slots = 4096;
constexpr auto tick = duration{10ms};
constexpr std::uint32_t none = 0;
constexpr auto never = ~std::uint64_t{0};
// Keeps sums of instants and durations far from overflowing.
constexpr auto longest = duration{100 * 365 * 24h};

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

class timer_wheel::core {
public:
  explicit core(mode how)
    : mode_(how),
      start_(engine::now()),
      manual_now_(start_) {}

  time_point now() const;
  timer_id set(time_point at, callback f);
  bool cancel(timer_id id);
  std::size_t pending() const;
  void advance(duration by);

  /// The body of the thread.
  void run();

  /// Ends `run`; nothing is called any more, except what is running.
  void stop();

private:
  // Nodes live in one vector; links are indices + 1, so that 0 is none.
  struct node {
    std::uint64_t due = 0;
    std::uint32_t generation = 0;
    std::uint32_t next = none;
    std::uint32_t previous = none;
    bool linked = false;
    callback f;
  };

  std::uint64_t tick_of(time_point at) const;
  time_point time_of(std::uint64_t at) const;
  std::uint32_t take_node();
  callback release(std::uint32_t index);
  void link(std::uint32_t index);
  void unlink(std::uint32_t index);
  void collect(std::uint64_t at, std::vector<callback>& due);
  void step_to(std::uint64_t at, std::unique_lock<std::mutex>& guard);
  std::uint64_t next_due() const;

  const mode mode_;
  const time_point start_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_ = false;
  time_point manual_now_;
  std::uint64_t current_ = 0;
  // The tick until which the thread sleeps; 0 while it does not.
  std::uint64_t wake_ = 0;
  std::size_t pending_ = 0;
  std::uint32_t free_ = none;
  std::vector<node> nodes_;
  std::array<std::uint32_t, slots> heads_{};
};

// -- the wheel ----------------------------------------------------------------

timer_wheel::timer_wheel(mode how) : core_(std::make_shared<core>(how)) {
  if (how == mode::real)
    thread_ = start_without_signals([x = core_] { x->run(); });
}

timer_wheel::~timer_wheel() {
  core_->stop();
  if (!thread_.joinable())
    return;
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

time_point timer_wheel::now() const {
  return core_->now();
}

timer_id timer_wheel::set(duration after, callback f) {
  return core_->set(now() + std::clamp(after, duration::zero(), longest),
                    std::move(f));
}

timer_id timer_wheel::set_at(time_point at, callback f) {
  return core_->set(at, std::move(f));
}

bool timer_wheel::cancel(timer_id id) {
  return core_->cancel(id);
}

std::size_t timer_wheel::pending() const {
  return core_->pending();
}

void timer_wheel::advance(duration by) {
  auto keep = core_; // a callback may destroy the wheel
  keep->advance(by);
}

// -- interface of the core ----------------------------------------------------

time_point timer_wheel::core::now() const {
  if (mode_ == mode::real)
    return engine::now();
  std::lock_guard guard{mutex_};
  return manual_now_;
}

timer_id timer_wheel::core::set(time_point at, callback f) {
  at = std::clamp(at, start_, start_ + 2 * longest);
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

bool timer_wheel::core::cancel(timer_id id) {
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

std::size_t timer_wheel::core::pending() const {
  std::lock_guard guard{mutex_};
  return pending_;
}

void timer_wheel::core::advance(duration by) {
  std::unique_lock guard{mutex_};
  auto target = manual_now_ + by;
  step_to(tick_of(target), guard);
  manual_now_ = target;
}

void timer_wheel::core::run() {
  std::unique_lock guard{mutex_};
  while (!stopping_) {
    step_to(tick_of(engine::now()), guard);
    if (stopping_)
      break;
    wake_ = next_due();
    if (wake_ == never)
      changed_.wait(guard);
    else
      changed_.wait_for(guard, time_of(wake_) - engine::now());
    wake_ = 0;
  }
}

void timer_wheel::core::stop() {
  std::unique_lock guard{mutex_};
  stopping_ = true;
  guard.unlock();
  changed_.notify_one();
}

// -- helpers ------------------------------------------------------------------

std::uint64_t timer_wheel::core::tick_of(time_point at) const {
  return static_cast<std::uint64_t>((at - start_) / tick);
}

time_point timer_wheel::core::time_of(std::uint64_t at) const {
  return start_ + static_cast<duration::rep>(at) * tick;
}

std::uint32_t timer_wheel::core::take_node() {
  if (free_ == none) {
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }
  auto index = free_ - 1;
  free_ = nodes_[index].next;
  return index;
}

timer_wheel::callback timer_wheel::core::release(std::uint32_t index) {
  auto& x = nodes_[index];
  ++x.generation;
  x.next = std::exchange(free_, index + 1);
  return std::exchange(x.f, nullptr);
}

void timer_wheel::core::link(std::uint32_t index) {
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

void timer_wheel::core::unlink(std::uint32_t index) {
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

void timer_wheel::core::collect(std::uint64_t at, std::vector<callback>& due) {
  auto pos = heads_[at % slots];
  while (pos != none) {
    auto index = pos - 1;
    pos = nodes_[index].next;
    if (nodes_[index].due > at)
      continue;
    unlink(index);
    due.push_back(release(index));
  }
  // The list begins with what was set last.
  std::reverse(due.begin(), due.end());
}

void timer_wheel::core::step_to(std::uint64_t at,
                                std::unique_lock<std::mutex>& guard) {
  std::vector<callback> due;
  while (current_ < at && pending_ > 0 && !stopping_) {
    collect(++current_, due);
    manual_now_ = std::max(manual_now_, time_of(current_));
    if (due.empty())
      continue;
    guard.unlock();
    for (auto& f : due)
      if (!stopping_)
        f();
    due.clear();
    guard.lock();
  }
  current_ = std::max(current_, at);
}

std::uint64_t timer_wheel::core::next_due() const {
  if (pending_ == 0)
    return never;
  for (auto at = current_ + 1; at < current_ + slots; ++at)
    for (auto pos = heads_[at % slots]; pos != none; pos = nodes_[pos - 1].next)
      if (nodes_[pos - 1].due == at)
        return at;
  return current_ + slots;
}

} // namespace mcpool::engine
