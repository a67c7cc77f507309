// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <caf/fwd.hpp>

#include <atomic>
#include <cstddef>

namespace mcpool::engine {

/// What a worker of the scheduler does while there is no job for it: it waits
/// for the events of something else, and what they cause runs on its thread
/// without waking another one.
class idle_work {
public:
  virtual ~idle_work() = default;

  /// Waits and works on the calling thread until `jobs` is greater than 0 or
  /// `interrupt` was called. False at once if another thread does it;
  /// `invite_worker` then says when it is worth another try.
  virtual bool wait(const std::atomic<std::size_t>& jobs) = 0;

  /// Lets `wait` return soon; if nobody is inside, that of the next caller.
  /// From any thread.
  virtual void interrupt() = 0;
};

/// Gives the idle workers of `system` something to do, until
/// `take_back_workers`. False if they have something already, or if the
/// scheduler knows no such thing: CAF 1.x, and the deterministic one of tests.
bool lend_workers(caf::actor_system& system, idle_work& to);

/// Waits until no worker is inside. Not from an actor, nor from inside `wait`.
void take_back_workers(caf::actor_system& system, idle_work& from);

/// Wakes a sleeping worker, if there is one, so that it tries `wait` again.
/// From any thread, while the workers are lent.
void invite_worker(caf::actor_system& system);

} // namespace mcpool::engine
