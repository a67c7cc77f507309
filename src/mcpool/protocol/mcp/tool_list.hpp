// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <string>
#include <vector>

namespace mcpool::protocol::mcp {

/// A tool as its server describes it (MCP, "Tools").
struct tool {
  std::string name;
  /// For people; may be empty (2025-06-18).
  std::string title;
  /// For a model; may be empty.
  std::string description;
  /// The JSON Schema of its arguments as JSON text; `{}` if it sent none.
  shared_text input_schema;
};

/// Reads the array that a listing of `tools/list` collected. Fails with
/// `protocol_violation`, naming the position in the list, for a tool that is no
/// object or has no name.
result<std::vector<tool>> parse_tool_list(const shared_text& array);

} // namespace mcpool::protocol::mcp
