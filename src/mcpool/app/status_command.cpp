// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/protocol/json_view.hpp>

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <utility>

#include <unistd.h>

namespace mcpool::app {

namespace {

using messages::connection::connection_status;
using table = std::vector<std::vector<std::string>>;

// Seconds are enough for people.
std::string ago(time_point then, time_point now) {
  if (then == time_point{})
    return "-";
  using std::chrono::seconds;
  auto span = std::chrono::duration_cast<seconds>(now - then);
  return cat(format_duration(span), " ago");
}

std::string waiting(const connection_status& x, time_point now) {
  if (x.waiting == 0)
    return "-";
  using std::chrono::seconds;
  auto span = std::chrono::duration_cast<seconds>(now - x.waiting_since);
  return cat(x.waiting, " for ", format_duration(span));
}

// The one in use, and the one that will be.
std::string revision(const connection_status& x) {
  if (x.revision == 0 || x.revision == x.config_revision)
    return cat(x.config_revision);
  return cat(x.revision, " -> ", x.config_revision);
}

std::string calls(const connection_status& x) {
  auto all = cat(x.calls_finished + x.calls_failed);
  return x.calls_failed == 0 ? all : cat(all, ", ", x.calls_failed, " failed");
}

// With a decimal below ten.
std::string size(std::uint64_t bytes) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < std::size(units); ++unit)
    value /= 1000;
  char out[32];
  std::snprintf(out, sizeof(out),
                unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s", value,
                units[unit]);
  return out;
}

std::string next_retry(const connection_status& x, time_point now) {
  if (x.next_retry_at <= now)
    return "-";
  using std::chrono::seconds;
  auto rest = std::chrono::ceil<seconds>(x.next_retry_at - now);
  return cat("in ", format_duration(rest));
}

void add_row(table& to, const owner_scope& owner, const connection_status& x,
             time_point now) {
  to.push_back({to_string(owner), one_line(x.server.value, 40),
                std::string{name_of(x.phase)}, ago(x.since, now), revision(x),
                x.protocol_version.empty() ? "-" : x.protocol_version,
                cat(x.attempts), cat(x.failed_starts), next_retry(x, now),
                waiting(x, now), cat(x.calls_in_flight), cat(x.calls_queued),
                calls(x), size(x.bytes_sent), size(x.bytes_received),
                x.last_error ? one_line(to_string(*x.last_error), 80) : "-"});
}

result<messages::pool::pool_status> ask_status(session& s) {
  // So that the owner's servers are shown even if nothing was asked before.
  if (auto ok = s.repository(); !ok)
    return ok.error();
  caf::scoped_actor self{s.system()};
  return engine::await<messages::pool::pool_status>(self, s.pool(),
                                                    messages::pool::status{});
}

void show(const messages::pool::pool_status& all, const session& s) {
  if (s.how() == format::json)
    return print_line(protocol::to_json_text(all));
  table rows{{"OWNER", "SERVER", "PHASE", "SINCE", "REVISION", "PROTOCOL",
              "ATTEMPTS", "FAILED", "NEXT RETRY", "WAITING", "IN FLIGHT",
              "QUEUED", "CALLS", "SENT", "RECEIVED", "LAST ERROR"}};
  for (const auto& owner : all.owners)
    for (const auto& x : owner.servers)
      add_row(rows, owner.owner, x, s.now());
  print_table(rows);
}

// -- watch --------------------------------------------------------------------

constexpr auto home_and_clear = "\x1b[H\x1b[2J";

/// Shows every state on a terminal, in place of the one before; elsewhere those
/// that differ, with an empty line between them.
class watcher {
public:
  void update(const messages::pool::pool_status& all, const session& s) {
    if (is_terminal_) {
      print_text(home_and_clear);
      return show(all, s);
    }
    auto state = protocol::to_json_text(all);
    if (state == last_)
      return;
    if (!last_.empty() && s.how() == format::text)
      print_line("");
    last_ = std::move(state);
    show(all, s);
  }

private:
  bool is_terminal_ = isatty(STDOUT_FILENO) != 0;
  std::string last_;
};

int watch(session& s) {
  watcher view;
  do {
    auto all = ask_status(s);
    if (s.stopped_within({}))
      break;
    if (!all)
      return s.fail(all.error());
    view.update(*all, s);
  } while (!output_lost() && !s.stopped_within(std::chrono::seconds{1}));
  return exit_code::ok;
}

} // namespace

int run(const commands::status& x, session& s) {
  if (x.watch)
    return watch(s);
  auto all = ask_status(s);
  if (!all)
    return s.fail(all.error());
  show(*all, s);
  return exit_code::ok;
}

} // namespace mcpool::app
