// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/app/progress_line.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/mcp/requests.hpp>
#include <mcpool/protocol/mcp/tool_list.hpp>
#include <mcpool/protocol/mcp/tool_result.hpp>

#include <iostream>
#include <iterator>
#include <memory>

namespace mcpool::app {

namespace conn = messages::connection;
namespace mcp = protocol::mcp;
namespace repo = messages::repository;

namespace {

// -- arguments ----------------------------------------------------------------

std::string read_standard_input() {
  return {std::istreambuf_iterator<char>{std::cin}, {}};
}

// The JSON of the command line, checked before anything is started.
result<std::string> json_argument(const std::string& given) {
  auto text = given == "-" ? read_standard_input() : given;
  if (text.empty())
    return text;
  if (auto ok = protocol::check_object(text); !ok)
    return ok.error();
  return text;
}

int bad_argument(const refusal& why) {
  complain(cat("the JSON argument cannot be used: ", why.text,
               "; write an object, for example '{\"message\": \"hello\"}'"));
  return exit_code::bad_usage;
}

// -- progress -----------------------------------------------------------------

/// CALLER: shows the progress of a call on the terminal.
class progress_view {
public:
  using handle = caller_actor;

  static constexpr const char* name = "mcpool.progress_view";

  progress_view(handle::pointer, std::string what,
                std::shared_ptr<progress_line> line)
    : what_(std::move(what)),
      line_(std::move(line)) {}

  handle::behavior_type make_behavior() {
    return {
      [this](const messages::caller::progress& x) { on_progress(x); },
    };
  }

private:
  void on_progress(const messages::caller::progress& x) {
    auto done = static_cast<std::int64_t>(x.done);
    auto text = cat(what_, ": ", done);
    if (x.total)
      text += cat(" of ", static_cast<std::int64_t>(*x.total));
    if (!x.message.empty())
      text += cat(", ", one_line(x.message, 60));
    line_->update(std::move(text));
  }

  std::string what_;
  std::shared_ptr<progress_line> line_;
};

// Sends a request through the pool and shows how it gets on.
result<conn::call_result> send(session& s, const std::string& server,
                               mcp::method_call x) {
  auto what = cat(x.method, " on ", server);
  auto line = std::make_shared<progress_line>(what);
  auto viewer = engine::spawn<progress_view>(s.system(), what, line);
  repo::call request;
  request.server = {server};
  request.method = std::move(x.method);
  request.params = shared_text{std::move(x.params)};
  request.until = s.until();
  request.progress = viewer;
  auto out = s.ask<conn::call_result>(std::move(request));
  engine::end(viewer);
  return out;
}

// -- output -------------------------------------------------------------------

std::string sized(std::string_view kind, const mcp::content_block& x) {
  return cat("[", kind, " ", x.mime_type, ", ", x.data.size(),
             " bytes of base64]");
}

std::string text_of(const mcp::content_block& x) {
  switch (x.kind) {
    case mcp::content_kind::text: return x.text;
    case mcp::content_kind::image: return sized("image", x);
    case mcp::content_kind::audio: return sized("audio", x);
    case mcp::content_kind::resource:
      return x.data.empty() ? cat("[resource ", x.uri, "]\n", x.text)
                            : cat("[resource ", x.uri, "] ", sized("blob", x));
    case mcp::content_kind::resource_link:
      return cat("[resource link ", x.uri, "] ", x.name);
    case mcp::content_kind::other: break;
  }
  return x.raw.str();
}

// Structured content repeats what the text says, so it is shown only without.
int show(const mcp::tool_result& x) {
  for (const auto& block : x.content)
    print_line(text_of(block));
  if (x.content.empty() && !x.structured.empty())
    print_line(x.structured.view());
  if (!x.is_error)
    return exit_code::ok;
  complain("the tool reported an error");
  return exit_code::negative;
}

void show(const std::vector<mcp::tool>& tools) {
  std::vector<std::vector<std::string>> table{{"TOOL", "DESCRIPTION"}};
  for (const auto& x : tools)
    table.push_back(
      {one_line(x.name, 128),
       one_line(x.description.empty() ? x.title : x.description, 100)});
  print_table(table);
}

} // namespace

int run(const commands::tools& x, session& s) {
  auto found = [&] {
    progress_line line{cat("listing the tools of ", x.server)};
    return s.ask<conn::list_result>(
      repo::list{{x.server}, "tools/list", s.until()});
  }();
  if (!found)
    return s.fail(found.error());
  if (s.how() == format::json)
    return print_line(found->items.view()), exit_code::ok;
  auto tools = mcp::parse_tool_list(found->items);
  if (!tools)
    return s.fail(tools.error());
  show(*tools);
  return exit_code::ok;
}

int run(const commands::call& x, session& s) {
  auto arguments = json_argument(x.arguments);
  if (!arguments)
    return bad_argument(arguments.error());
  auto request = mcp::call_tool(x.tool, *arguments);
  if (!request)
    return bad_argument(request.error());
  auto answer = send(s, x.server, std::move(*request));
  if (!answer)
    return s.fail(answer.error());
  auto parsed = mcp::parse_tool_result(answer->json);
  if (s.how() == format::json)
    print_line(answer->json.view());
  if (!parsed)
    return s.fail(parsed.error());
  if (s.how() == format::json)
    return parsed->is_error ? exit_code::negative : exit_code::ok;
  return show(*parsed);
}

int run(const commands::request& x, session& s) {
  auto params = json_argument(x.params);
  if (!params)
    return bad_argument(params.error());
  auto answer = send(s, x.server, {x.method, *params});
  if (!answer)
    return s.fail(answer.error());
  print_line(answer->json.view());
  return exit_code::ok;
}

} // namespace mcpool::app
