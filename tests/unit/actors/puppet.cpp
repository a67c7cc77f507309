// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "puppet.hpp"

namespace mcpool::actors::testing {

namespace {

caf::behavior dance(caf::event_based_actor* self) {
  return {[self](run_inside& x) { x.f(self); }};
}

} // namespace

puppet::puppet(deterministic& harness)
  : harness_(harness),
    handle_(harness.system().spawn(dance)) {}

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
