// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcpool::protocol::mcp {

/// The params of `notifications/progress` (MCP, "Progress").
struct progress {
  /// The `progressToken` as JSON text.
  std::string token;
  /// The token as the number that we gave, if it is an integer.
  std::optional<std::int64_t> number;
  /// How far the call is; grows with every notification.
  double value = 0;
  /// What `value` will be in the end, if known.
  std::optional<double> total;
  /// For people; may be empty.
  std::string message;
};

/// Reads `params`. Fails with `protocol_violation` unless there are a token (a
/// string or an integer) and a number; a `total` or `message` of another type
/// is ignored.
result<progress> parse_progress(std::string_view params);

} // namespace mcpool::protocol::mcp
