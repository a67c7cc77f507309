// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/protocol/message.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::protocol {

/// What `decode` accepts at most.
struct decode_limits {
  /// The length of the text in bytes.
  std::size_t bytes = 16 * 1024 * 1024;
  /// Arrays and objects inside each other.
  std::size_t depth = 128;
  /// Messages in one array.
  std::size_t batch = 1000;
};

/// Reads one message, or an array of messages (JSON-RPC 2.0, section 6; every
/// revision of MCP lets a client receive them). The payloads are slices of
/// `bytes` and share its memory.
///
/// A message has `"jsonrpc": "2.0"` and is exactly one of request,
/// notification, result and error; members of other names are ignored. The id
/// is a string or an integer; only an error may go without or have `null`.
/// Since many servers write absent members as `null`, `params`, `error` beside
/// a result and `result` beside an error count as absent when they are `null`.
///
/// Fails with `protocol_violation` for everything else, the empty array
/// included, and with `payload_too_large` past a limit. One bad message spoils
/// its array.
result<std::vector<message>> decode(const shared_text& bytes,
                                    const decode_limits& limits = {});

/// Writes a request on one line, without a line break at the end. `params` is
/// valid JSON text, or empty for none.
shared_text encode_request(std::int64_t id, std::string_view method,
                           std::string_view params = {});

/// Writes a notification, as above.
shared_text encode_notification(std::string_view method,
                                std::string_view params = {});

/// Writes the answer to a request of the peer. `id` is the `message::id` of the
/// request, `result` valid JSON text.
shared_text encode_result(std::string_view id, std::string_view result);

/// Writes a refusal of a request of the peer. An empty `id` becomes `null`.
shared_text encode_error(std::string_view id, std::int64_t code,
                         std::string_view message);

/// Checks params or arguments that a user gave: fails with `invalid_request`
/// and the position unless `json` is one JSON object.
result<void> check_object(std::string_view json);

/// Returns `params` with its `_meta` completed (MCP, "General fields"): the
/// members of the `_meta` that is there stay, those of `meta` win over them,
/// and `token`, if given, becomes the `progressToken`. A `progressToken` in
/// `params` or `meta` never gets through: it is the caller's own and means
/// another request to the server.
///
/// `params` and `meta` are JSON objects, or empty for none; the payload is
/// copied, not written anew. Returns an empty text for no params. Fails like
/// `check_object`.
result<std::string> with_meta(std::string_view params, std::string_view meta,
                              std::optional<std::int64_t> token);

} // namespace mcpool::protocol
