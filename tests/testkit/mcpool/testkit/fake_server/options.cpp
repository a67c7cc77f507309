// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/options.hpp>

#include <mcpool/testkit/fake_server/help.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

using std::chrono::milliseconds;

// What CLI11 fills in as text and we read afterwards.
struct raw_options {
  std::string front;
  std::vector<std::string> rules;
  std::vector<std::string> scripts;
  std::string handshake_delay = "0";
  std::string retry;
  std::string lifetime = "15m";
  int exit_at_start = -1;
  bool no_session = false;
  bool ignore_eof = false;
  bool ignore_term = false;
};

void add_offers(CLI::App& app, options& o) {
  app.add_option("--tools", o.extra_tools, "this many more tools, tool_1...")
    ->check(CLI::Range(0, 1'000'000));
  app.add_option("--prompts", o.prompts, "this many prompts (3)")
    ->check(CLI::Range(0, 1'000'000));
  app.add_option("--resources", o.resources, "this many resources (3)")
    ->check(CLI::Range(0, 1'000'000));
  app.add_option("--page-size", o.page_size, "items per page of a list");
  app.add_flag("--endless-pages", o.endless_pages,
               "lists never end; each page has a new cursor");
  app.add_flag("--same-cursor", o.same_cursor,
               "lists never end; the cursor is always the same");
  app
    .add_option("--without", o.without,
                "leave this capability out; may be repeated")
    ->allow_extra_args(false);
  app.add_option("--instructions", o.instructions,
                 "instructions in the initialize result");
}

void add_answers(CLI::App& app, options& o, raw_options& raw) {
  app.add_option("--protocol-version", o.protocol_version,
                 "answer initialize with this version, known or not");
  app.add_option("--handshake-delay", raw.handshake_delay,
                 "delay of the answer to initialize");
  app.add_flag("--json-array", o.json_array, "answers are arrays of one");
  app.add_flag("--answer-cancelled", o.answer_cancelled,
               "answer calls that were cancelled, too");
}

void add_faults(CLI::App& app, options& o, raw_options& raw) {
  app.add_option("--on,--do", raw.rules, "a rule; see below")
    ->allow_extra_args(false);
  app.add_option("--script", raw.scripts, "a file of rules, after --on")
    ->allow_extra_args(false);
  app.add_option("--stdout-at-start", o.stdout_at_start,
                 "print this line on stdout first (stdio)");
  app.add_option("--stderr-at-start", o.stderr_at_start,
                 "print this line on stderr first");
  app
    .add_option("--exit-at-start", raw.exit_at_start,
                "exit with this code, before anything is read")
    ->check(CLI::Range(0, 255));
  app.add_flag("--no-read", o.no_read, "never read stdin (stdio)");
  app.add_flag("--ignore-eof", raw.ignore_eof, "same as --on eof=hang");
  app.add_flag("--ignore-term", raw.ignore_term, "same as --on term=hang");
  app.add_option("--lifetime", raw.lifetime,
                 "end by SIGALRM after this time, whatever happens (15m)");
}

void add_measuring(CLI::App& app, options& o) {
  app.add_option("--stats-file", o.stats_file,
                 "keep the statistics in this file");
  app.add_option("--stats-dir", o.stats_dir,
                 "keep them in the next free process-<N>.json there");
}

void add_http(CLI::App& app, options& o, raw_options& raw) {
  app.add_option("--port", o.port, "0 is any; first line: {\"port\":N}");
  app.add_option("--port-file", o.port_file, "write {\"port\":N} here, too");
  app.add_option("--path", o.path, "the endpoint (/mcp)");
  app.add_flag("--until-eof", o.until_eof, "end when stdin ends");
  app.add_flag("--sse", o.sse, "answer requests as SSE streams");
  app.add_flag("--no-session", raw.no_session, "no session ids");
  app.add_option("--lose-session-after", o.lose_session_after,
                 "each session is lost after so many requests");
  app
    .add_option("--dead-session-status", o.dead_session_status,
                "status for a dead session (404)")
    ->check(CLI::Range(400, 599));
  app
    .add_option("--delete-status", o.delete_status,
                "answer to DELETE; 4xx and 5xx keep the session (200)")
    ->check(CLI::Range(200, 599));
  app.add_flag("--get-stream", o.get_stream, "offer the GET stream");
  app
    .add_option("--get-status", o.get_status,
                "answer to GET without --get-stream (405)")
    ->check(CLI::Range(200, 599));
  app.add_flag("--priming", o.priming,
               "SSE streams start with a priming event and carry event ids");
  app.add_option("--retry", raw.retry, "`retry:` of every SSE stream");
}

std::string read_file(const std::string& path, bool& readable) {
  std::ifstream in{path};
  readable = in.good();
  return {std::istreambuf_iterator<char>{in}, {}};
}

void add_rule(script& plan, const std::string& text) {
  auto line = parse_rule(text);
  if (!line)
    throw CLI::ValidationError("--on " + text, line.error().text);
  plan.add(std::move(*line));
}

void add_script(script& plan, const std::string& path) {
  bool readable = false;
  auto lines = parse_script(read_file(path, readable));
  if (!readable)
    throw CLI::ValidationError("--script " + path, "cannot be read");
  if (!lines)
    throw CLI::ValidationError("--script " + path, lines.error().text);
  for (auto& line : *lines)
    plan.add(std::move(line));
}

milliseconds duration(const char* name, const std::string& text) {
  auto value = parse_duration(text);
  if (!value)
    throw CLI::ValidationError(name, value.error().text);
  return *value;
}

void check_front(const options& o) {
  using kind = options::front_kind;
  if (o.front == kind::http)
    return;
  if (auto what = o.plan.first_http_only())
    throw CLI::ValidationError(std::string{info(*what).name},
                               "is a step of the HTTP server only");
}

void finish(options& o, const raw_options& raw) {
  using kind = options::front_kind;
  o.front = raw.front == "http" ? kind::http : kind::stdio;
  for (auto& text : raw.rules)
    add_rule(o.plan, text);
  for (auto& path : raw.scripts)
    add_script(o.plan, path);
  if (raw.ignore_eof)
    add_rule(o.plan, "eof=hang");
  if (raw.ignore_term)
    add_rule(o.plan, "term=hang");
  if (raw.exit_at_start >= 0)
    o.exit_at_start = raw.exit_at_start;
  o.sessions = !raw.no_session;
  o.handshake_delay = duration("--handshake-delay", raw.handshake_delay);
  if (!raw.retry.empty())
    o.retry = duration("--retry", raw.retry);
  auto lifetime = duration("--lifetime", raw.lifetime);
  o.lifetime = std::chrono::duration_cast<std::chrono::seconds>(lifetime);
  if (o.lifetime.count() < 1)
    throw CLI::ValidationError("--lifetime", "must be at least 1s");
  check_front(o);
}

} // namespace

std::variant<options, int> read_command_line(int argc, char** argv) {
  options o;
  raw_options raw;
  CLI::App app{"A scriptable MCP server that misbehaves on demand.",
               "mcpool-fake-server"};
  app.add_option("front", raw.front, "stdio or http")
    ->required()
    ->check(CLI::IsMember({"stdio", "http"}));
  add_offers(app, o);
  add_answers(app, o, raw);
  add_faults(app, o, raw);
  add_measuring(app, o);
  add_http(app, o, raw);
  app.footer(rule_help());
  try {
    app.parse(argc, argv);
    finish(o, raw);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  }
  return o;
}

} // namespace mcpool::testkit::fake_server
