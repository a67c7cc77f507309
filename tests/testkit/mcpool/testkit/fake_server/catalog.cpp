// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/catalog.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;

constexpr int method_not_found = -32601;
constexpr int invalid_params = -32602;
constexpr int resource_not_found = -32002;
constexpr auto static_prefix = "test://static/";
constexpr auto item_prefix = "test://item/";

struct tool_info {
  const char* name;
  const char* description;
  const char* properties;
};

constexpr std::array<tool_info, 19> built_in{{
  {"echo", "Returns the message", R"({"message":{"type":"string"}})"},
  {"sleep", "Returns after so long", R"({"ms":{"type":"integer"}})"},
  {"fail", "Fails as a tool", "{}"},
  {"error", "Fails as a request, with data", "{}"},
  {"big", "Returns that many bytes", R"({"bytes":{"type":"integer"}})"},
  {"progress", "Reports progress",
   R"({"steps":{"type":"integer"},"ms":{"type":"integer"}})"},
  {"env", "Shows the environment", R"({"name":{"type":"string"}})"},
  {"cwd", "Shows the working directory", "{}"},
  {"pid", "Shows the process id", "{}"},
  {"fds", "Shows inherited descriptors", "{}"},
  {"stderr", "Writes lines to stderr",
   R"({"text":{"type":"string"},"lines":{"type":"integer"}})"},
  {"log", "Sends a log notification",
   R"({"level":{"type":"string"},"text":{"type":"string"}})"},
  {"notify", "Sends a notification",
   R"({"method":{"type":"string"},"params":{"type":"object"}})"},
  {"batch", "Answers in an array", "{}"},
  {"list_changed", "Tells that a list changed",
   R"({"kind":{"type":"string"}})"},
  {"ask", "Asks the client",
   R"({"method":{"type":"string"},"params":{"type":"object"},)"
   R"("timeout_ms":{"type":"integer"}})"},
  {"cancelled", "Counts the cancellations received", "{}"},
  {"do", "Runs the steps of a rule", R"({"steps":{"type":"string"}})"},
  {"args", "Shows the command line", "{}"},
}};

json describe(const tool_info& tool) {
  json schema{{"type", "object"}};
  schema["properties"] = json::parse(tool.properties);
  return {{"name", tool.name},
          {"description", tool.description},
          {"inputSchema", std::move(schema)}};
}

json plain_tool(const std::string& name) {
  return {{"name", name},
          {"description", "Returns its name"},
          {"inputSchema", {{"type", "object"}}}};
}

std::string number_after(const char* prefix, std::size_t index) {
  return prefix + std::to_string(index + 1);
}

// `PREFIX<N>` with N from 1 to `count`.
bool is_numbered(const std::string& name, std::string_view prefix,
                 std::size_t count) {
  if (name.compare(0, prefix.size(), prefix) != 0)
    return false;
  auto digits = name.substr(prefix.size());
  auto numeric = !digits.empty() && digits.size() < 8 && digits[0] != '0'
                 && digits.find_first_not_of("0123456789") == std::string::npos;
  return numeric && std::stoul(digits) <= count;
}

std::optional<std::size_t> read_cursor(const json& params) {
  auto cursor = params.find("cursor");
  if (cursor == params.end())
    return 0;
  if (!cursor->is_string())
    return std::nullopt;
  auto text = cursor->get<std::string>();
  if (text.compare(0, 3, "at-") != 0 || text.size() < 4 || text.size() > 15
      || text.find_first_not_of("0123456789", 3) != std::string::npos)
    return std::nullopt;
  return std::stoull(text.substr(3));
}

template <class Describe>
outcome page(const options& chosen, const json& params, const char* key,
             std::size_t count, Describe describe_item) {
  auto endless = chosen.endless_pages || chosen.same_cursor;
  auto from = read_cursor(params);
  if (!from || (*from >= count && *from > 0 && !endless))
    return failure(invalid_params, "Invalid cursor");
  auto wanted
    = chosen.page_size > 0 ? chosen.page_size : std::max<std::size_t>(count, 1);
  auto items = json::array();
  auto last = *from + wanted;
  for (auto i = *from; i < last && (endless || i < count); ++i)
    items.push_back(describe_item(i));
  json result;
  result[key] = std::move(items);
  if (chosen.same_cursor)
    result["nextCursor"] = "at-0";
  else if (endless || last < count)
    result["nextCursor"] = "at-" + std::to_string(last);
  return success(std::move(result));
}

json tool_at(const options& chosen, std::size_t total, std::size_t index) {
  if (index < built_in.size())
    return describe(built_in[index]);
  index -= built_in.size();
  auto added = index >= chosen.extra_tools && index < total;
  if (added)
    return plain_tool(number_after("added_", index - chosen.extra_tools));
  return plain_tool(number_after("tool_", index));
}

json prompt_at(std::size_t index) {
  return {{"name", number_after("prompt_", index)},
          {"description", "Greets somebody"},
          {"arguments", {{{"name", "who"}, {"required", false}}}}};
}

json resource_at(std::size_t index) {
  return {{"uri", number_after(static_prefix, index)},
          {"name", number_after("resource_", index)},
          {"mimeType", "text/plain"}};
}

