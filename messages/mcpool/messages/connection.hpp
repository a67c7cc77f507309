// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/messages/caller.hpp>
#include <mcpool/messages/inspect_policy.hpp>
#include <mcpool/policy/connection_phase.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace mcpool::messages::connection {

// -- requests -----------------------------------------------------------------

/// Asks the server. Sent by anybody who holds a `connection_ref`; the
/// REPOSITORY forwards its own `call` like this.
///
/// Returns `call_result`. Fails with `invalid_request` (method or params),
/// `not_supported` (the server lacks the capability), `busy`, `call_timed_out`,
/// `cancelled`, `remote_error`, `connection_lost`, `superseded`,
/// `payload_too_large`, `protocol_violation`, `needs_login`.
///
/// At most `maxInFlight` calls are with the server; further ones wait, up to
/// `maxCallsPerConnection` together, and their time runs. What still waits when
/// the connection is lost was not written, and goes to the next connection; it
/// is answered like the REPOSITORY's `call` then.
struct call {
  /// An MCP method, for example `tools/call`.
  std::string method = {};
  /// Its params, a JSON object as text; empty for none.
  shared_text params = {};
  /// When the caller stops waiting; the configured `timeout` if not given.
  deadline until = {};
  /// Merged into `params._meta`, a JSON object as text; empty for none.
  shared_text meta = {};
  /// Learns of the progress; null if nobody wants to know.
  caller_actor progress = {};
  /// Chosen by the caller, for `cancel` and `progress`.
  call_id id = {};
};

BOOST_DESCRIBE_STRUCT(call, (), (method, params, until, meta, progress, id))

/// Gives up the sender's call of this id. The server is told the way its
/// revision wants; the call is answered with `cancelled`. Does nothing if there
/// is no such call.
struct cancel {
  call_id id = {};
};

BOOST_DESCRIBE_STRUCT(cancel, (), (id))

/// Fetches a whole list: `tools/list`, `prompts/list`, `resources/list` or
/// `resources/templates/list`, page by page. A server without the capability
/// has an empty list and is not asked.
///
/// Returns `list_result`. Fails like `call`; past a budget of the configuration
/// (pages, items, bytes, time) with `payload_too_large` or `call_timed_out`.
struct list {
  std::string method = {};
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(list, (), (method, until))

/// Ends the connection in order: new calls fail with `superseded`, running ones
/// finish or fail at the deadline, then session and process end.
///
/// Sent by the REPOSITORY; anybody may. Returns `void` when everything is gone.
struct drain {
  deadline until = {};
};

BOOST_DESCRIBE_STRUCT(drain, (), (until))

/// Asks whether the server is alive. Any number of askers cause one ping; an
/// answer is remembered for `livenessTtl`, and a failure ends the connection.
///
/// Returns `bool`.
struct verify {};

BOOST_DESCRIBE_STRUCT(verify, (), ())

/// Asks what the connection is doing. Returns `connection_status`.
struct status {};

BOOST_DESCRIBE_STRUCT(status, (), ())

// -- replies ------------------------------------------------------------------

/// What the server answered.
struct call_result {
  /// The `result` of the answer, the bytes that the server sent.
  shared_text json = {};
};

BOOST_DESCRIBE_STRUCT(call_result, (), (json))

/// A whole list.
struct list_result {
  /// A JSON array of the items, in the order of the server, each as it sent it.
  shared_text items = {};
  /// How many there are.
  std::uint32_t count = 0;
  /// How many pages they came in.
  std::uint32_t pages = 0;
};

BOOST_DESCRIBE_STRUCT(list_result, (), (items, count, pages))

/// One row of the status: a server of one owner.
struct connection_status {
  server_name server = {};
  policy::connection_phase phase = policy::connection_phase::on_demand;
  /// When the phase began; the epoch if the server was never used.
  time_point since{};
  /// The revision of the configuration it was started with; 0 for none.
  std::uint64_t revision = 0;
  /// The revision of the configuration in force; 0 if it is removed.
  std::uint64_t config_revision = 0;
  /// What was agreed on; empty before `ready`.
  std::string protocol_version = {};
  /// Name and version of the server; empty before `ready`.
  std::string server_info = {};
  /// The command or the URL, for people.
  std::string endpoint = {};
  /// Calls that the server works on, at most `maxInFlight`.
  std::uint32_t calls_in_flight = 0;
  /// Calls that wait for their turn.
  std::uint32_t calls_queued = 0;
  /// Callers that wait for this connection.
  std::uint32_t waiting = 0;
  /// Since when the first of them waits; the epoch if nobody does.
  time_point waiting_since{};
  /// Calls so far, over all connections of this owner to this server; each page
  /// of a list is one. In the status of a CONNECTION, over this one.
  std::uint64_t calls_finished = 0;
  std::uint64_t calls_failed = 0;
  /// Bytes of all messages so far, like the calls.
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  /// Why the last start or connection failed.
  std::optional<refusal> last_error = {};
  /// Attempts of the start that runs.
  std::uint32_t attempts = 0;
  /// Starts that failed in a row.
  std::uint32_t failed_starts = 0;
  /// When the server may be asked again; the epoch if nothing is in the way.
  time_point next_retry_at{};
};

BOOST_DESCRIBE_STRUCT(connection_status, (),
                      (server, phase, since, revision, config_revision,
                       protocol_version, server_info, endpoint, calls_in_flight,
                       calls_queued, waiting, waiting_since, calls_finished,
                       calls_failed, bytes_sent, bytes_received, last_error,
                       attempts, failed_starts, next_retry_at))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::connection
