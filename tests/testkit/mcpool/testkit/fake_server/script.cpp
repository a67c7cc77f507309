// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/script.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t max_duration_ms = 24LL * 60 * 60 * 1000;

std::string quoted(std::string_view text) {
  return "\"" + std::string{text} + "\"";
}

problem because(std::string text) {
  return problem{std::move(text)};
}

std::string_view trimmed(std::string_view text) {
  auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

template <class T>
std::optional<T> to_number(std::string_view text) {
  T value{};
  auto end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || rest != end)
    return std::nullopt;
  return value;
}

std::optional<span> to_span(std::string_view text) {
  auto dash = text.find('-');
  auto first = to_number<std::size_t>(text.substr(0, dash));
  if (!first || *first == 0)
    return std::nullopt;
  if (dash == std::string_view::npos)
    return span{*first, *first};
  if (dash + 1 == text.size())
    return span{*first};
  auto last = to_number<std::size_t>(text.substr(dash + 1));
  if (!last || *last < *first)
    return std::nullopt;
  return span{*first, *last};
}

// Takes `#SPAN` and `@SPAN` off the end of a selector.
parsed<std::string_view> take_spans(std::string_view selector, rule& line) {
  for (;;) {
    auto mark = selector.find_last_of("#@");
    if (mark == std::string_view::npos)
      return selector;
    auto text = selector.substr(mark + 1);
    auto range = to_span(text);
    if (!range)
      return because(quoted(text)
                     + " is no ordinal: write N, N-M or N-, "
                       "counted from 1");
    (selector[mark] == '#' ? line.occurrence : line.session) = *range;
    selector = selector.substr(0, mark);
  }
}

const verb_info* find_verb(std::string_view name) {
  auto& table = verbs();
  auto row = std::find_if(table.begin(), table.end(),
                          [&](auto& x) { return x.name == name; });
  return row == table.end() ? nullptr : &*row;
}

parsed<step> with_number(step done, std::string_view text) {
  // `CODE:TEXT` is allowed after a number: error:-32000:Out of cheese.
  auto colon = text.find(':');
  auto value = to_number<std::int64_t>(text.substr(0, colon));
  if (!value)
    return because(quoted(text) + " does not start with a whole number");
  done.number = *value;
  if (colon != std::string_view::npos)
    done.text = text.substr(colon + 1);
  return done;
}

parsed<step> with_duration(step done, std::string_view text) {
  auto value = parse_duration(text);
  if (!value)
    return value.error();
  done.number = value->count();
  return done;
}

parsed<step> with_argument(const verb_info& row, std::string_view text) {
  step done{row.what, {}, row.fallback};
  switch (row.takes) {
    case argument::none:
      return because(std::string{row.name} + " takes no argument");
    case argument::number:
    case argument::some_number: return with_number(std::move(done), text);
    case argument::duration:
    case argument::some_duration: return with_duration(std::move(done), text);
    case argument::text: done.text = text;
  }
  return done;
}

bool may_stand_alone(argument kind) {
  return kind == argument::none || kind == argument::some_number
         || kind == argument::some_duration;
}

parsed<step> check_range(step done) {
  auto& name = info(done.what).name;
  auto within = [&](std::int64_t low, std::int64_t high) -> parsed<step> {
    if (done.number >= low && done.number <= high)
      return done;
    return because(std::string{name} + " takes " + std::to_string(low) + " to "
                   + std::to_string(high) + ", not "
                   + std::to_string(done.number));
  };
  switch (done.what) {
    case verb::exit: return within(0, 255);
    case verb::status:
    case verb::html: return within(200, 599);
    case verb::deep:
    case verb::noise: return within(1, 1'000'000);
    case verb::flood_stderr: return within(1, 1LL << 30);
    default: return done;
  }
}

parsed<step> check_text(step done) {
  if (done.what == verb::header && done.text.find('=') == std::string::npos)
    return because("header takes NAME=VALUE, not " + quoted(done.text));
  if (info(done.what).takes == argument::text && done.text.empty())
    return because(std::string{info(done.what).name} + " needs an argument");
  return check_range(std::move(done));
}

