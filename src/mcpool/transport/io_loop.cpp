// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/io_loop.hpp>

#include <boost/asio/post.hpp>

#include <csignal>
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

} // namespace

io_loop::io_loop()
  : thread_(start_without_signals([this] { context_.run(); })) {}

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

void io_loop::run_batch() {
  std::unique_lock guard{mutex_};
  auto jobs = std::exchange(batch_, {});
  guard.unlock();
  for (auto& x : jobs)
    x();
}

} // namespace mcpool::transport
