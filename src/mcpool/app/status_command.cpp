// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/protocol/json_view.hpp>

#include <caf/scoped_actor.hpp>

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
                std::string{name_of(x.phase)}, ago(x.since, now),
                cat(x.failed_starts), next_retry(x, now),
                cat(x.calls_in_flight), cat(x.waiting),
                x.last_error ? one_line(to_string(*x.last_error), 80) : "-"});
}

} // namespace

int run(const commands::status&, session& s) {
  // So that the owner's servers are shown even if nothing was asked before.
  if (auto ok = s.service().repository(s.line().owner); !ok)
    return s.fail(ok.error());
  caf::scoped_actor self{s.system()};
  auto all = engine::await<messages::pool::pool_status>(
    self, s.service().pool(), messages::pool::status{});
  if (!all)
    return s.fail(all.error());
  if (s.how() == format::json)
    return print_line(protocol::to_json_text(*all)), exit_code::ok;
  table rows{{"OWNER", "SERVER", "PHASE", "SINCE", "FAILED", "NEXT RETRY",
              "IN FLIGHT", "WAITING", "LAST ERROR"}};
  for (const auto& owner : all->owners)
    for (const auto& x : owner.servers)
      add_row(rows, owner.owner, x, s.service().now());
  print_table(rows);
  return exit_code::ok;
}

} // namespace mcpool::app
