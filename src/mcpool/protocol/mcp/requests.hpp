// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcpool::protocol::mcp {

/// A method and its params, ready for `encode_request` or, where it says so,
/// `encode_notification`.
struct method_call {
  std::string method;
  /// JSON text on one line; empty for no params.
  std::string params;
};

/// `ping`.
method_call ping();

/// One page of a list method; no cursor asks for the first one.
method_call list(std::string_view method,
                 const std::optional<std::string>& cursor = std::nullopt);

/// `tools/call`. `arguments` is a JSON object or empty for none; fails with
/// `invalid_request` for anything else.
result<method_call> call_tool(std::string_view name,
                              std::string_view arguments = {});

/// `prompts/get`, with the same promise. The values of the arguments must be
/// strings, which the server checks.
result<method_call> get_prompt(std::string_view name,
                               std::string_view arguments = {});

/// `resources/read`.
method_call read_resource(std::string_view uri);

/// `resources/subscribe`.
method_call subscribe(std::string_view uri);

/// `resources/unsubscribe`.
method_call unsubscribe(std::string_view uri);

/// What a completion is asked for: an argument of a prompt, or a variable of a
/// resource template.
enum class completion_ref : std::uint8_t { prompt, resource };

/// `completion/complete`. `name` is the prompt's name or the template's URI;
/// `context` is a JSON object with the arguments known so far, or empty for
/// none (2025-06-18). Fails with `invalid_request` if it is something else.
result<method_call> complete(completion_ref kind, std::string_view name,
                             std::string_view argument, std::string_view value,
                             std::string_view context = {});

/// `logging/setLevel`. Fails with `invalid_request`, naming the eight levels,
/// for another one.
result<method_call> set_log_level(std::string_view level);

/// The notification `notifications/initialized`.
method_call initialized();

/// The notification `notifications/cancelled`, for a request of ours.
method_call cancelled(std::int64_t request_id, std::string_view reason = {});

} // namespace mcpool::protocol::mcp
