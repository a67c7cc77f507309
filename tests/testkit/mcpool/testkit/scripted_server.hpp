// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>

#include <mcpool/testkit/scripted_transport.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mcpool::testkit {

/// A configuration that fits a server on a `scripted_network`: over stdio, a
/// command that is never run, fingerprint and revision set.
config::server_config scripted_config(const std::string& name);

// -- what a server is asked ---------------------------------------------------

/// A request that reached a scripted server.
struct server_request {
  /// For example `tools/call`.
  std::string method;
  /// The tool or prompt, or the URI of the resource; empty if there is none.
  std::string name;
  /// The arguments of a tool or prompt, a JSON object as text; `{}` for none.
  shared_text arguments;
  /// Everything that was sent as `params`; empty for none.
  shared_text params;
  /// The id in its session.
  std::int64_t id = 0;
  /// Which session it came over, counted from 1.
  std::size_t session = 0;

  /// An argument that is a string; empty if it is absent or something else.
  std::string argument(std::string_view key) const;
};

// -- what it answers ----------------------------------------------------------

/// What a scripted server does with a request. Made by the functions below.
struct server_reply {
  enum class kind : std::uint8_t { result, error, silence, crash };

  server_reply::kind what = kind::silence;
  /// The result as JSON text, or the message of an error.
  std::string body;
  /// The code of an error.
  std::int64_t code = 0;
  /// How long it takes.
  duration delay = duration::zero();
};

/// The result of a tool: one text.
server_reply text(std::string_view content);

/// The result of a tool that failed: one text and `isError`.
server_reply tool_error(std::string_view content);

/// Any result, JSON text.
server_reply json(std::string_view result);

/// A JSON-RPC error.
server_reply rpc_error(std::int64_t code, std::string_view message);

/// No answer yet: `scripted_server::answer` may give it later.
server_reply no_answer();

/// No answer: the server ends.
server_reply crash();

/// The same reply, after a time on the virtual clock.
server_reply after(duration delay, server_reply x);

// -- the server ---------------------------------------------------------------

/// An MCP server in the test's own process: tools are functions, and what it
/// was asked can be looked up. A request that it has no function for fails the
/// test (and is answered with an error, so that nothing hangs).
///
/// It answers `initialize`, `ping` and `tools/list` by itself, and declares
/// tools, prompts and resources. Everything happens while the fixture runs or
/// advances, on the test's thread.
class scripted_server {
public:
  /// What a server does with a request.
  using function = std::function<server_reply(const server_request&)>;

  /// The server `name` of a network, which must outlive it.
  scripted_server(scripted_network& network, std::string name);

  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  ~scripted_server();

  // -- what it offers ---------------------------------------------------------

  /// Adds a tool, or replaces it. `schema` is its `inputSchema`, JSON text.
  scripted_server& tool(std::string name, function f,
                        std::string schema = R"({"type":"object"})");

  /// A tool that always answers the same text.
  scripted_server& tool(std::string name, std::string_view content) {
    return tool(std::move(name),
                [x = text(content)](const server_request&) { return x; });
  }

  /// Serves any other method, for example `resources/read`. Wins over what the
  /// server does by itself.
  scripted_server& on(std::string method, function f);

  // -- what it was asked ------------------------------------------------------

  /// Every request but `initialize`, in its order.
  const std::vector<server_request>& requests() const { return requests_; }

  /// The calls of a tool, in their order.
  std::vector<server_request> calls(std::string_view tool) const;

  /// How many sessions were started.
  std::size_t starts() const { return network_->opened(name_); }

  /// How many are open now.
  std::size_t live() const { return network_->live(name_); }

  /// The newest session, at the level of messages.
  scripted_session& session() { return network_->last(name_); }

  // -- what it does -----------------------------------------------------------

  /// Answers a request of `requests()` that has none yet. Does nothing if its
  /// session is gone.
  void answer(const server_request& to, const server_reply& x);

  /// Sends a notification in every open session. `params` is JSON text.
  void notify(std::string_view method, std::string_view params = {});

  /// Reports the progress of a request, if its caller wants to know.
  void progress(const server_request& of, double done, double total,
                std::string_view message = {});

  /// Every session ends, as if the process had died.
  void crash(refusal why = make_refusal(errc::connection_lost,
                                        "the scripted server crashed"));

  /// From now on starting it fails.
  void refuse_start(refusal why = make_refusal(errc::connect_failed,
                                               "there is no such program"));

  /// From now on it starts, but never answers `initialize`.
  void hang_at_start();

  /// Takes back `refuse_start` and `hang_at_start` for what starts from now
  /// on.
  void recover();

  /// What it does by itself, in detail.
  server_habits& habits() { return network_->habits(name_); }

private:
  void on_request(scripted_session& session, const sent_message& x);
  server_reply reply_to(const server_request& x);
  server_reply list_tools() const;
  void give(const std::shared_ptr<scripted_session>& session, std::int64_t id,
            const server_reply& x);
  std::shared_ptr<scripted_session> session_of(const server_request& x) const;

  struct offered_tool {
    function f;
    std::string schema;
  };

  scripted_network* network_;
  std::string name_;
  std::map<std::string, offered_tool> tools_;
  std::map<std::string, function> methods_;
  std::vector<server_request> requests_;
};

} // namespace mcpool::testkit
