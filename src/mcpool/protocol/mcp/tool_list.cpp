// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/tool_list.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>

namespace mcpool::protocol::mcp {

namespace {

refusal malformed(std::size_t position) {
  return make_refusal(errc::protocol_violation,
                      cat("tool ", position + 1,
                          " of the server's list is no object with a name"));
}

result<tool> parse_tool(const shared_text& all, std::string_view text,
                        std::size_t position) {
  auto members = scan_object(text);
  if (!members)
    return malformed(position);
  auto name = read_string(find_member(*members, "name"));
  if (!name)
    return malformed(position);
  tool out;
  out.name = std::move(*name);
  out.title = string_or_empty(find_member(*members, "title"));
  out.description = string_or_empty(find_member(*members, "description"));
  auto schema = find_member(*members, "inputSchema");
  out.input_schema = is_absent(schema) ? shared_text{"{}"} : all.slice(schema);
  return out;
}

} // namespace

result<std::vector<tool>> parse_tool_list(const shared_text& array) {
  // How many there may be is the listing's to decide.
  auto elements = scan_array(array.view(), {128, array.size()});
  if (!elements)
    return elements.error();
  std::vector<tool> out;
  out.reserve(elements->size());
  for (auto element : *elements) {
    auto x = parse_tool(array, element, out.size());
    if (!x)
      return x.error();
    out.push_back(std::move(*x));
  }
  return out;
}

} // namespace mcpool::protocol::mcp
