// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/testing.hpp>

#include <mcpool/engine/generation.hpp>

#include <caf/actor_registry.hpp>
#include <caf/actor_system_config.hpp>
#if MCPOOL_CAF1
#include <caf/test/fixture/deterministic.hpp>
#include <caf/test/reporter.hpp>
#else
#include <caf/scheduler/test_coordinator.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace mcpool::engine::testing {

namespace {

constexpr auto tick = std::chrono::milliseconds{10};

// Runs a function once; without a behavior an actor lives for its answers only.
class once : public caf::event_based_actor {
public:
  using body = std::function<void(caf::event_based_actor*)>;

  once(caf::actor_config& cfg, body f)
    : caf::event_based_actor(cfg),
      f_(std::move(f)) {}

  caf::behavior make_behavior() override {
    f_(this);
    return {};
  }

private:
  body f_;
};

} // namespace

#if MCPOOL_CAF1

struct deterministic::backend {
  backend() {
    static auto reporter = [] {
      auto out = caf::test::reporter::make_default();
      out->verbosity(0);
      return out;
    }();
    caf::test::reporter::instance(reporter.get());
    fixture.emplace();
  }

  caf::actor_system& system() { return fixture->sys; }

  bool step() { return fixture->dispatch_message(); }

  void advance(duration by) { fixture->advance_time(by); }

  void finish() { fixture->dispatch_messages(); }

  std::optional<caf::test::fixture::deterministic> fixture;
};

#else

struct deterministic::backend {
  backend() {
    cfg.set("scheduler.policy", caf::atom("testing"));
    cfg.set("logger.inline-output", true);
    sys = std::make_unique<caf::actor_system>(cfg);
  }

  caf::actor_system& system() { return *sys; }

  caf::scheduler::test_coordinator& coordinator() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(sys->scheduler());
  }

  bool step() { return coordinator().try_run_once(); }

  void advance(duration by) { coordinator().advance_time(by); }

  void finish() {
    coordinator().clock().cancel_all();
    coordinator().run();
  }

  caf::actor_system_config cfg;
  std::unique_ptr<caf::actor_system> sys;
};

#endif

deterministic::deterministic()
  : wheel_(std::make_shared<timer_wheel>(timer_wheel::mode::manual)),
    backend_(std::make_unique<backend>()) {}

deterministic::~deterministic() {
  backend_->finish();
  auto left = system().registry().running();
  if (left == 0)
    return;
  std::fprintf(stderr, "deterministic: %zu actors are left; end them\n", left);
  std::abort();
}

caf::actor_system& deterministic::system() {
  return backend_->system();
}

std::size_t deterministic::run() {
  std::size_t steps = 0;
  while (step())
    ++steps;
  return steps;
}

bool deterministic::step() {
  return backend_->step();
}

void deterministic::advance(duration by) {
  run();
  while (by > duration::zero()) {
    auto part = std::min(by, duration{tick});
    wheel_->advance(part);
    backend_->advance(part);
    run();
    by -= part;
  }
}

caf::actor
deterministic::start(std::function<void(caf::event_based_actor*)> f) {
  return system().spawn<once>(std::move(f));
}

std::string render(const caf::actor_system_config& cfg, const caf::error& why) {
#if MCPOOL_CAF1
  static_cast<void>(cfg);
  return to_string(why);
#else
  return cfg.render(why);
#endif
}

} // namespace mcpool::engine::testing
