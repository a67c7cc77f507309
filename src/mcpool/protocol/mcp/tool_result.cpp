// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/tool_result.hpp>

#include <mcpool/core/describe.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>

#include <boost/describe/enum_from_string.hpp>

#include <optional>

namespace mcpool::protocol::mcp {

namespace {

using members = std::vector<json_member>;

refusal malformed(const char* why) {
  return make_refusal(errc::protocol_violation, why);
}

std::string text_of(const members& block, std::string_view key) {
  return string_or_empty(find_member(block, key));
}

bool has_text(const members& block, std::string_view key) {
  return kind_of(find_member(block, key)) == json_kind::string;
}

content_kind known_kind(const members& block) {
  auto out = content_kind::other;
  boost::describe::enum_from_string(text_of(block, "type").c_str(), out);
  return out;
}

// An embedded resource lies one level deeper.
std::optional<members> open_resource(const members& block) {
  auto out = scan_object(find_member(block, "resource"));
  return out ? std::optional{std::move(*out)} : std::nullopt;
}

bool is_complete(content_kind kind, const members& block) {
  switch (kind) {
    case content_kind::text: return has_text(block, "text");
    case content_kind::image:
    case content_kind::audio:
      return has_text(block, "data") && has_text(block, "mimeType");
    case content_kind::resource:
      return has_text(block, "uri")
             && (has_text(block, "text") || has_text(block, "blob"));
    case content_kind::resource_link:
      return has_text(block, "uri") && has_text(block, "name");
    case content_kind::other: break;
  }
  return false;
}

void fill(const members& block, content_block& out) {
  out.text = text_of(block, "text");
  out.data
    = text_of(block, out.kind == content_kind::resource ? "blob" : "data");
  out.mime_type = text_of(block, "mimeType");
  out.uri = text_of(block, "uri");
  out.name = text_of(block, "name");
  out.title = text_of(block, "title");
  out.description = text_of(block, "description");
}

result<content_block> parse_block(const shared_text& all,
                                  std::string_view text) {
  auto block = scan_object(text);
  if (!block)
    return malformed("the content of a tool result has a block that is no "
                     "object");
  content_block out;
  out.raw = all.slice(text);
  auto kind = known_kind(*block);
  if (kind == content_kind::resource)
    *block = open_resource(*block).value_or(members{});
  if (!is_complete(kind, *block))
    return out;
  out.kind = kind;
  fill(*block, out);
  return out;
}

result<void> parse_content(const shared_text& raw, std::string_view content,
                           tool_result& out) {
  auto blocks = scan_array(content);
  if (!blocks)
    return malformed("the content of a tool result is no array");
  for (auto text : *blocks) {
    auto block = parse_block(raw, text);
    if (!block)
      return block.error();
    out.content.push_back(std::move(*block));
  }
  return {};
}

} // namespace

result<tool_result> parse_tool_result(const shared_text& raw) {
  auto members = scan_object(raw.view());
  if (!members)
    return members.error();
  tool_result out;
  out.is_error = read_bool(find_member(*members, "isError")).value_or(false);
  auto structured = find_member(*members, "structuredContent");
  if (!is_absent(structured))
    out.structured = raw.slice(structured);
  auto content = find_member(*members, "content");
  if (is_absent(content))
    return out;
  if (auto r = parse_content(raw, content, out); !r)
    return r.error();
  return out;
}

} // namespace mcpool::protocol::mcp
