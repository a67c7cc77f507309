// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/signals.hpp>

#include <mcpool/app/exit_code.hpp>

#include <atomic>
#include <csignal>
#include <cstdlib>
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

void signals::listen(handler stop, handler reload) {
  thread_ = std::thread{
    [state = shared_, stop = std::move(stop), reload = std::move(reload)] {
      auto all = handled_signals();
      auto which = 0;
      while (sigwait(&all, &which) == 0 && !state->ending) {
        if (which == SIGHUP)
          reload();
        else if (which != wake_signal && state->stopped.exchange(true))
          std::_Exit(exit_code::interrupted);
        else if (which != wake_signal)
          stop();
      }
    }};
}

bool signals::stopped() const noexcept {
  return shared_->stopped;
}

} // namespace mcpool::app
