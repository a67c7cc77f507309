// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/tools.hpp>

#include <mcpool/testkit/fake_server/catalog.hpp>
#include <mcpool/testkit/fake_server/changes.hpp>
#include <mcpool/testkit/fake_server/process.hpp>
#include <mcpool/testkit/fake_server/server.hpp>
#include <mcpool/testkit/fake_server/step_run.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr int invalid_params = -32602;
constexpr std::int64_t max_bytes = 256LL * 1024 * 1024;
constexpr std::int64_t max_steps = 1'000'000;
constexpr std::int64_t max_ms = 24LL * 60 * 60 * 1000;
constexpr std::int64_t default_ask_ms = 10'000;

struct start_record {
  std::vector<std::string> arguments;
  std::vector<std::string> descriptors;
};

start_record& at_start() {
  static start_record record;
  return record;
}

json arguments_of(const tool_call& one) {
  auto found = one.what->params.find("arguments");
  auto given = found != one.what->params.end() && found->is_object();
  return given ? *found : json::object();
}

std::string text_argument(const tool_call& one, const char* name) {
  auto arguments = arguments_of(one);
  auto found = arguments.find(name);
  auto given = found != arguments.end() && found->is_string();
  return given ? found->get<std::string>() : std::string{};
}

std::int64_t number_argument(const tool_call& one, const char* name,
                             std::int64_t fallback, std::int64_t limit) {
  auto arguments = arguments_of(one);
  auto found = arguments.find(name);
  if (found == arguments.end() || !found->is_number_integer())
    return fallback;
  return std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, limit);
}

json object_argument(const tool_call& one, const char* name) {
  return arguments_of(one).value(name, json::object());
}

