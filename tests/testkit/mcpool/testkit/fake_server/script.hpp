// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A script is a list of rules, and a rule is one line:
//
//   EVENT[:NAME][#OCCURRENCE][@SESSION]=STEP[:ARGUMENT][;STEP...]
//
// When something happens (a message arrives, a connection is accepted, the
// process starts) the first rule that fits decides which steps run before, in
// place of, or after the normal answer. What does not fit any rule is handled
// as a well-behaved server would.

#pragma once

#include <mcpool/testkit/fake_server/problem.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::testkit::fake_server {

/// What a step does; `--help` prints the table `verbs()`.
enum class verb {
  delay,
  hang,
  answer,
  die,
  exit,
  kill,
  stderr_text,
  flood_stderr,
  grandchild,
  noise,
  raw,
  log,
  notify,
  ask,
  list_changed,
  error,
  result,
  wrong_id,
  null_id,
  no_id,
  duplicate,
  not_rpc,
  deep,
  garbage,
  empty,
  batch,
  half,
  endless,
  drip,
  close,
  reset,
  status,
  html,
  redirect,
  header,
  type,
  sse,
  json,
  break_stream,
  lose_session,
};

/// What stands after the colon of a step.
enum class argument {
  none,
  number,
  duration,
  text,
  some_number,
  some_duration
};

/// One row of the table of steps.
struct verb_info {
  std::string_view name;
  verb what;
  argument takes;
  /// The step makes sense with the HTTP front only.
  bool http_only;
  /// What is meant when an optional argument is left out.
  std::int64_t fallback;
  std::string_view help;
};

/// Every step there is, in the order of `--help`.
const std::vector<verb_info>& verbs();

/// The row of `what`.
const verb_info& info(verb what);

/// One thing to do. Durations are in `number`, in milliseconds.
struct step {
  verb what = verb::answer;
  std::string text;
  std::int64_t number = 0;
};

using steps = std::vector<step>;

/// A range of ordinals, both ends included, counted from 1.
struct span {
  std::size_t first = 1;
  std::size_t last = std::numeric_limits<std::size_t>::max();

  /// Whether `ordinal` lies in the range.
  bool contains(std::size_t ordinal) const {
    return first <= ordinal && ordinal <= last;
  }
};

/// One line of a script.
struct rule {
  std::string event;
  /// Tool or prompt name, or resource URI; empty fits every name.
  std::string name;
  /// Which of the matching events it applies to.
  span occurrence;
  /// Which session (HTTP) or process (stdio with `--stats-dir`).
  span session;
  steps todo;
};

/// Something that happened.
struct occasion {
  /// What it may be called in a rule, e.g. `tools/call`, `POST`, `*`.
  std::vector<std::string_view> events;
  std::string_view name;
  std::size_t session = 1;
};

/// `250ms`, `2s`, `1m`; a bare number is milliseconds. At most 24 hours.
parsed<std::chrono::milliseconds> parse_duration(std::string_view text);

/// `STEP[:ARGUMENT][;STEP...]`.
parsed<steps> parse_steps(std::string_view text);

/// One rule.
parsed<rule> parse_rule(std::string_view text);

/// One rule per line; empty lines and lines that start with `#` are skipped.
/// Errors name the line.
parsed<std::vector<rule>> parse_script(std::string_view text);

/// The rules and how often each was met.
class script {
public:
  /// Appends a rule; earlier rules win.
  void add(rule line);

  /// Forgets every rule.
  void clear();

  /// The steps of the first rule that fits, if any. Every rule whose event,
  /// name and session fit counts the occasion, whether or not it is chosen.
  std::optional<steps> find(const occasion& what);

  /// Whether any rule is about `event`.
  bool mentions(std::string_view event) const;

  /// The first step that only the HTTP front can do, if there is one.
  std::optional<verb> first_http_only() const;

private:
  struct counted_rule {
    rule line;
    std::size_t met = 0;
  };

  std::vector<counted_rule> rules_;
};

} // namespace mcpool::testkit::fake_server
