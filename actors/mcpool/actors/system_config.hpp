// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <caf/actor_system_config.hpp>

#include <cstdint>

namespace mcpool::actors {

/// Makes every type of mcpool known to the process. CAF 1.x wants it before any
/// configuration object exists, so call it first in `main`.
void init_types();

/// Makes every type of mcpool known to a configuration of your own, and its
/// errors readable.
void add_types(caf::actor_system_config& cfg);

namespace detail {

// Runs before the base class that comes after it.
struct types_first {
  types_first() { init_types(); }
};

} // namespace detail

/// Whether a system can publish its pool to other processes, and connect to
/// theirs.
enum class reach : std::uint8_t {
  /// Not: a pool in one process needs no networking of CAF.
  local,
  /// Yes, as `node::load` says.
  with_node,
};

/// A CAF configuration for a system that runs a pool and nothing that needs
/// other settings: types, and a scheduler for a service that waits for I/O. An
/// application with a configuration of its own calls `init_types` and
/// `add_types` instead.
class system_config : private detail::types_first,
                      public caf::actor_system_config {
public:
  /// `threads` of the scheduler; 0 for one per core, at least 2.
  explicit system_config(std::uint32_t threads = 0, reach how = reach::local);
};

} // namespace mcpool::actors
