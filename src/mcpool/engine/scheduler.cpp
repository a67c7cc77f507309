// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/scheduler.hpp>

#include <mcpool/engine/generation.hpp>
#include <mcpool/engine/idle_work.hpp>

#if !MCPOOL_CAF1
#include <mcpool/engine/job_queue.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/policy/unprofiled.hpp>
#include <caf/scheduler/coordinator.hpp>
#endif

namespace mcpool::engine {

#if MCPOOL_CAF1

// The schedulers of CAF 1.x are closed.

void load_scheduler(caf::actor_system_config&) {}

bool lend_workers(caf::actor_system&, idle_work&) {
  return false;
}

void take_back_workers(caf::actor_system&, idle_work&) {}

void invite_worker(caf::actor_system&) {}

#else

namespace {

/// CAF's names for what a `job_queue` does.
class queue_policy : public caf::policy::unprofiled {
public:
  struct coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator*) {}

    job_queue queue;
  };

  struct worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator*) {}
  };

  template <class Coordinator>
  void central_enqueue(Coordinator* self, caf::resumable* job) {
    self->data().queue.push(job);
  }

  template <class Worker>
  void external_enqueue(Worker* self, caf::resumable* job) {
    self->parent()->data().queue.push(job);
  }

  template <class Worker>
  void internal_enqueue(Worker* self, caf::resumable* job) {
    self->parent()->data().queue.push(job);
  }

  template <class Worker>
  void resume_job_later(Worker* self, caf::resumable* job) {
    self->parent()->data().queue.push(job);
  }

  template <class Worker>
  caf::resumable* dequeue(Worker* self) {
    return self->parent()->data().queue.pop();
  }

  template <class Worker, class F>
  void foreach_resumable(Worker*, F) {}

  template <class Coordinator, class F>
  void foreach_central_resumable(Coordinator* self, F f) {
    while (auto job = self->data().queue.try_pop())
      f(job);
  }
};

using coordinator = caf::scheduler::coordinator<queue_policy>;

job_queue* queue_of(caf::actor_system& system) {
  auto ours = dynamic_cast<coordinator*>(&system.scheduler());
  return ours ? &ours->data().queue : nullptr;
}

} // namespace

void load_scheduler(caf::actor_system_config& cfg) {
  cfg.load<coordinator>();
}

bool lend_workers(caf::actor_system& system, idle_work& to) {
  auto queue = queue_of(system);
  return queue && queue->lend(to);
}

void take_back_workers(caf::actor_system& system, idle_work& from) {
  if (auto queue = queue_of(system))
    queue->take_back(from);
}

void invite_worker(caf::actor_system& system) {
  if (auto queue = queue_of(system))
    queue->invite();
}

#endif

} // namespace mcpool::engine
