// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/io_loop.hpp>

#include <mcpool/core/log.hpp>

#include <boost/asio/post.hpp>

#include <csignal>
#include <exception>
#include <functional>
#include <string_view>
#include <utility>

namespace mcpool::transport {

namespace {

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

/// Runs `f`; false if it threw. Whoever needs much memory catches that itself.
template <class F>
bool survives(F f) {
  try {
    f();
    return true;
  } catch (const std::exception& e) {
    log::transport::error("loop-exception",
                          "The I/O loop goes on without a step that failed: ",
                          std::string_view{e.what()});
    return false;
  }
}

} // namespace

io_loop::io_loop() : thread_(start_without_signals([this] { run(); })) {}

io_loop::~io_loop() {
  busy_.reset();
  thread_.join();
}

void io_loop::post(job x) {
  std::unique_lock guard{mutex_};
  batch_.push_back(std::move(x));
  auto first = batch_.size() == 1;
  guard.unlock();
  if (first)
    boost::asio::post(context_, [this] { run_batch(); });
}

void io_loop::run() {
  while (!survives([this] { context_.run(); })) {
  }
}

void io_loop::run_batch() {
  std::unique_lock guard{mutex_};
  auto jobs = std::exchange(batch_, {});
  guard.unlock();
  for (auto& x : jobs)
    survives(std::ref(x));
}

} // namespace mcpool::transport
