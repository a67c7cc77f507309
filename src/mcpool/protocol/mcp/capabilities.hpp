// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string_view>

namespace mcpool::protocol::mcp {

/// A capability of a server that a method can need (MCP, "Capability
/// negotiation").
enum class capability : std::uint8_t {
  /// The method needs none.
  none,
  tools,
  prompts,
  resources,
  /// `resources.subscribe`.
  subscribe,
  logging,
  completions,
};

BOOST_DESCRIBE_ENUM(capability, none, tools, prompts, resources, subscribe,
                    logging, completions)

/// What a server can do.
struct capabilities {
  bool tools = false;
  bool prompts = false;
  bool resources = false;
  bool subscribe = false;
  bool logging = false;
  bool completions = false;
  /// The server tells when the list of its tools, prompts or resources changes.
  bool tools_changed = false;
  bool prompts_changed = false;
  bool resources_changed = false;
};

BOOST_DESCRIBE_STRUCT(capabilities, (),
                      (tools, prompts, resources, subscribe, logging,
                       completions, tools_changed, prompts_changed,
                       resources_changed))

/// Reads the `capabilities` of an initialize result. An object or `true` counts
/// as offered, everything else as not. Fails with `protocol_violation` if `raw`
/// is no object.
result<capabilities> parse_capabilities(std::string_view raw);

/// What a method needs in a revision; `none` for methods that mcpool does not
/// know. Revision 2024-11-05 has no flag for completions.
capability needed_for(std::string_view method,
                      std::string_view protocol_version) noexcept;

/// True if the server offers `what`; always true for `none`.
bool offers(const capabilities& server, capability what) noexcept;

/// Fails with `not_supported`, naming method and capability, if the server does
/// not offer what the method needs.
result<void> check_offered(const capabilities& server, std::string_view method,
                           std::string_view protocol_version);

} // namespace mcpool::protocol::mcp
