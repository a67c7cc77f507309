// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/transport/http_head.hpp>
#include <mcpool/transport/transport.hpp>

#include <string>
#include <string_view>

namespace mcpool::transport {

/// Why a request has no answer, and whether the server may have seen it.
struct http_failure {
  refusal why;
  delivery sent = delivery::maybe_sent;
  /// No connection could be made.
  bool unreachable = false;
};

/// What an answer that is no success means (MCP, "Streamable HTTP"; RFC 9110,
/// section 15). `origin` names the server, `body` is the beginning of what it
/// sent, `now` is for a `Retry-After` that is a date.
///
/// | status | code | sent |
/// |---|---|---|
/// | 401 | `needs_login` | no |
/// | 403 | `not_allowed` | no |
/// | 404, 405, 410 | `connect_failed` | no |
/// | 408 | `connect_failed` | no |
/// | 413 | `payload_too_large` | no |
/// | 429, 503 | `busy` | no |
/// | other 4xx | `protocol_violation` | no |
/// | other 5xx | `connect_failed` | maybe |
/// | everything else | `protocol_violation` | maybe |
///
/// `retry_after` is filled in for 408, 429 and 5xx.
http_failure failure_of(const http_head& head, std::string_view origin,
                        std::string_view body, time_point now);

/// Tells whether an answer to a request that carried a session id says that the
/// session is gone: 404, or 400 with a JSON-RPC error that names the session,
/// as the reference servers send it.
bool says_session_lost(int status, std::string_view body);

/// The part of an error body that people should read: the message of a JSON-RPC
/// error, or the beginning of the text; empty if there is nothing.
std::string explanation(std::string_view body);

} // namespace mcpool::transport
