// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "filler.hpp"

#include <mcpool/engine/ask.hpp>

namespace mcpool::messages {

filler::~filler() {
  for (const auto& x : actors_)
    engine::end(x);
  harness_.run();
}

// An actor that understands nothing: only who it is matters.
const caf::actor& filler::any_actor() {
  auto idle
    = [](caf::event_based_actor* self) { self->become([](const refusal&) {}); };
  return actors_.emplace_back(harness_.start(idle));
}

} // namespace mcpool::messages
