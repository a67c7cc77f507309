// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/error.hpp>
#include <mcpool/engine/generation.hpp>
#include <mcpool/engine/node.hpp>
#include <mcpool/engine/timers.hpp>

#include <caf/actor_system_config.hpp>
#if MCPOOL_CAF1
#include <caf/init_global_meta_objects.hpp>
#endif

#include <cstdint>

namespace mcpool::engine {

/// Makes the engine's types and those of `Blocks` known to the process. CAF 1.x
/// wants it before any configuration object exists; does nothing in 0.17.
template <class... Blocks>
void init_types() {
#if MCPOOL_CAF1
  caf::core::init_global_meta_objects();
  init_node_types();
  caf::init_global_meta_objects<caf::id_block::mcpool_engine>();
  caf::init_global_meta_objects<caf::id_block::mcpool_engine_private>();
  (caf::init_global_meta_objects<Blocks>(), ...);
#endif
}

/// Makes the same types known to one configuration, and errors readable. CAF
/// 0.17 wants it; does nothing in 1.x. Call it in one source file only: it
/// instantiates a lot.
template <class... Blocks>
void add_types(caf::actor_system_config& cfg) {
#if MCPOOL_CAF1
  static_cast<void>(cfg);
#else
  cfg.add_message_types<caf::id_block::mcpool_engine>();
  cfg.add_message_types<caf::id_block::mcpool_engine_private>();
  (cfg.add_message_types<Blocks>(), ...);
  cfg.add_error_category(
    caf::make_error(errc::internal_error).category(),
    [](std::uint8_t code, caf::atom_value, const caf::message& context) {
      return render_error(code, context);
    });
#endif
}

/// Scheduler settings for a service that waits for I/O: a scheduler of our own
/// with CAF 0.17 (see `job_queue`), in 1.x policy `sharing`; a busy actor
/// yields after 50 messages; `threads` workers (0: one per core, at least 2).
void tune_scheduler(caf::actor_system_config& cfg, std::uint32_t threads);

} // namespace mcpool::engine
