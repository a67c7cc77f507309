// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/signals.hpp>

#include <mcpool/app/exit_code.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <utility>

#include <pthread.h>

namespace mcpool::app {

namespace {

// Wakes the thread for its end; nobody else sends it.
constexpr int wake_signal = SIGUSR1;

sigset_t handled_signals() {
  sigset_t out;
  sigemptyset(&out);
  for (auto x : {SIGINT, SIGTERM, SIGHUP, wake_signal})
    sigaddset(&out, x);
  return out;
}

} // namespace

struct signals::shared {
  std::atomic<bool> stopped{false};
  std::atomic<bool> ending{false};
  std::mutex mutex;
  // Empty without a listener.
  handler stop;
  handler reload;

  void tell(const handler& x) {
    std::lock_guard guard{mutex};
    if (x)
      x();
  }

  void handle(int which) {
    if (which == SIGHUP)
      return tell(reload);
    if (stopped.exchange(true))
      std::_Exit(exit_code::interrupted);
    tell(stop);
  }
};

signals::signals() : shared_(std::make_shared<shared>()) {
  auto all = handled_signals();
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

signals::~signals() {
  if (!thread_.joinable())
    return;
  shared_->ending = true;
  pthread_kill(thread_.native_handle(), wake_signal);
  thread_.join();
}

void signals::start() {
  if (thread_.joinable())
    return;
  thread_ = std::thread{[state = shared_] {
    auto all = handled_signals();
    auto which = 0;
    while (sigwait(&all, &which) == 0 && !state->ending)
      if (which != wake_signal)
        state->handle(which);
  }};
}

bool signals::stopped() const noexcept {
  return shared_->stopped;
}

// -- listener -----------------------------------------------------------------

signals::listener::listener(signals& from, handler stop, handler reload)
  : from_(from) {
  {
    std::lock_guard guard{from_.shared_->mutex};
    from_.shared_->stop = std::move(stop);
    from_.shared_->reload = std::move(reload);
  }
  from_.start();
}

signals::listener::~listener() {
  std::lock_guard guard{from_.shared_->mutex};
  from_.shared_->stop = nullptr;
  from_.shared_->reload = nullptr;
}

} // namespace mcpool::app
