// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>
#include <mcpool/core/shared_text.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mcpool::protocol {

/// The four kinds of JSON-RPC messages (JSON-RPC 2.0, sections 4 and 5).
enum class message_kind : std::uint8_t {
  request,
  notification,
  result,
  error,
};

/// One JSON-RPC message that a peer sent: the envelope is read, the payload is
/// a slice of the bytes that arrived.
struct message {
  message_kind kind = message_kind::notification;
  /// The `id` member as JSON text (`7`, `"a"`, `null`); empty if there is none.
  shared_text id;
  /// The id as the number that we gave, if it is an integer.
  std::optional<std::int64_t> number;
  /// The method of a request or notification.
  std::string method;
  /// The `params` of a request or notification as JSON text, maybe empty.
  shared_text params;
  /// The `result` of a result as JSON text.
  shared_text result;
  /// The `error` of an error.
  remote_error error;
  /// How many bytes it had, envelope included.
  std::size_t size = 0;
};

} // namespace mcpool::protocol
