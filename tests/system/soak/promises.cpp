// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "promises.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/system/http_exchange.hpp>

#include <algorithm>
#include <mutex>

namespace mcpool::system {

namespace {

// One may have gone and the next come while we looked: only those count that
// are seen twice.
void check_programs(playground& all, const target& x) {
  auto first = all.programs_of(x);
  if (first.size() < 2)
    return;
  auto second = all.programs_of(x);
  std::vector<pid_t> both;
  for (auto pid : second)
    if (std::find(first.begin(), first.end(), pid) != first.end())
      both.push_back(pid);
  if (both.size() > 1)
    all.complain(cat(both.size(), " programs run for ", x.name));
}

// The servers count by themselves; one that is being started again is left
// alone.
void check_sessions(playground& all, target& x) {
  std::unique_lock guard{x.changing, std::try_to_lock};
  if (!guard || x.kind == fate::far_away)
    return;
  auto stats
    = json::parse(http_get(x.server->port(), "/stats"), nullptr, false);
  if (!stats.is_object())
    return;
  auto live = stats["sessions"]["live"].get<int>();
  // Each change of the configuration leaves one that is drained for a while.
  constexpr auto most = 4;
  if (live > most)
    all.complain(
      cat(live, " sessions are open at ", x.name, ": ", stats.dump()));
}

} // namespace

void watch_promises(playground& all) {
  while (!all.is_over()) {
    for (auto& x : all.targets)
      if (x.is_program())
        check_programs(all, x);
      else
        check_sessions(all, x);
    std::this_thread::sleep_for(50ms);
  }
}

} // namespace mcpool::system