parsed<step> parse_step(std::string_view text) {
  auto colon = text.find(':');
  auto name = trimmed(text.substr(0, colon));
  auto row = find_verb(name);
  if (!row)
    return because("there is no step " + quoted(name) + "; see --help");
  if (colon == std::string_view::npos) {
    if (!may_stand_alone(row->takes))
      return because(std::string{name} + " needs an argument");
    return step{row->what, {}, row->fallback};
  }
  auto done = with_argument(*row, text.substr(colon + 1));
  return done ? check_text(std::move(*done)) : done;
}

bool fits(const rule& line, const occasion& what) {
  auto& events = what.events;
  auto known = std::find(events.begin(), events.end(), line.event);
  return known != events.end() && line.session.contains(what.session)
         && (line.name.empty() || line.name == what.name);
}

} // namespace

const std::vector<verb_info>& verbs() {
  using a = argument;
  static const std::vector<verb_info> table{
    {"delay", verb::delay, a::duration, false, 0, "waits"},
    {"hang", verb::hang, a::none, false, 0,
     "never answers; the steps after it do not run"},
    {"answer", verb::answer, a::none, false, 0,
     "answers now; without it the answer comes last"},
    {"die", verb::die, a::none, false, 0, "exits at once with code 1"},
    {"exit", verb::exit, a::number, false, 0, "exits with this code"},
    {"kill", verb::kill, a::none, false, 0, "kills itself with SIGKILL"},
    {"stderr", verb::stderr_text, a::text, false, 0, "a line on stderr"},
    {"flood_stderr", verb::flood_stderr, a::number, false, 0,
     "so many bytes on stderr; blocks while nobody reads"},
    {"grandchild", verb::grandchild, a::some_duration, false, 60'000,
     "forks a child that holds the pipes and sleeps (60s)"},
    {"noise", verb::noise, a::some_number, false, 1,
     "first N lines (SSE events) that are not JSON (1)"},
    {"raw", verb::raw, a::text, false, 0, "first this line (SSE event) as is"},
    {"log", verb::log, a::text, false, 0, "first a log notification"},
    {"notify", verb::notify, a::text, false, 0,
     "first a notification of this method"},
    {"ask", verb::ask, a::text, false, 0,
     "first a request of this method; does not wait for its answer"},
    {"list_changed", verb::list_changed, a::none, false, 0,
     "first notifications/tools/list_changed"},
    {"error", verb::error, a::number, false, 0,
     "answers a JSON-RPC error: CODE[:MESSAGE]"},
    {"result", verb::result, a::text, false, 0, "answers this JSON result"},
    {"wrong_id", verb::wrong_id, a::none, false, 0,
     "the answer carries an id nobody used"},
    {"null_id", verb::null_id, a::none, false, 0, "the answer's id is null"},
    {"no_id", verb::no_id, a::none, false, 0, "the answer has no id"},
    {"duplicate", verb::duplicate, a::none, false, 0, "answers twice"},
    {"not_rpc", verb::not_rpc, a::none, false, 0,
     "answers JSON that is no JSON-RPC"},
    {"deep", verb::deep, a::some_number, false, 10'000,
     "the result is an array nested so deep (10000)"},
    {"garbage", verb::garbage, a::none, false, 0,
     "answers something that is no JSON"},
    {"empty", verb::empty, a::none, false, 0,
     "answers an empty line (200 with an empty body)"},
    {"batch", verb::batch, a::none, false, 0,
     "the answer comes in an array with two notifications"},
    {"half", verb::half, a::none, false, 0,
     "answers now, but only half; then nothing"},
    {"endless", verb::endless, a::none, false, 0,
     "answers now, with a line or body that never ends"},
    {"drip", verb::drip, a::duration, false, 0,
     "the answer leaves byte by byte, this long apart"},
    {"close", verb::close, a::none, false, 0,
     "closes stdout (stdio) or the connection (HTTP)"},
    {"reset", verb::reset, a::none, true, 0, "resets the TCP connection"},
    {"status", verb::status, a::number, true, 0,
     "answers this HTTP status: CODE[:BODY]"},
    {"html", verb::html, a::some_number, true, 200,
     "answers an HTML page with this status (200)"},
    {"redirect", verb::redirect, a::text, true, 0,
     "redirects: [CODE:]URL, 307 without a code"},
    {"header", verb::header, a::text, true, 0,
     "adds NAME=VALUE to the answer's header"},
    {"type", verb::type, a::text, true, 0, "the answer's content type"},
    {"sse", verb::sse, a::none, true, 0, "answers as an SSE stream"},
    {"json", verb::json, a::none, true, 0, "answers as JSON"},
    {"break", verb::break_stream, a::some_duration, true, 0,
     "opens an SSE stream with a priming event and `retry:`, ends\n"
     "it, and keeps the rest for the GET with Last-Event-ID (0)"},
    {"lose_session", verb::lose_session, a::none, true, 0,
     "forgets the session; unless answered yet, answers so"},
  };
  return table;
}

