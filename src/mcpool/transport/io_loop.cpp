// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/io_loop.hpp>

#include <mcpool/transport/survives.hpp>

#include <boost/asio/post.hpp>

#include <chrono>
#include <csignal>
#include <functional>
#include <utility>

namespace mcpool::transport {

namespace {

/// How long nobody may run a shared loop, at least.
constexpr auto patience = std::chrono::milliseconds{10};

/// How often jobs that jobs have posted run before the sockets get their turn.
constexpr int batches_per_turn = 8;

/// So often the own thread looks for nothing before it sleeps.
constexpr int quiet_looks = 8;

// Signals are for the threads of the embedding program.
std::thread start_without_signals(std::function<void()> body) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread out{std::move(body)};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return out;
}

// A pipe whose reader is gone is an error like others.
void block_sigpipe() {
  thread_local auto blocked = false;
  if (std::exchange(blocked, true))
    return;
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

/// What this thread is running.
thread_local const io_loop* current_loop = nullptr;

} // namespace

io_loop::io_loop() : thread_(start_without_signals([this] { run(); })) {}

io_loop::~io_loop() {
  busy_.reset();
  thread_.join();
}

// Who runs the loop looks for jobs before it waits; only one that waits has to
// be woken, and it is told by the first job of a batch.
void io_loop::post(job x) {
  std::unique_lock guard{mutex_};
  batch_.push_back(std::move(x));
  auto wake = batch_.size() == 1 && running_ && current_loop != this;
  guard.unlock();
  if (wake)
    boost::asio::post(context_, [] {});
}

bool io_loop::run_batch() {
  std::unique_lock guard{mutex_};
  if (batch_.empty())
    return false;
  auto jobs = std::exchange(batch_, {});
  guard.unlock();
  for (auto& x : jobs)
    survives(std::ref(x));
  return true;
}

void io_loop::run_batches() {
  for (auto i = 0; i < batches_per_turn && run_batch(); ++i)
    continue;
}

// False when everything has ended.
bool io_loop::run_event() {
  auto more = true;
  survives([&] { more = take_event(); });
  return more;
}

// The context says that everything has ended, too, when it had nothing for a
// moment, until a job gave it something.
bool io_loop::take_event() {
  std::unique_lock guard{mutex_};
  auto more = !batch_.empty();
  guard.unlock();
  if (more)
    return context_.poll_one(), true;
  if (context_.run_one() > 0)
    return true;
  context_.restart();
  return run_batch() || context_.run_one() > 0;
}

void io_loop::begin_running() {
  current_loop = this;
  std::lock_guard guard{mutex_};
  running_ = true;
}

void io_loop::end_running() {
  std::lock_guard guard{mutex_};
  running_ = false;
  current_loop = nullptr;
}

// -- the own thread -----------------------------------------------------------

void io_loop::run() {
  lock guard{turn_mutex_};
  for (auto more = true; more;) {
    if (invite_)
      wait_for_neglect(guard);
    turn_ended_.wait(guard, [this] { return runner_ == runner::nobody; });
    runner_ = runner::own_thread;
    guard.unlock();
    more = run_while_unwanted();
    guard.lock();
    runner_ = runner::nobody;
    if (wanted_.exchange(false) && invite_)
      invite_();
  }
}

// False when everything has ended.
bool io_loop::run_while_unwanted() {
  auto more = true;
  begin_running();
  run_batches();
  while (more && !wanted_) {
    more = run_event();
    run_batches();
  }
  end_running();
  return more;
}

// Comes back when nobody ran the loop for a while. As long as one guest stays
// inside there is nothing to look for.
void io_loop::wait_for_neglect(lock& guard) {
  auto quiet = 0;
  for (auto neglected = false; invite_ && !neglected;) {
    auto seen = visits_;
    watching_ = quiet == quiet_looks;
    if (watching_)
      turn_ended_.wait(guard);
    else
      turn_ended_.wait_for(guard, patience);
    watching_ = false;
    neglected = seen == visits_ && runner_ == runner::nobody;
    quiet = seen == visits_ && runner_ == runner::guest ? quiet + 1 : 0;
  }
}

// -- guests -------------------------------------------------------------------

// The empty job lets the own thread look up.
void io_loop::share(job invite) {
  lock guard{turn_mutex_};
  invite_ = std::move(invite);
  wanted_ = true;
  guard.unlock();
  post([] {});
}

void io_loop::unshare() {
  lock guard{turn_mutex_};
  invite_ = nullptr;
  turn_ended_.notify_one();
}

bool io_loop::run_as_guest(const std::atomic<std::size_t>& enough) {
  if (!enter_as_guest())
    return false;
  block_sigpipe();
  begin_running();
  run_batches();
  while (enough.load(std::memory_order_relaxed) == 0 && !interrupted_
         && run_event())
    run_batches();
  interrupted_ = false;
  end_running();
  leave_as_guest();
  return true;
}

bool io_loop::enter_as_guest() {
  lock guard{turn_mutex_};
  if (!invite_)
    return false;
  if (runner_ != runner::nobody) {
    wanted_ = true;
    return false;
  }
  runner_ = runner::guest;
  ++visits_;
  return true;
}

void io_loop::leave_as_guest() {
  lock guard{turn_mutex_};
  runner_ = runner::nobody;
  if (watching_ || !invite_)
    turn_ended_.notify_one();
}

void io_loop::interrupt() {
  interrupted_ = true;
  post([] {});
}

} // namespace mcpool::transport
