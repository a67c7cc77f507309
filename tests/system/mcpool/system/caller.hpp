// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace mcpool::system {

/// What became of the requests of many callers.
struct tally {
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
};

/// Asks a REPOSITORY one thing and waits, until it is ended.
template <class Reply, class Request>
class caller : public caf::event_based_actor {
public:
  caller(caf::actor_config& cfg, repository_actor to, Request x,
         std::shared_ptr<tally> count)
    : caf::event_based_actor(cfg),
      to_(std::move(to)),
      request_(std::move(x)),
      count_(std::move(count)) {}

  caf::behavior make_behavior() override {
    engine::ask(this, to_, std::move(request_))
      .then([count = count_](const Reply&) { ++count->answered; },
            [count = count_](const caf::error&) { ++count->refused; });
    return {[](caf::unit_t) {}};
  }

private:
  repository_actor to_;
  Request request_;
  std::shared_ptr<tally> count_;
};

} // namespace mcpool::system