const verb_info& info(verb what) {
  auto& table = verbs();
  return *std::find_if(table.begin(), table.end(),
                       [&](auto& row) { return row.what == what; });
}

parsed<milliseconds> parse_duration(std::string_view text) {
  auto end = text.find_first_not_of("0123456789");
  auto unit = end == std::string_view::npos ? "ms" : text.substr(end);
  auto value = to_number<std::int64_t>(text.substr(0, end));
  std::int64_t scale = 0;
  if (unit == "ms")
    scale = 1;
  else if (unit == "s")
    scale = 1'000;
  else if (unit == "m")
    scale = 60'000;
  if (!value || scale == 0)
    return because(quoted(text) + " is no duration: write 250ms, 2s or 1m");
  if (*value > max_duration_ms / scale)
    return because(quoted(text) + " is longer than 24 hours");
  return milliseconds{*value * scale};
}

parsed<steps> parse_steps(std::string_view text) {
  steps todo;
  while (!text.empty()) {
    auto end = text.find(';');
    auto one = parse_step(text.substr(0, end));
    if (!one)
      return one.error();
    todo.push_back(std::move(*one));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  if (todo.empty())
    return because("there is no step after the =");
  return todo;
}

parsed<rule> parse_rule(std::string_view text) {
  auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return because(quoted(text) + " has no =: write EVENT=STEP");
  rule line;
  auto selector = take_spans(trimmed(text.substr(0, equals)), line);
  if (!selector)
    return selector.error();
  auto colon = selector->find(':');
  line.event = selector->substr(0, colon);
  if (colon != std::string_view::npos)
    line.name = selector->substr(colon + 1);
  if (line.event.empty())
    return because(quoted(text) + " names no event before the =");
  auto todo = parse_steps(trimmed(text.substr(equals + 1)));
  if (!todo)
    return todo.error();
  line.todo = std::move(*todo);
  return line;
}

parsed<std::vector<rule>> parse_script(std::string_view text) {
  std::vector<rule> rules;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto end = text.find('\n');
    auto line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    if (line.empty() || line.front() == '#')
      continue;
    auto one = parse_rule(line);
    if (!one)
      return because("line " + std::to_string(number) + ": "
                     + one.error().text);
    rules.push_back(std::move(*one));
  }
  return rules;
}

void script::add(rule line) {
  rules_.push_back({std::move(line)});
}

void script::clear() {
  rules_.clear();
}

std::optional<steps> script::find(const occasion& what) {
  const rule* chosen = nullptr;
  for (auto& [line, met] : rules_)
    if (fits(line, what) && line.occurrence.contains(++met) && !chosen)
      chosen = &line;
  return chosen ? std::optional{chosen->todo} : std::nullopt;
}

bool script::mentions(std::string_view event) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](auto& x) { return x.line.event == event; });
}

std::optional<verb> script::first_http_only() const {
  for (auto& [line, met] : rules_)
    for (auto& one : line.todo)
      if (info(one.what).http_only)
        return one.what;
  return std::nullopt;
}

} // namespace mcpool::testkit::fake_server
