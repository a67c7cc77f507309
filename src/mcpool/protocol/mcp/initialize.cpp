// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/initialize.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>
#include <mcpool/protocol/json_write.hpp>
#include <mcpool/protocol/mcp/version.hpp>

#include <algorithm>

namespace mcpool::protocol::mcp {

namespace {

constexpr std::int64_t invalid_params = -32602;

refusal malformed(std::string_view why) {
  return make_refusal(errc::handshake_failed,
                      cat("the server's answer to initialize ", why));
}

bool is_object_or_absent(std::string_view value) {
  return is_absent(value) || kind_of(value) == json_kind::object;
}

result<void> read_server_info(std::string_view info, initialize_result& out) {
  if (is_absent(info))
    return {};
  auto members = scan_object(info);
  if (!members)
    return malformed("has a serverInfo that is no object");
  out.server_name = string_or_empty(find_member(*members, "name"));
  out.server_version = string_or_empty(find_member(*members, "version"));
  return {};
}

} // namespace

std::string initialize_params(std::string_view protocol_version,
                              std::string_view client_version) {
  return cat(R"({"protocolVersion":)", quote(protocol_version),
             R"(,"capabilities":{},"clientInfo":{"name":"mcpool","version":)",
             quote(client_version), "}}");
}

result<initialize_result> parse_initialize_result(const shared_text& raw) {
  auto members = scan_object(raw.view());
  if (!members)
    return malformed(cat("cannot be used: ", members.error().text));
  auto version = read_string(find_member(*members, "protocolVersion"));
  if (!version)
    return malformed("has no protocolVersion");
  initialize_result out;
  out.protocol_version = std::move(*version);
  auto capabilities = find_member(*members, "capabilities");
  if (!is_object_or_absent(capabilities))
    return malformed("has capabilities that are no object");
  out.capabilities
    = is_absent(capabilities) ? shared_text{"{}"} : raw.slice(capabilities);
  if (auto r = read_server_info(find_member(*members, "serverInfo"), out); !r)
    return r.error();
  out.instructions = string_or_empty(find_member(*members, "instructions"));
  return out;
}

std::optional<std::string_view> mutual_version(const remote_error& error,
                                               std::string_view requested) {
  if (error.code != invalid_params)
    return std::nullopt;
  auto data = scan_object(error.data);
  if (!data)
    return std::nullopt;
  auto offered = scan_array(find_member(*data, "supported"));
  if (!offered)
    return std::nullopt;
  for (auto ours : legacy_versions) {
    auto is_ours = [ours](auto x) { return read_string(x) == ours; };
    if (ours != requested
        && std::any_of(offered->begin(), offered->end(), is_ours))
      return ours;
  }
  return std::nullopt;
}

} // namespace mcpool::protocol::mcp
