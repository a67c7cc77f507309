// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/requests.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/json_write.hpp>

#include <algorithm>
#include <array>

namespace mcpool::protocol::mcp {

namespace {

constexpr std::array<std::string_view, 8> levels{
  {"debug", "info", "notice", "warning", "error", "critical", "alert",
   "emergency"}};

// Params with one member whose value is a string.
method_call with_string(std::string_view method, std::string_view key,
                        std::string_view value) {
  return {std::string{method}, cat("{\"", key, "\":", quote(value), "}")};
}

// `name` and `arguments`, for tools and prompts.
result<method_call> with_arguments(std::string_view method,
                                   std::string_view name,
                                   std::string_view arguments) {
  auto out = with_string(method, "name", name);
  if (arguments.empty())
    return out;
  if (auto r = check_object(arguments); !r)
    return make_refusal(r.error().code,
                        cat("the arguments of '", name,
                            "' are no JSON object: ", r.error().text));
  out.params.pop_back();
  out.params += R"(,"arguments":)";
  append_one_line(out.params, arguments);
  out.params += '}';
  return out;
}

} // namespace

method_call ping() {
  return {"ping", {}};
}

method_call list(std::string_view method,
                 const std::optional<std::string>& cursor) {
  return cursor ? with_string(method, "cursor", *cursor)
                : method_call{std::string{method}, {}};
}

result<method_call> call_tool(std::string_view name,
                              std::string_view arguments) {
  return with_arguments("tools/call", name, arguments);
}

result<method_call> get_prompt(std::string_view name,
                               std::string_view arguments) {
  return with_arguments("prompts/get", name, arguments);
}

method_call read_resource(std::string_view uri) {
  return with_string("resources/read", "uri", uri);
}

method_call subscribe(std::string_view uri) {
  return with_string("resources/subscribe", "uri", uri);
}

method_call unsubscribe(std::string_view uri) {
  return with_string("resources/unsubscribe", "uri", uri);
}

result<method_call> complete(completion_ref kind, std::string_view name,
                             std::string_view argument, std::string_view value,
                             std::string_view context) {
  auto ref = kind == completion_ref::prompt
               ? cat(R"({"type":"ref/prompt","name":)", quote(name), "}")
               : cat(R"({"type":"ref/resource","uri":)", quote(name), "}");
  auto params = cat(R"({"ref":)", ref, R"(,"argument":{"name":)",
                    quote(argument), R"(,"value":)", quote(value), "}");
  if (!context.empty()) {
    if (auto r = check_object(context); !r)
      return r.error();
    params += R"(,"context":{"arguments":)";
    append_one_line(params, context);
    params += '}';
  }
  params += '}';
  return method_call{"completion/complete", std::move(params)};
}

result<method_call> set_log_level(std::string_view level) {
  if (std::find(levels.begin(), levels.end(), level) == levels.end())
    return make_refusal(errc::invalid_request,
                        cat("'", level,
                            "' is no log level of a server: use "
                            "debug, info, notice, warning, error, critical, "
                            "alert or emergency"));
  return with_string("logging/setLevel", "level", level);
}

method_call initialized() {
  return {"notifications/initialized", {}};
}

method_call cancelled(std::int64_t request_id, std::string_view reason) {
  auto params = cat(R"({"requestId":)", request_id);
  if (!reason.empty())
    params += cat(R"(,"reason":)", quote(reason));
  params += '}';
  return {"notifications/cancelled", std::move(params)};
}

} // namespace mcpool::protocol::mcp
