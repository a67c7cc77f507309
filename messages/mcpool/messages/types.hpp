// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/messages/caller.hpp>
#include <mcpool/messages/config_listener.hpp>
#include <mcpool/messages/connection.hpp>
#include <mcpool/messages/node.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>
#include <mcpool/messages/throttle.hpp>

#include <caf/type_id.hpp>

/// Every type that travels. Append only: the order is part of what two nodes
/// must agree on.
CAF_BEGIN_TYPE_ID_BLOCK(mcpool_messages,
                        caf::id_block::mcpool_engine_private::end)

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::caller_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::config_listener_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::connection_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::repository_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::throttle_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::registry_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::pool_actor))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::config::server_config))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::caller::progress))

CAF_ADD_TYPE_ID(mcpool_messages,
                (mcpool::messages::config_listener::config_changed))
CAF_ADD_TYPE_ID(mcpool_messages,
                (mcpool::messages::config_listener::config_removed))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::call))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::cancel))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::list))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::drain))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::verify))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::status))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::call_result))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::connection::list_result))
CAF_ADD_TYPE_ID(mcpool_messages,
                (mcpool::messages::connection::connection_status))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::get))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::has))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::get_many))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::get_loaded))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::get_all))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::disconnect))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::disconnect_all))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::call))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::cancel))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::list))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::status))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::connection_ref))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::repository::connection_map))
CAF_ADD_TYPE_ID(mcpool_messages,
                (mcpool::messages::repository::repository_status))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::throttle::acquire))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::throttle::release))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::throttle::status))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::throttle::permit))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::throttle::throttle_status))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::find_config))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::all_configs))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::put_config))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::erase_config))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::subscribe))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::reload))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::registry::config_view))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::find_repository))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::find_registry))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::status))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::shutdown))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::pool_status))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::node_actor))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::node::greet))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::node::welcome))

CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::read_clock))
CAF_ADD_TYPE_ID(mcpool_messages, (mcpool::messages::pool::clock_reading))

CAF_END_TYPE_ID_BLOCK(mcpool_messages)

namespace mcpool::messages {

/// Makes mcpool's messages known to the process. Call it first in `main`,
/// before any CAF configuration exists (CAF 1.x wants it so).
void init_types();

/// Makes them known to a configuration (CAF 0.17 wants it so).
void add_types(caf::actor_system_config& cfg);

} // namespace mcpool::messages
