// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/time.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/error.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mcpool::engine {

// The only place that knows CAF's networking.

/// How often two nodes tell each other that they live.
inline constexpr duration heartbeat_interval = std::chrono::milliseconds{300};

/// A peer from which no byte arrives for so long is lost, whatever its sockets
/// say: its process may be stopped, or its machine gone. A message that is
/// still arriving is no silence.
inline constexpr duration peer_silence = std::chrono::milliseconds{1500};

/// Where a service listens.
struct node_address {
  std::string host = "127.0.0.1";
  /// 0 lets the system choose one.
  std::uint16_t port = 0;
};

/// Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` or `PORT`; without a host it is
/// the loopback interface. Fails with `invalid_request`.
result<node_address> parse_node_address(std::string_view text);

/// Prints `HOST:PORT`, an IPv6 address in brackets.
std::string to_string(const node_address& x);

/// Tells whether only this machine can reach the address: `localhost`,
/// `127.0.0.0/8` or `::1`.
bool is_loopback(const node_address& x);

/// Makes the types of CAF's networking known to the process. CAF 1.x wants it
/// before any configuration object exists; does nothing in 0.17.
void init_node_types();

/// Gives the systems of this configuration a node: they can publish and
/// connect. Costs a thread; a pool inside one process does not need it.
void load_node(caf::actor_system_config& cfg);

/// Lets other processes connect to `x` and returns the port. Fails with
/// `invalid_request` if the system has no node, and with `connect_failed` if
/// the address cannot be used.
result<std::uint16_t> publish(caf::actor_system& system, const caf::actor& x,
                              const node_address& at);

/// Takes that back; who is connected stays so.
void unpublish(caf::actor_system& system, const caf::actor& x,
               std::uint16_t port);

/// Connects to what another process published. Blocks for at most about
/// `limit`, name resolution aside; not from inside an actor.
///
/// Fails with `invalid_request` if the system has no node, `connect_failed` if
/// nobody listens there, `connect_timeout`, `protocol_violation` if the peer is
/// no CAF node, and `unsupported_version` if it is one of another generation.
result<caf::actor> connect(caf::actor_system& system, const node_address& to,
                           duration limit);

/// Tells whether an actor is gone because its node is: dead, or silent for
/// longer than `peer_silence`.
bool is_node_lost(const caf::error& why);

} // namespace mcpool::engine
