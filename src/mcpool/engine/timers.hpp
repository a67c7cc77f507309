// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/error.hpp>
#include <mcpool/engine/iface.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/engine/timer_wheel.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/type_id.hpp>

#include <boost/describe/class.hpp>

#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

namespace mcpool::engine {

/// Tells an actor that one of its timers fired. Private to an actor and its
/// `timer_set`; every actor with timers has it in its extended interface.
struct wakeup {
  std::uint64_t key = 0;
};

BOOST_DESCRIBE_STRUCT(wakeup, (), (key))

MCPOOL_INSPECT_NAMESPACE

/// The timers of one actor, as a member of its state: callbacks run inside the
/// actor, and what was cancelled never runs, not even when it already fired.
class timer_set {
public:
  using key = std::uint64_t;
  using callback = std::function<void()>;

  template <class Self>
  timer_set(Self* self, std::shared_ptr<timer_wheel> wheel)
    : self_(caf::actor_cast<caf::actor_addr>(self)),
      wheel_(std::move(wheel)) {}

  timer_set(const timer_set&) = delete;
  timer_set& operator=(const timer_set&) = delete;

  /// Cancels what is pending.
  ~timer_set();

  /// The instant of the pool's clock.
  time_point now() const { return wheel_->now(); }

  /// Runs `f` in the actor after a time; never 0.
  key set(duration after, callback f);

  /// Runs `f` in the actor at an instant, at once if it passed.
  key set_at(time_point at, callback f);

  /// Takes a timer back and clears `x`; does nothing for 0 and for what ran.
  void cancel(key& x);

  /// The handler of `wakeup`.
  void on_wakeup(wakeup x);

private:
  struct entry {
    timer_id id = 0;
    callback f;
  };

  caf::actor_addr self_;
  std::shared_ptr<timer_wheel> wheel_;
  key last_ = 0;
  std::unordered_map<key, entry> entries_;
};

} // namespace mcpool::engine

/// Private messages of the engine.
CAF_BEGIN_TYPE_ID_BLOCK(mcpool_engine_private,
                        caf::id_block::mcpool_engine::end)

CAF_ADD_TYPE_ID(mcpool_engine_private, (mcpool::engine::wakeup))

CAF_END_TYPE_ID_BLOCK(mcpool_engine_private)
