// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/config_source.hpp>
#include <mcpool/config/load.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/messages/types.hpp>
#include <mcpool/policy/connection_phase.hpp>
#include <mcpool/protocol/message.hpp>
#include <mcpool/transport/transport.hpp>

#include <caf/actor_addr.hpp>
#include <caf/type_id.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mcpool::actors {

/// What the actors tell each other and nobody else. These messages stay inside
/// the process.

// -- CONNECTION: from its transport -------------------------------------------

/// The transport can send.
struct opened {};

/// Nothing is where the server should be. The next event says why.
struct unreachable {};

/// There will be no answer to a request.
struct exchange_failed {
  std::int64_t id = 0;
  refusal why;
  transport::delivery sent = transport::delivery::maybe_sent;
};

/// Nothing of these requests was written, and the transport is at its end.
struct unsent {
  std::vector<std::int64_t> ids;
};

/// The server forgot the session.
struct session_lost {};

/// The server printed something that is no message.
struct noise {
  std::string sample;
};

/// The transport ended.
struct closed {
  refusal why;
};

/// What happened on the I/O loop.
struct transport_event {
  using content
    = std::variant<opened, protocol::message, std::vector<protocol::message>,
                   unreachable, exchange_failed, unsent, session_lost, noise,
                   closed>;
  std::shared_ptr<const content> what;
};

// -- CONNECTION: from its REPOSITORY ------------------------------------------

/// A caller gave up a call that may be here, or at another CONNECTION to the
/// same server.
struct call_abandoned {
  caf::actor_addr caller;
  call_id id;
};

/// Another CONNECTION takes the place of this one: calls that wait for their
/// turn go there.
struct hand_over {};

/// The REPOSITORY knows that the CONNECTION is closed, and sends nothing more.
struct farewell {};

/// Ends the CONNECTION, if it still has no calls. Otherwise it reports its
/// phase again. From the POOL: ends the REPOSITORY, if it has had nothing to do
/// for `scopeIdleTimeout`.
struct end_if_idle {};

// -- REPOSITORY: from its CONNECTIONs -----------------------------------------

/// How a CONNECTION came to its end.
enum class ending_cause : std::uint8_t {
  /// It was told to end, or its turn to start did not come.
  no_fault,
  /// The server could not be started, reached or agreed with.
  start_failed,
  /// The same, but for a reason that can pass in a moment: the network, or a
  /// server that answers HTTP 429 or 5xx.
  start_disturbed,
  /// The server was ready, and is gone.
  lost,
};

/// What went over one CONNECTION, or over all to one server.
struct traffic {
  /// Requests of callers that were answered, and those that failed.
  std::uint64_t calls_finished = 0;
  std::uint64_t calls_failed = 0;
  /// Of all messages, without what frames them.
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;

  traffic& operator+=(const traffic& x) noexcept {
    calls_finished += x.calls_finished;
    calls_failed += x.calls_failed;
    bytes_sent += x.bytes_sent;
    bytes_received += x.bytes_received;
    return *this;
  }
};

/// A CONNECTION entered a phase.
struct phase_changed {
  server_name server;
  /// Tells the CONNECTIONs of one server apart.
  std::uint64_t incarnation = 0;
  policy::connection_phase phase = policy::connection_phase::on_demand;
  /// Why it ends, when it does.
  std::optional<refusal> why;
  ending_cause cause = ending_cause::no_fault;
  /// How to use it, once it is `ready`.
  messages::repository::connection_ref ref;
  /// Everything it did, once it is `closed`.
  traffic total = {};
};

/// A CONNECTION has had no calls for `idleTimeout`.
struct went_idle {
  server_name server;
  std::uint64_t incarnation = 0;
};

// -- REGISTRY: from its files -------------------------------------------------

/// The files were read.
struct config_loaded {
  std::shared_ptr<const config::load_outcome> outcome;
  read_cause cause = read_cause::noticed;
};

} // namespace mcpool::actors

CAF_BEGIN_TYPE_ID_BLOCK(mcpool_actors, caf::id_block::mcpool_messages::end)

CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::transport_event))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::phase_changed))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::config_loaded))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::call_abandoned))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::hand_over))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::farewell))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::end_if_idle))
CAF_ADD_TYPE_ID(mcpool_actors, (mcpool::actors::went_idle))

CAF_END_TYPE_ID_BLOCK(mcpool_actors)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::transport_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::phase_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::config_loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::call_abandoned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::hand_over)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::farewell)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::end_if_idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::went_idle)
