// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/bench/measure.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <future>
#include <utility>

namespace mcpool::bench {

/// One actor that keeps a number of requests open for a time. `Request` is
/// called with the actor and with what takes `true` for a right answer.
template <class Request>
class load_actor : public caf::event_based_actor {
public:
  load_actor(caf::actor_config& cfg, Request request, int concurrency,
             clock::time_point end, std::promise<load_result> done)
    : caf::event_based_actor(cfg),
      request_(std::move(request)),
      open_(concurrency),
      end_(end),
      done_(std::move(done)) {}

  caf::behavior make_behavior() override {
    for (auto n = open_; n > 0; --n)
      next(clock::now());
    return {};
  }

private:
  void next(clock::time_point now) {
    if (now < end_)
      request_(this, [this, now](bool ok) { on_answer(now, ok); });
    else if (--open_ == 0)
      done_.set_value(std::move(result_));
  }

  void on_answer(clock::time_point begin, bool ok) {
    auto now = clock::now();
    if (ok)
      result_.latency.add(now - begin);
    else
      ++result_.errors;
    next(now);
  }

  Request request_;
  int open_;
  clock::time_point end_;
  std::promise<load_result> done_;
  load_result result_;
};

/// Both phases of a closed loop of one actor.
template <class Request>
load_result measure(caf::actor_system& system, const load_plan& plan,
                    const Request& request) {
  return measure(plan, [&](std::chrono::nanoseconds limit) {
    std::promise<load_result> done;
    auto out = done.get_future();
    system.template spawn<load_actor<Request>>(
      request, plan.concurrency, clock::now() + limit, std::move(done));
    return out.get();
  });
}

/// One actor that makes `count` requests, at most `parallel` at a time.
/// `Request` is called with the actor, the number of the request, and what is
/// to be called when it was answered.
template <class Request>
class batch_actor : public caf::event_based_actor {
public:
  batch_actor(caf::actor_config& cfg, Request request, int count, int parallel,
              std::promise<histogram> done)
    : caf::event_based_actor(cfg),
      request_(std::move(request)),
      count_(count),
      parallel_(parallel),
      done_(std::move(done)) {}

  caf::behavior make_behavior() override {
    start_ = clock::now();
    while (next_ < std::min(parallel_, count_))
      next();
    return {};
  }

private:
  void next() {
    request_(this, next_++, [this] { on_answer(); });
  }

  void on_answer() {
    times_.add(clock::now() - start_);
    if (next_ < count_)
      next();
    if (++answered_ == count_)
      done_.set_value(std::move(times_));
  }

  Request request_;
  int count_;
  int parallel_;
  std::promise<histogram> done_;
  clock::time_point start_;
  int next_ = 0;
  int answered_ = 0;
  histogram times_;
};

/// Makes all requests and waits; returns when each was answered, from the
/// start of all. At least one.
template <class Request>
histogram run_batch(caf::actor_system& system, int count, int parallel,
                    Request request) {
  std::promise<histogram> done;
  auto out = done.get_future();
  system.template spawn<batch_actor<Request>>(std::move(request), count,
                                              parallel, std::move(done));
  return out.get();
}

} // namespace mcpool::bench
