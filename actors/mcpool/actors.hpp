// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/iface.hpp>
#include <mcpool/messages/fwd.hpp>

// Every typed interface of the service and nothing else. The messages are
// documented where they are defined, in `mcpool/messages/<receiver>.hpp`; what
// an actor promises stands in `mcpool/actors/<actor>.hpp`.
//
//   POOL                one per node
//   ├── REGISTRY        server configurations and their changes
//   ├── THROTTLE        permits to start, fair between owners
//   └── REPOSITORY*     one per active owner scope
//       └── CONNECTION* one per server of that scope

namespace mcpool {

template <class F>
using fn = engine::fn<F>;

// -- what callers may supply --------------------------------------------------

/// CALLER: receives the progress of its calls.
using caller_interface = engine::fns<
  // The server reports how far a call is.
  fn<void(messages::caller::progress)>>;

/// CONFIG LISTENER: learns of every change of the configurations that its owner
/// can see.
using config_listener_interface = engine::fns<
  // A configuration is new or has changed.
  fn<void(messages::config_listener::config_changed)>,
  // A configuration is gone.
  fn<void(messages::config_listener::config_removed)>>;

// -- the tree -----------------------------------------------------------------

/// CONNECTION: one MCP session to one server for one owner.
using connection_interface = engine::fns<
  // Sends an MCP request and returns the server's result.
  fn<messages::connection::call_result(messages::connection::call)>,
  // Gives up a running call; it is answered with `cancelled`.
  fn<void(messages::connection::cancel)>,
  // Fetches all pages of a list, within the configured budgets.
  fn<messages::connection::list_result(messages::connection::list)>,
  // Takes no new calls, lets running ones finish, ends.
  fn<void(messages::connection::drain)>,
  // Is the server alive? One ping for any number of askers.
  fn<bool(messages::connection::verify)>,
  // What it is doing and why.
  fn<messages::connection::connection_status(messages::connection::status)>>;

/// REPOSITORY: the connections of one owner, made on demand and kept.
using repository_interface = engine::fns<
  // The connection to a server, started if there is none.
  fn<messages::repository::connection_ref(messages::repository::get)>,
  // May this owner connect to that server?
  fn<bool(messages::repository::has)>,
  // Many at once; each fails for itself.
  fn<messages::repository::connection_map(messages::repository::get_many)>,
  // What is connected now.
  fn<messages::repository::connection_map(messages::repository::get_loaded)>,
  // `get_many` over every server that this owner may use.
  fn<messages::repository::connection_map(messages::repository::get_all)>,
  // Ends one connection, whatever its phase.
  fn<void(messages::repository::disconnect)>,
  // Ends all of them.
  fn<void(messages::repository::disconnect_all)>,
  // `get` and a request to the server in one message.
  fn<messages::connection::call_result(messages::repository::call)>,
  // Gives up a call that came through this actor.
  fn<void(messages::repository::cancel)>,
  // `get` and a whole list in one message.
  fn<messages::connection::list_result(messages::repository::list)>,
  // One row per known server: why there is a connection, or none.
  fn<messages::repository::repository_status(messages::repository::status)>,
  // A configuration is new or has changed.
  fn<void(messages::config_listener::config_changed)>,
  // A configuration is gone.
  fn<void(messages::config_listener::config_removed)>>;

/// THROTTLE: the permits to be starting, node-wide and fair between owners.
using throttle_interface = engine::fns<
  // A permit, when it is this owner's turn.
  fn<messages::throttle::permit(messages::throttle::acquire)>,
  // Gives a permit back.
  fn<void(messages::throttle::release)>,
  // How many permits are in use and who waits.
  fn<messages::throttle::throttle_status(messages::throttle::status)>>;

/// REGISTRY: the single source of truth for configurations.
using registry_interface = engine::fns<
  // One configuration as an owner sees it.
  fn<config::server_config(messages::registry::find_config)>,
  // All of them.
  fn<messages::registry::config_view(messages::registry::all_configs)>,
  // Sets an application's own configuration over the one of the files.
  fn<void(messages::registry::put_config)>,
  // Takes it back.
  fn<void(messages::registry::erase_config)>,
  // All configurations of an owner now, and every change from now on.
  fn<messages::registry::config_view(messages::registry::subscribe)>,
  // Reads the files again.
  fn<void(messages::registry::reload)>>;

/// POOL: the root of the tree.
using pool_interface = engine::fns<
  // The REPOSITORY of an owner, started if there is none.
  fn<engine::iface<repository_interface>(messages::pool::find_repository)>,
  // The REGISTRY.
  fn<engine::iface<registry_interface>(messages::pool::find_registry)>,
  // The instant that deadlines are held against.
  fn<messages::pool::clock_reading(messages::pool::read_clock)>,
  // The state of everything.
  fn<messages::pool::pool_status(messages::pool::status)>,
  // Ends everything in order.
  fn<void(messages::pool::shutdown)>>;

/// NODE: what another process meets first, where a service listens.
using node_interface = engine::fns<
  // The build of this service, and its POOL.
  fn<messages::node::welcome(messages::node::greet)>>;

// -- handles ------------------------------------------------------------------

using caller_actor = engine::iface<caller_interface>;
using config_listener_actor = engine::iface<config_listener_interface>;
using connection_actor = engine::iface<connection_interface>;
using repository_actor = engine::iface<repository_interface>;
using throttle_actor = engine::iface<throttle_interface>;
using registry_actor = engine::iface<registry_interface>;
using pool_actor = engine::iface<pool_interface>;
using node_actor = engine::iface<node_interface>;

} // namespace mcpool