outcome get_prompt(const options& chosen, const json& params) {
  auto name = params.value("name", "");
  if (!is_numbered(name, "prompt_", chosen.prompts))
    return failure(invalid_params, "Unknown prompt: " + name);
  auto arguments = params.value("arguments", json::object());
  auto text = "Hello " + arguments.value("who", "world") + " from " + name;
  json message{{"role", "user"},
               {"content", {{"type", "text"}, {"text", text}}}};
  return success({{"messages", json::array({std::move(message)})}});
}

outcome read_resource(const options& chosen, const json& params) {
  auto uri = params.value("uri", "");
  auto known
    = is_numbered(uri, static_prefix, chosen.resources)
      || uri.compare(0, std::string_view{item_prefix}.size(), item_prefix) == 0;
  if (!known)
    return failure(resource_not_found, "Resource not found: " + uri);
  json content{
    {"uri", uri}, {"mimeType", "text/plain"}, {"text", "content of " + uri}};
  return success({{"contents", json::array({std::move(content)})}});
}

outcome complete(const options& chosen, const json& params) {
  auto ref = params.value("ref", json::object());
  auto kind = ref.value("type", "");
  auto name = ref.value("name", "");
  if (kind != "ref/resource"
      && !(kind == "ref/prompt"
           && is_numbered(name, "prompt_", chosen.prompts)))
    return failure(invalid_params, "Unknown reference");
  auto start = params.value("argument", json::object()).value("value", "");
  auto values = json::array();
  for (std::string word : {"alice", "albert", "bob"})
    if (word.compare(0, start.size(), start) == 0)
      values.push_back(word);
  auto total = values.size();
  return success(
    {{"completion",
      {{"values", std::move(values)}, {"total", total}, {"hasMore", false}}}});
}

outcome set_level(const json& params) {
  constexpr std::array levels{"debug", "info",     "notice", "warning",
                              "error", "critical", "alert",  "emergency"};
  auto level = params.value("level", "");
  if (std::find(levels.begin(), levels.end(), level) == levels.end())
    return failure(invalid_params, "Unknown level: " + level);
  return success(json::object());
}

outcome list_templates(const options& chosen, const json& params) {
  return page(chosen, params, "resourceTemplates", 1, [](auto index) {
    return json{{"uriTemplate", std::string{item_prefix} + "{id}"},
                {"name", number_after("template_", index)}};
  });
}

std::string negotiate(const options& chosen, const json& params) {
  constexpr std::array known{"2025-11-25", "2025-06-18", "2025-03-26",
                             "2024-11-05"};
  if (!chosen.protocol_version.empty())
    return chosen.protocol_version;
  auto wanted = params.value("protocolVersion", "");
  auto found = std::find(known.begin(), known.end(), wanted);
  return found == known.end() ? known.front() : *found;
}

} // namespace

outcome initialize_result(const options& chosen, session& who,
                          const json& params) {
  who.version = negotiate(chosen, params);
  json offers{{"tools", {{"listChanged", true}}},
              {"prompts", {{"listChanged", true}}},
              {"resources", {{"listChanged", true}, {"subscribe", true}}},
              {"logging", json::object()}};
  if (who.version >= "2025-03-26")
    offers["completions"] = json::object();
  for (auto& name : chosen.without)
    offers.erase(name);
  json result{
    {"protocolVersion", who.version},
    {"capabilities", std::move(offers)},
    {"serverInfo", {{"name", "mcpool-fake-server"}, {"version", "1.0.0"}}}};
  if (!chosen.instructions.empty())
    result["instructions"] = chosen.instructions;
  return success(std::move(result));
}

outcome list_tools(const options& chosen, const session& who,
                   const json& params) {
  auto total = chosen.extra_tools + who.added_tools;
  return page(chosen, params, "tools", built_in.size() + total,
              [&](auto index) { return tool_at(chosen, total, index); });
}

bool is_extra_tool(const options& chosen, const session& who,
                   const std::string& name) {
  auto endless = chosen.endless_pages || chosen.same_cursor;
  auto tools = endless ? 9'999'999 : chosen.extra_tools;
  return is_numbered(name, "tool_", tools)
         || is_numbered(name, "added_", who.added_tools);
}

outcome answer_simple(const options& chosen, const std::string& method,
                      const json& params) {
  if (method == "prompts/list")
    return page(chosen, params, "prompts", chosen.prompts, prompt_at);
  if (method == "prompts/get")
    return get_prompt(chosen, params);
  if (method == "resources/list")
    return page(chosen, params, "resources", chosen.resources, resource_at);
  if (method == "resources/read")
    return read_resource(chosen, params);
  if (method == "resources/templates/list")
    return list_templates(chosen, params);
  if (method == "completion/complete")
    return complete(chosen, params);
  if (method == "logging/setLevel")
    return set_level(params);
  if (method == "resources/subscribe" || method == "resources/unsubscribe")
    return success(json::object());
  return failure(method_not_found, "Method not found: " + method);
}

} // namespace mcpool::testkit::fake_server
