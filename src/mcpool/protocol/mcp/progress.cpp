// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/progress.hpp>

#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>

namespace mcpool::protocol::mcp {

namespace {

refusal malformed() {
  return make_refusal(errc::protocol_violation,
                      "a progress notification lacks its token or number");
}

} // namespace

result<progress> parse_progress(std::string_view params) {
  auto members = scan_object(params);
  if (!members)
    return members.error();
  auto token = find_member(*members, "progressToken");
  auto value = read_number(find_member(*members, "progress"));
  progress out;
  out.number = read_integer(token);
  if (!value || (!out.number && kind_of(token) != json_kind::string))
    return malformed();
  out.token = std::string{token};
  out.value = *value;
  out.total = read_number(find_member(*members, "total"));
  out.message = string_or_empty(find_member(*members, "message"));
  return out;
}

} // namespace mcpool::protocol::mcp
