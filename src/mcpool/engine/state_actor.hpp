// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/generation.hpp>

#include <caf/actor_config.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <utility>

namespace mcpool::engine {

/// An actor whose state is an ordinary class.
///
/// `State` has `using handle`, `static constexpr const char* name`, a
/// constructor that takes `handle::pointer` and what the spawner passes, and
/// `make_behavior()`. The state is destroyed when the actor ends, whoever still
/// holds a handle: parked replies fail and children end at that moment.
template <class State>
class state_actor final : public State::handle::base {
public:
  using super = typename State::handle::base;

  template <class... Ts>
  explicit state_actor(caf::actor_config& cfg, Ts&&... xs) : super(cfg) {
    state_.emplace(static_cast<typename State::handle::pointer>(this),
                   std::forward<Ts>(xs)...);
  }

  const char* name() const override { return State::name; }

  void on_exit() override { state_.reset(); }

  typename State::handle::behavior_type make_behavior() override {
    return state_->make_behavior();
  }

private:
  std::optional<State> state_;
};

/// Starts an actor with the state `State` from a system or from a parent.
template <class State, class From, class... Ts>
typename State::handle spawn(From& from, Ts&&... xs) {
  return from.template spawn<state_actor<State>>(std::forward<Ts>(xs)...);
}

} // namespace mcpool::engine
