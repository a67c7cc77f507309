// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/messages/types.hpp>

#include <mcpool/engine/system.hpp>

namespace mcpool::messages {

void init_types() {
  engine::init_types<caf::id_block::mcpool_messages>();
}

void add_types(caf::actor_system_config& cfg) {
  engine::add_types<caf::id_block::mcpool_messages>(cfg);
}

} // namespace mcpool::messages
