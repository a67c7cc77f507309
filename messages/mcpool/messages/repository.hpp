// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/fingerprint.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/messages/caller.hpp>
#include <mcpool/messages/config_listener.hpp>
#include <mcpool/messages/connection.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mcpool::messages::repository {

// -- requests -----------------------------------------------------------------

/// Asks for the connection to a server, which is started if there is none. Any
/// number of concurrent `get`s of one server cause exactly one start.
///
/// Returns `connection_ref`, within the deadline whatever the server does.
/// Fails with `not_configured`, `not_allowed`, `busy`, `needs_login`,
/// `cooling_down` (at once, with `retry_after`), `connect_failed`,
/// `connect_timeout`, `handshake_failed`, `unsupported_version`,
/// `shutting_down`.
struct get {
  server_name server = {};
  /// When the caller stops waiting. If not given: after the server's
  /// `initTimeout`, counted from the permit, and as long before as its turn
  /// takes (at most one minute).
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(get, (), (server, until))

/// Asks whether this owner may connect to that server; nothing is asked of the
/// network. If not, no connection to it is left behind.
///
/// Returns `bool`.
struct has {
  server_name server = {};
};

BOOST_DESCRIBE_STRUCT(has, (), (server))

/// What `get_many` does with a failure.
enum class on_error : std::uint8_t {
  /// Goes on; the failure is one entry of the result.
  collect,
  /// Fails as a whole with the first failure; what was started stays.
  fail,
};

BOOST_DESCRIBE_ENUM(on_error, collect, fail)

/// Asks for many connections at once. All start together, limited by the
/// THROTTLE alone; names that occur twice count once.
///
/// Returns `connection_map`. Fails like `get` with `on_error::fail`, else with
/// `shutting_down` only.
struct get_many {
  std::vector<server_name> servers = {};
  deadline until = {};
  repository::on_error on_error = repository::on_error::collect;
};

BOOST_DESCRIBE_STRUCT(get_many, (), (servers, until, on_error))

/// Asks what is connected now. Starts nothing, ends nothing.
///
/// Returns `connection_map` without refusals.
struct get_loaded {};

BOOST_DESCRIBE_STRUCT(get_loaded, (), ())

/// `get_many` over every server that this owner may use.
///
/// Returns `connection_map`.
struct get_all {
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(get_all, (), (until))

/// Ends the connection to a server, also one that is only starting; callers
/// that wait for it are refused with `cancelled`. Running calls fail with
/// `connection_lost`. Does nothing if there is none.
///
/// Returns `void` when it is gone. Errors of the closing are logged only. Fails
/// with `busy` if too many wait for that; it ends all the same.
struct disconnect {
  server_name server = {};
};

BOOST_DESCRIBE_STRUCT(disconnect, (), (server))

/// Why everything is to be ended.
enum class disconnect_cause : std::uint8_t {
  /// Somebody wants so; a later `get` starts afresh.
  request,
  /// The service ends; from now on `get` is refused with `shutting_down`.
  shutdown,
};

BOOST_DESCRIBE_ENUM(disconnect_cause, request, shutdown)

/// Ends all connections of this owner.
///
/// Returns `void` when everything is closed. Fails with `busy` like
/// `disconnect`.
struct disconnect_all {
  disconnect_cause cause = disconnect_cause::request;
  /// How long running calls may go on; not at all if not given.
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(disconnect_all, (), (cause, until))

/// `get` and a request to the server in one message, so that nobody holds a
/// connection that is replaced meanwhile.
///
/// Returns `call_result`. Fails like `get` and like the CONNECTION's `call`.
struct call {
  server_name server = {};
  std::string method = {};
  shared_text params = {};
  deadline until = {};
  shared_text meta = {};
  caller_actor progress = {};
  call_id id = {};
};

BOOST_DESCRIBE_STRUCT(call, (),
                      (server, method, params, until, meta, progress, id))

/// Gives up the sender's call of this id to that server.
struct cancel {
  server_name server = {};
  call_id id = {};
};

BOOST_DESCRIBE_STRUCT(cancel, (), (server, id))

/// `get` and a whole list in one message.
///
/// Returns `list_result`. Fails like `get` and like the CONNECTION's `list`.
struct list {
  server_name server = {};
  std::string method = {};
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(list, (), (server, method, until))

/// Asks why there are connections, or none. Returns `repository_status`. Fails
/// with `busy` if too many ask at once.
struct status {};

BOOST_DESCRIBE_STRUCT(status, (), ())

// -- replies ------------------------------------------------------------------

/// Which generation of the protocol a server speaks.
enum class era : std::uint8_t {
  /// Handshake and sessions: 2024-11-05 to 2025-11-25.
  legacy,
  /// Stateless: 2026-07-28.
  modern,
};

BOOST_DESCRIBE_ENUM(era, legacy, modern)

/// A connection that is ready. It may end at any time: then its calls fail, and
/// the next `get` finds or makes another.
struct connection_ref {
  connection_actor connection = {};
  server_name server = {};
  /// Of the configuration that it was made with.
  mcpool::fingerprint fingerprint = {};
  repository::era era = repository::era::legacy;
  /// The revision of MCP that was agreed on.
  std::string protocol_version = {};
  /// What the server offers, its JSON object as text.
  shared_text capabilities = {};
};

BOOST_DESCRIBE_STRUCT(connection_ref, (),
                      (connection, server, fingerprint, era, protocol_version,
                       capabilities))

/// Connections by name, and why the others are missing.
struct connection_map {
  std::map<server_name, connection_ref> connections = {};
  std::map<server_name, refusal> refusals = {};
};

BOOST_DESCRIBE_STRUCT(connection_map, (), (connections, refusals))

/// One owner's servers, sorted by name.
struct repository_status {
  owner_scope owner = {};
  std::vector<connection::connection_status> servers = {};
};

BOOST_DESCRIBE_STRUCT(repository_status, (), (owner, servers))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::repository
