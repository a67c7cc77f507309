// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/puppet.hpp>

#include <mcpool/messages/types.hpp>

#include <caf/actor_cast.hpp>

#include <cstdint>
#include <map>

namespace mcpool::testkit {

using messages::config_listener::config_changed;
using messages::config_listener::config_removed;

// Shared by the test and the actor, which run on one thread. A job travels as
// its number, so that the testkit needs no message type of its own.
struct puppet::memory {
  using job = std::function<void(caf::event_based_actor*)>;

  std::map<std::uint64_t, job> jobs;
  std::uint64_t last_job = 0;
  std::vector<messages::caller::progress> progress;
  std::vector<config::server_config> changed;
  std::vector<server_name> removed;
};

// A class, because CAF 0.17 dereferences a null pointer for a function without
// arguments.
class puppet::role : public caf::event_based_actor {
public:
  role(caf::actor_config& cfg, std::shared_ptr<memory> x)
    : caf::event_based_actor(cfg),
      memory_(std::move(x)) {}

  caf::behavior make_behavior() override {
    return {
      [this](std::uint64_t number) { on_job(number); },
      [this](const messages::caller::progress& x) {
        memory_->progress.push_back(x);
      },
      [this](const config_changed& x) { memory_->changed.push_back(x.config); },
      [this](const config_removed& x) { memory_->removed.push_back(x.server); },
    };
  }

private:
  void on_job(std::uint64_t number) {
    auto job = memory_->jobs.extract(number);
    if (!job.empty())
      job.mapped()(this);
  }

  std::shared_ptr<memory> memory_;
};

puppet::puppet(engine::testing::deterministic& harness)
  : harness_(harness),
    memory_(std::make_shared<memory>()),
    life_(std::make_shared<char>()),
    handle_(harness.system().spawn<role>(memory_)) {}

puppet::~puppet() {
  die();
}

void puppet::inside(std::function<void(caf::event_based_actor*)> f) {
  auto number = ++memory_->last_job;
  memory_->jobs.emplace(number, std::move(f));
  engine::post(handle_, number);
}

void puppet::die() {
  life_.reset();
  engine::end(std::exchange(handle_, nullptr));
  harness_.run();
  memory_->jobs.clear();
}

caller_actor puppet::caller() const {
  return caf::actor_cast<caller_actor>(handle_);
}

config_listener_actor puppet::listener() const {
  return caf::actor_cast<config_listener_actor>(handle_);
}

const std::vector<messages::caller::progress>& puppet::progress() const {
  return memory_->progress;
}

const std::vector<config::server_config>& puppet::changed() const {
  return memory_->changed;
}

const std::vector<server_name>& puppet::removed() const {
  return memory_->removed;
}

} // namespace mcpool::testkit
