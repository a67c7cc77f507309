// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string_view>

namespace mcpool {
inline namespace core {

/// Why there is no connection, or no answer. Every value is documented in
/// `docs/errors.md`; values are appended, never renumbered.
enum class errc : std::uint8_t {
  /// No server of this name is configured for the owner.
  not_configured = 1,
  /// The server exists, but this owner may not connect to it.
  not_allowed,
  /// The configuration cannot be used.
  invalid_config,
  /// A bounded resource is exhausted; the text carries the numbers.
  busy,
  /// The server failed lately; it is asked again at `retry_after`.
  cooling_down,
  /// The server wants an authorization that nobody gave yet.
  needs_login,
  /// The server could not be reached or started.
  connect_failed,
  /// There was no connection before the deadline.
  connect_timeout,
  /// The server was reached, but did not complete the MCP handshake.
  handshake_failed,
  /// The server offers no protocol version that mcpool speaks.
  unsupported_version,
  /// The connection ended before the answer came.
  connection_lost,
  /// The connection is being replaced and takes no new calls.
  superseded,
  /// The answer did not come before the deadline.
  call_timed_out,
  /// The caller cancelled the call.
  cancelled,
  /// The server answered with a JSON-RPC error.
  remote_error,
  /// A message, body, list or argument exceeds its bound.
  payload_too_large,
  /// The peer broke the rules of the protocol.
  protocol_violation,
  /// The service is ending.
  shutting_down,
  /// The store could not be read or written.
  store_failed,
  /// The server did not offer the capability that the method needs.
  not_supported,
  /// The request itself is malformed, for example params that are no JSON.
  invalid_request,
  /// The service dropped the request; a defect of the service.
  internal_error,
};

BOOST_DESCRIBE_ENUM(errc, not_configured, not_allowed, invalid_config, busy,
                    cooling_down, needs_login, connect_failed, connect_timeout,
                    handshake_failed, unsupported_version, connection_lost,
                    superseded, call_timed_out, cancelled, remote_error,
                    payload_too_large, protocol_violation, shutting_down,
                    store_failed, not_supported, invalid_request,
                    internal_error)

} // namespace core
} // namespace mcpool
