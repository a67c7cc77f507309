// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/help.hpp>

#include <mcpool/testkit/fake_server/script.hpp>

#include <string_view>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::string_view rules_text = R"(
RULES
  EVENT[:NAME][#OCCURRENCE][@SESSION]=STEP[:ARGUMENT][;STEP...]

  --on initialize=delay:200ms            a slow handshake
  --on tools/call:echo=die               dies in every call of echo
  --on 'tools/call:echo#2=garbage'       the second call only
  --on 'tools/call=answer;delay:1s;die'  dies a second after an answer
  --on 'initialize@1=half;die'           the first process (session) only
  --on 'start#1=grandchild:10s;exit:3'

  NAME is the tool, the prompt, or the resource URI. OCCURRENCE and SESSION
  are N, N-M or N-, from 1. SESSION counts the sessions of an HTTP server, or
  the processes that share a --stats-dir. Each rule counts for itself; the
  first rule that fits is taken. Script files hold one rule per line; empty
  lines and lines that start with # are skipped.

EVENTS
  initialize, ping, tools/call, ...      a request of this method
  notifications/initialized, ...         a notification of this method
  response                               an answer to a request of ours
  *                                      any request
  start                                  before anything is read
  eof, term                              stdin ended, SIGTERM (stdio);
                                         hang: ignored, default: exit
  POST, GET, DELETE                      an HTTP request to the endpoint
  connect                                a TCP connection was accepted

STEPS (run in order; the normal answer follows the last one unless a step
       gave it, replaced it, or hung)
)";

constexpr std::string_view tools_text = R"(
TOOLS
  echo{message}  sleep{ms}  fail  error  big{bytes}  progress{steps,ms}
  env{name}      the variable, or all names without one
  cwd  pid  fds  the descriptors above 2 that it was started with
  stderr{text,lines}  log{level,text}  notify{method,params}  batch
  list_changed{kind}  kind tools, prompts or resources; tools: adds one
  ask{method,params,timeout_ms}  asks the client; the answer as JSON
  cancelled      {"count", "ids"} of the cancellations received
  do{steps}      runs these steps, as a rule would

HTTP RESOURCES
  /mcp                       the endpoint
  GET  /stats                the statistics
  POST /admin/push           sends this JSON message on every GET stream; a
                             request gets an id of the server's own
  POST /admin/drop-sessions  forgets every session
  POST /admin/rules          rules as text, put in place of the present ones

STATISTICS (JSON)
  pid process_number started initialized protocol_version ended
  connections sessions initializes handshakes calls in_flight get_streams:
    each {live, max, total}
  requests tools http notification_counts: numbers by name
  deletes resumes violation_count: numbers
  notifications cancelled responses violations headers grandchildren: the
    last ones
)";

std::string shown(const verb_info& row) {
  std::string text{row.name};
  switch (row.takes) {
    case argument::none: break;
    case argument::number: text += ":N"; break;
    case argument::duration: text += ":TIME"; break;
    case argument::text: text += ":TEXT"; break;
    case argument::some_number: text += "[:N]"; break;
    case argument::some_duration: text += "[:TIME]";
  }
  return text;
}

std::string indented(std::string_view text, std::size_t column) {
  std::string result;
  for (char c : text) {
    result += c;
    if (c == '\n')
      result.append(column, ' ');
  }
  return result;
}

} // namespace

std::string rule_help() {
  constexpr std::size_t column = 21;
  std::string text{rules_text};
  for (auto& row : verbs()) {
    auto name = "  " + shown(row);
    name.resize(column, ' ');
    text += name + indented(row.help, column)
            + (row.http_only ? " [HTTP]\n" : "\n");
  }
  return text + std::string{tools_text};
}

} // namespace mcpool::testkit::fake_server
