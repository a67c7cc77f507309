// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/capabilities.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>
#include <mcpool/protocol/mcp/version.hpp>

#include <array>
#include <utility>

namespace mcpool::protocol::mcp {

namespace {

constexpr std::array<std::pair<std::string_view, capability>, 11> needs{
  {{"tools/list", capability::tools},
   {"tools/call", capability::tools},
   {"prompts/list", capability::prompts},
   {"prompts/get", capability::prompts},
   {"resources/list", capability::resources},
   {"resources/templates/list", capability::resources},
   {"resources/read", capability::resources},
   {"resources/subscribe", capability::subscribe},
   {"resources/unsubscribe", capability::subscribe},
   {"logging/setLevel", capability::logging},
   {"completion/complete", capability::completions}}};

bool is_offered(std::string_view value) {
  return kind_of(value) == json_kind::object || value == "true";
}

// True if the member `key` of `value` is `true`; `value` may be anything.
bool has_flag(std::string_view value, std::string_view key) {
  auto members = scan_object(value);
  return members && is_offered(find_member(*members, key));
}

std::string_view print(capability what) {
  return what == capability::subscribe ? "resources.subscribe" : name_of(what);
}

} // namespace

result<capabilities> parse_capabilities(std::string_view raw) {
  auto members = scan_object(raw);
  if (!members)
    return members.error();
  auto value = [&members](auto key) { return find_member(*members, key); };
  capabilities out;
  out.tools = is_offered(value("tools"));
  out.prompts = is_offered(value("prompts"));
  out.resources = is_offered(value("resources"));
  out.subscribe = has_flag(value("resources"), "subscribe");
  out.logging = is_offered(value("logging"));
  out.completions = is_offered(value("completions"));
  out.tools_changed = has_flag(value("tools"), "listChanged");
  out.prompts_changed = has_flag(value("prompts"), "listChanged");
  out.resources_changed = has_flag(value("resources"), "listChanged");
  return out;
}

capability needed_for(std::string_view method,
                      std::string_view protocol_version) noexcept {
  for (const auto& [name, what] : needs)
    if (name == method)
      return what != capability::completions
                 || at_least(protocol_version, "2025-03-26")
               ? what
               : capability::none;
  return capability::none;
}

bool offers(const capabilities& server, capability what) noexcept {
  switch (what) {
    case capability::none: return true;
    case capability::tools: return server.tools;
    case capability::prompts: return server.prompts;
    case capability::resources: return server.resources;
    case capability::subscribe: return server.subscribe;
    case capability::logging: return server.logging;
    case capability::completions: return server.completions;
  }
  return false;
}

result<void> check_offered(const capabilities& server, std::string_view method,
                           std::string_view protocol_version) {
  auto what = needed_for(method, protocol_version);
  if (offers(server, what))
    return {};
  return make_refusal(errc::not_supported,
                      cat("the server does not offer the capability ",
                          print(what), ", which ", method, " needs"));
}

} // namespace mcpool::protocol::mcp
