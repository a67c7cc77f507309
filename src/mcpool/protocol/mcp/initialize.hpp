// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mcpool::protocol::mcp {

/// What a server says about itself in the handshake (MCP, "Lifecycle").
struct initialize_result {
  /// The revision that the server wants; not yet checked, see `check_version`.
  std::string protocol_version;
  /// Its capabilities as JSON text; `{}` if it sent none.
  shared_text capabilities;
  /// From `serverInfo`; empty if it sent none.
  std::string server_name;
  std::string server_version;
  /// How to use the server, for a model; may be empty.
  std::string instructions;
};

/// The params of `initialize`: offers `protocol_version`, declares no
/// capabilities and names the client `mcpool`.
std::string initialize_params(std::string_view protocol_version,
                              std::string_view client_version);

/// Reads the result of `initialize`. Fails with `handshake_failed` unless it is
/// an object with a `protocolVersion`, and the other members, if there, have
/// their types.
result<initialize_result> parse_initialize_result(const shared_text& raw);

/// The newest revision that both sides speak, if the server refused `requested`
/// with -32602 and its `data.supported` names one other than that: worth one
/// more try.
std::optional<std::string_view> mutual_version(const remote_error& error,
                                               std::string_view requested);

} // namespace mcpool::protocol::mcp
