// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "probe.hpp"

#include <mcpool/engine/ask.hpp>

namespace mcpool::engine::sample {

probe::handle::behavior_type probe::make_behavior() {
  return {
    [](square x) { return number{x.value * x.value}; },
    [this](park) {
      parked.emplace_back(self);
      return parked.back().result();
    },
    [this](park_void) {
      parked_void.emplace_back(self);
      return parked_void.back().result();
    },
    [](const run_inside& x) { x.f(); },
    [this](wakeup x) { timers.on_wakeup(x); },
  };
}

ProbeTest::ProbeTest() {
  aut = spawn<probe>(harness.system(), harness.wheel(), &state);
}

ProbeTest::~ProbeTest() {
  end(aut);
  for (auto& x : guests_)
    end(x->handle);
  harness.run();
}

void ProbeTest::inside(std::function<void(probe&)> f) {
  post(aut, run_inside{[this, f = std::move(f)] { f(*state); }});
  harness.run();
}

probe::handle ProbeTest::another() {
  auto& x = *guests_.emplace_back(std::make_unique<guest>());
  x.handle = spawn<probe>(harness.system(), harness.wheel(), &x.state);
  return x.handle;
}

} // namespace mcpool::engine::sample
