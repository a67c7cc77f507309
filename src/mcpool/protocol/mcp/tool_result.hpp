// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mcpool::protocol::mcp {

/// The kinds of content blocks (MCP, "Tools", "Tool result").
enum class content_kind : std::uint8_t {
  /// `text` is set.
  text,
  /// `data` and `mime_type` are set.
  image,
  /// `data` and `mime_type` are set.
  audio,
  /// An embedded resource: `uri`, and `text` or `data`; maybe `mime_type`.
  resource,
  /// A reference: `uri` and `name`; maybe `title`, `description`, `mime_type`.
  resource_link,
  /// A kind that mcpool does not know, or a block that lacks what its kind
  /// requires; `raw` has it all.
  other,
};

BOOST_DESCRIBE_ENUM(content_kind, text, image, audio, resource, resource_link,
                    other)

/// One block of a tool's content.
struct content_block {
  content_kind kind = content_kind::other;
  std::string text;
  /// Base64, as it came.
  std::string data;
  std::string mime_type;
  std::string uri;
  std::string name;
  std::string title;
  std::string description;
  /// The whole block as JSON text.
  shared_text raw;
};

/// The result of `tools/call`.
struct tool_result {
  /// The tool failed; the content says why.
  bool is_error = false;
  std::vector<content_block> content;
  /// The `structuredContent` as JSON text; empty if there is none.
  shared_text structured;
};

/// Reads the result of `tools/call`. Fails with `protocol_violation` if it is
/// no object, its content is no array of objects, or a block lacks what its
/// kind requires. A missing content counts as an empty one.
result<tool_result> parse_tool_result(const shared_text& raw);

} // namespace mcpool::protocol::mcp
