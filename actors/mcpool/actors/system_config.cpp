// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/system_config.hpp>

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/engine/system.hpp>

namespace mcpool::actors {

void init_types() {
  engine::init_types<caf::id_block::mcpool_messages,
                     caf::id_block::mcpool_actors>();
}

void add_types(caf::actor_system_config& cfg) {
  engine::add_types<caf::id_block::mcpool_messages,
                    caf::id_block::mcpool_actors>(cfg);
}

system_config::system_config(std::uint32_t threads, reach how) {
  add_types(*this);
  engine::tune_scheduler(*this, threads);
  if (how == reach::with_node)
    engine::load_node(*this);
}

} // namespace mcpool::actors
