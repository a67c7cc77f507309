// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "puppet.hpp"

namespace mcpool::actors::testing {

namespace {

// A class, because CAF 0.17 dereferences a null pointer for a function without
// arguments.
class dancer : public caf::event_based_actor {
public:
  using caf::event_based_actor::event_based_actor;

  caf::behavior make_behavior() override {
    return {[this](run_inside& x) { x.f(this); }};
  }
};

} // namespace

puppet::puppet(deterministic& harness)
  : harness_(harness),
    handle_(harness.system().spawn<dancer>()) {}

puppet::~puppet() {
  die();
}

void puppet::die() {
  engine::end(std::exchange(handle_, nullptr));
  harness_.run();
}

void puppet::inside(std::function<void(caf::event_based_actor*)> f) {
  engine::post(handle_, run_inside{std::move(f)});
}

} // namespace mcpool::actors::testing
