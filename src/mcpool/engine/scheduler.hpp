// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <caf/fwd.hpp>

namespace mcpool::engine {

/// Lets actor systems of this configuration use a scheduler of ours, whatever
/// its option `scheduler.policy` says. Does nothing in CAF 1.x.
void load_scheduler(caf::actor_system_config& cfg);

} // namespace mcpool::engine