std::string notification(const std::string& method, const json& params) {
  return to_text({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

void give_text(const tool_call& one, const std::string& text) {
  one.sink(text_result(text));
}

// -- tools that answer at once ------------------------------------------------

void echo(const tool_call& one) {
  if (!arguments_of(one).contains("message"))
    return one.sink(text_result("echo needs a message", true));
  give_text(one, text_argument(one, "message"));
}

void fail(const tool_call& one) {
  one.sink(text_result("this tool always fails", true));
}

void error(const tool_call& one) {
  auto value = failure(-32050, "this tool answers an error");
  value["error"]["data"] = {{"reason", "asked for"}, {"retry", false}};
  one.sink(std::move(value));
}

void big(const tool_call& one) {
  auto size = number_argument(one, "bytes", 1024, max_bytes);
  give_text(one, std::string(static_cast<std::size_t>(size), 'b'));
}

void env(const tool_call& one) {
  auto name = text_argument(one, "name");
  if (name.empty()) {
    auto names = json::array();
    for (auto** entry = ::environ; *entry; ++entry) {
      std::string_view text{*entry};
      names.push_back(text.substr(0, text.find('=')));
    }
    return give_text(one, to_text(names));
  }
  auto* value = std::getenv(name.c_str());
  if (!value)
    return one.sink(text_result(name + " is not set", true));
  give_text(one, value);
}

void cwd(const tool_call& one) {
  char buffer[4096];
  auto* path = ::getcwd(buffer, sizeof buffer);
  give_text(one, path ? path : "?");
}

void pid(const tool_call& one) {
  give_text(one, std::to_string(::getpid()));
}

void fds(const tool_call& one) {
  give_text(one, to_text(json(at_start().descriptors)));
}

void args(const tool_call& one) {
  give_text(one, to_text(json(at_start().arguments)));
}

void write_lines(const tool_call& one) {
  auto lines = number_argument(one, "lines", 1, max_steps);
  auto text = text_argument(one, "text") + "\n";
  for (std::int64_t i = 0; i < lines; ++i)
    write_stderr(text);
  give_text(one, "written");
}

void log(const tool_call& one) {
  auto level = text_argument(one, "level");
  json params{{"level", level.empty() ? "info" : level},
              {"logger", "fake"},
              {"data", text_argument(one, "text")}};
  one.what->back->send(notification("notifications/message", params));
  give_text(one, "logged");
}

void notify(const tool_call& one) {
  auto method = text_argument(one, "method");
  auto params = object_argument(one, "params");
  one.what->back->send(notification(method, params));
  give_text(one, "notified");
}

void list_changed(const tool_call& one) {
  auto kind = text_argument(one, "kind");
  if (kind.empty())
    kind = "tools";
  if (kind == "tools")
    ++one.who->added_tools;
  auto method = "notifications/" + kind + "/list_changed";
  auto text = notification(method, json::object());
  if (!one.who->push || !one.who->push(text))
    one.what->back->send(text);
  give_text(one, "told");
}

void cancelled(const tool_call& one) {
  give_text(one, to_text({{"count", one.who->cancelled_count},
                          {"ids", one.who->cancelled_ids}}));
}

// -- tools that take time -----------------------------------------------------

void sleep(const tool_call& one) {
  auto time = number_argument(one, "ms", 0, max_ms);
  one.all.after(milliseconds{time}, [one, time] {
    give_text(one, "slept " + std::to_string(time) + " ms");
  });
}

void progress_step(const tool_call& one, std::int64_t done, std::int64_t total,
                   std::int64_t pause) {
  if (one.what->back->over())
    return;
  auto meta = one.what->params.value("_meta", json::object());
  if (done > 0 && meta.contains("progressToken"))
    one.what->back->send(notification(
      "notifications/progress", {{"progressToken", meta["progressToken"]},
                                 {"progress", done},
                                 {"total", total},
                                 {"message", "step " + std::to_string(done)}}));
  if (done == total)
    return give_text(one, "took " + std::to_string(total) + " steps");
  one.all.after(milliseconds{pause}, [one, done, total, pause] {
    progress_step(one, done + 1, total, pause);
  });
}

void progress(const tool_call& one) {
  auto total = number_argument(one, "steps", 3, max_steps);
  auto pause = number_argument(one, "ms", 0, max_ms);
  progress_step(one, 0, total, pause);
}

void ask(const tool_call& one) {
  auto time = number_argument(one, "timeout_ms", default_ask_ms, max_ms);
  auto send = [&](const std::string& text) { one.what->back->send(text); };
  auto asked = one.who;
  one.core.ask(asked, text_argument(one, "method"),
               object_argument(one, "params"), send, [one](const json& answer) {
                 auto copy = answer;
                 copy.erase("jsonrpc");
                 copy.erase("id");
                 give_text(one, to_text(copy));
               });
  one.all.after(milliseconds{time}, [one] {
    if (!one.what->back->over())
      one.sink(text_result("the client did not answer", true));
  });
}

void run_steps(const tool_call& one, const std::string& text) {
  auto todo = parse_steps(text);
  if (!todo)
    return one.sink(failure(invalid_params, todo.error().text));
  auto answer = [one](const changes& how, std::function<void()> then) {
    if (one.what->back->over())
      return;
    auto value = how.outcome.value_or(text_result("done"));
    one.who->running.erase(to_text(one.what->id));
    one.what->back->release();
    one.all.flush();
    one.what->back->answer(
      render(how, one.what->id, value, one.all.chosen.json_array));
    then();
  };
  auto back = one.what->back;
  auto asker = [one, back](const std::string& method) {
    auto send = [back](const std::string& line) { back->send(line); };
    one.core.ask(one.who, method, json::object(), send, nullptr);
  };
  step_run::start(one.all, std::move(*todo), back, answer, asker);
}

void do_steps(const tool_call& one) {
  run_steps(one, text_argument(one, "steps"));
}

void batch(const tool_call& one) {
  run_steps(one, "batch");
}

struct tool {
  std::string_view name;
  void (*run)(const tool_call&);
};

constexpr tool tools[]{
  {"echo", echo},   {"sleep", sleep},
  {"fail", fail},   {"error", error},
  {"big", big},     {"progress", progress},
  {"env", env},     {"cwd", cwd},
  {"pid", pid},     {"fds", fds},
  {"args", args},   {"stderr", write_lines},
  {"log", log},     {"notify", notify},
  {"batch", batch}, {"list_changed", list_changed},
  {"ask", ask},     {"cancelled", cancelled},
  {"do", do_steps},
};

} // namespace

void call_tool(tool_call one) {
  auto name = one.what->params.value("name", json{}).is_string()
                ? one.what->params["name"].get<std::string>()
                : std::string{};
  for (auto& known : tools)
    if (known.name == name)
      return known.run(one);
  if (is_extra_tool(one.all.chosen, *one.who, name))
    return give_text(one, name + " called");
  one.sink(failure(invalid_params, "Unknown tool: " + name));
}

void remember_start(int argc, char** argv) {
  at_start().descriptors = open_descriptors();
  at_start().arguments.assign(argv, argv + argc);
}

} // namespace mcpool::testkit::fake_server
