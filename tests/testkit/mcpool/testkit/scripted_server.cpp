// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/scripted_server.hpp>

#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_read.hpp>
#include <mcpool/protocol/json_scan.hpp>
#include <mcpool/protocol/json_write.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace mcpool::testkit {

namespace {

// JSON-RPC 2.0, section 5.1.
constexpr std::int64_t method_not_found = -32601;
constexpr std::int64_t invalid_params = -32602;

// The member `key` of a JSON object as JSON text; empty if there is none.
std::string_view member_of(std::string_view object, std::string_view key) {
  auto members = protocol::scan_object(object);
  return members ? protocol::find_member(*members, key) : std::string_view{};
}

std::string content(std::string_view text, std::string_view more) {
  return cat(R"({"content":[{"type":"text","text":)", protocol::quote(text),
             "}]", more, "}");
}

} // namespace

config::server_config scripted_config(const std::string& name) {
  config::server_config out;
  out.name = {name};
  out.command = cat("/scripted/", name);
  out.revision = 1;
  out.fingerprint = config::fingerprint_of(out);
  return out;
}

// -- what a server is asked ---------------------------------------------------

std::string server_request::argument(std::string_view key) const {
  return protocol::string_or_empty(member_of(arguments.view(), key));
}

// -- what it answers ----------------------------------------------------------

server_reply text(std::string_view x) {
  return json(content(x, {}));
}

server_reply tool_error(std::string_view x) {
  return json(content(x, R"(,"isError":true)"));
}

server_reply json(std::string_view result) {
  server_reply out;
  out.what = server_reply::kind::result;
  out.body = result;
  return out;
}

server_reply rpc_error(std::int64_t code, std::string_view message) {
  server_reply out;
  out.what = server_reply::kind::error;
  out.body = message;
  out.code = code;
  return out;
}

server_reply no_answer() {
  return {};
}

server_reply crash() {
  server_reply out;
  out.what = server_reply::kind::crash;
  return out;
}

server_reply after(duration delay, server_reply x) {
  x.delay += delay;
  return x;
}

// -- the server ---------------------------------------------------------------

scripted_server::scripted_server(scripted_network& network, std::string name)
  : network_(&network),
    name_(std::move(name)) {
  habits().serve = [this](scripted_session& session, const sent_message& x) {
    on_request(session, x);
  };
}

scripted_server::~scripted_server() {
  habits().serve = nullptr;
}

// -- what it offers -----------------------------------------------------------

scripted_server& scripted_server::tool(std::string name, function f,
                                       std::string schema) {
  tools_[std::move(name)] = {std::move(f), std::move(schema)};
  return *this;
}

scripted_server& scripted_server::on(std::string method, function f) {
  methods_[std::move(method)] = std::move(f);
  return *this;
}

server_reply scripted_server::list_tools() const {
  std::string out = R"({"tools":[)";
  for (const auto& [name, x] : tools_) {
    if (out.back() == '}')
      out += ',';
    out += cat(R"({"name":)", protocol::quote(name), R"(,"inputSchema":)",
               x.schema, "}");
  }
  return json(out + "]}");
}

// -- what it was asked --------------------------------------------------------

std::vector<server_request>
scripted_server::calls(std::string_view tool) const {
  std::vector<server_request> out;
  std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(out),
               [tool](const server_request& x) {
                 return x.method == "tools/call" && x.name == tool;
               });
  return out;
}

void scripted_server::on_request(scripted_session& session,
                                 const sent_message& x) {
  server_request out;
  out.method = x.message.method;
  out.params = x.message.params;
  out.id = x.id;
  const auto& all = network_->sessions(name_);
  auto pos = std::find_if(all.begin(), all.end(),
                          [&](const auto& y) { return y.get() == &session; });
  out.session = static_cast<std::size_t>(pos - all.begin()) + 1;
  auto params = out.params.view();
  auto name
    = member_of(params, out.method == "resources/read" ? "uri" : "name");
  out.name = protocol::string_or_empty(name);
  auto arguments = member_of(params, "arguments");
  out.arguments
    = arguments.empty() ? shared_text{"{}"} : out.params.slice(arguments);
  requests_.push_back(out);
  give(*pos, out.id, reply_to(out));
}

server_reply scripted_server::reply_to(const server_request& x) {
  if (auto pos = methods_.find(x.method); pos != methods_.end())
    return function{pos->second}(x);
  if (x.method == "ping")
    return json("{}");
  if (x.method == "tools/list")
    return list_tools();
  if (x.method != "tools/call") {
    ADD_FAILURE() << "'" << name_ << "' does not expect '" << x.method << "'";
    return rpc_error(method_not_found, cat("no method '", x.method, "'"));
  }
  auto pos = tools_.find(x.name);
  if (pos != tools_.end())
    return function{pos->second.f}(x);
  ADD_FAILURE() << "'" << name_ << "' has no tool '" << x.name << "'";
  return rpc_error(invalid_params, cat("no tool '", x.name, "'"));
}

// -- what it does -------------------------------------------------------------

std::shared_ptr<scripted_session>
scripted_server::session_of(const server_request& x) const {
  const auto& all = network_->sessions(name_);
  auto known = x.session >= 1 && x.session <= all.size();
  return known && all[x.session - 1]->open() ? all[x.session - 1] : nullptr;
}

void scripted_server::answer(const server_request& to, const server_reply& x) {
  if (auto session = session_of(to))
    give(session, to.id, x);
}

void scripted_server::give(const std::shared_ptr<scripted_session>& session,
                           std::int64_t id, const server_reply& x) {
  using kind = server_reply::kind;
  network_->after(x.delay, [session, id, x] {
    switch (x.what) {
      case kind::result: return session->answer(id, x.body);
      case kind::error: return session->refuse(id, x.code, x.body);
      case kind::silence: return;
      case kind::crash:
        return session->end(
          make_refusal(errc::connection_lost, "the scripted server crashed"));
    }
  });
}

void scripted_server::notify(std::string_view method, std::string_view params) {
  for (const auto& x : network_->sessions(name_))
    if (x->open())
      x->notify(method, params);
}

void scripted_server::progress(const server_request& of, double done,
                               double total, std::string_view message) {
  auto token = member_of(member_of(of.params.view(), "_meta"), "progressToken");
  auto session = session_of(of);
  if (!session || token.empty())
    return;
  session->notify("notifications/progress",
                  cat(R"({"progressToken":)", token, R"(,"progress":)",
                      std::to_string(done), R"(,"total":)",
                      std::to_string(total), R"(,"message":)",
                      protocol::quote(message), "}"));
}

void scripted_server::crash(refusal why) {
  auto all = network_->sessions(name_);
  for (const auto& x : all)
    if (x->opened())
      x->end(why);
}

void scripted_server::refuse_start(refusal why) {
  habits().refuses = std::move(why);
}

void scripted_server::hang_at_start() {
  habits().hangs = true;
}

void scripted_server::recover() {
  habits().refuses.reset();
  habits().hangs = false;
}

} // namespace mcpool::testkit
