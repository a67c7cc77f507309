// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/endpoint_gate.hpp>

#include <algorithm>
#include <utility>

// Who is parked behind a barrier waits for the probe and for nobody else: when
// there is no probe any more, nobody is parked. A probe that finds out nothing
// wakes all of them, though only one can be the next. Which one, the caller
// must say: to wake one alone would make the others wait for its owner's turn
// to start, which may come late, while they had theirs.
//
// All but that one are soon parked again, so that such a probe costs
// O(n log n) for n that are parked. What finds out nothing was cancelled, died
// or took very long, which is rare, and the caller bounds n.

namespace mcpool::policy {

endpoint_gate::admission endpoint_gate::admit(const std::string& endpoint,
                                              ticket x, time_point now) {
  auto pos = closed_.find(endpoint);
  if (pos == closed_.end())
    return admission::open;
  auto& gate = pos->second;
  if (is_old(gate, now)) {
    closed_.erase(pos);
    return admission::open;
  }
  if (gate.probe == 0)
    gate.probe = x;
  if (gate.probe == x)
    return admission::probe;
  if (gate.parked.insert(x).second)
    ++parked_;
  return admission::parked;
}

endpoint_gate::change endpoint_gate::settle(const std::string& endpoint,
                                            ticket x, start_outcome outcome,
                                            time_point now) {
  if (outcome == start_outcome::reached)
    return open(endpoint);
  if (outcome == start_outcome::unreachable)
    close(endpoint, now);
  auto pos = closed_.find(endpoint);
  if (pos == closed_.end())
    return {};
  auto& gate = pos->second;
  parked_ -= gate.parked.erase(x);
  if (gate.probe != x)
    return {};
  gate.probe = 0;
  change out;
  auto& to = outcome == start_outcome::unreachable ? out.refused : out.again;
  to = take_parked(gate);
  return out;
}

const std::map<std::string, endpoint_gate::barrier>&
endpoint_gate::closed(time_point now) {
  for (auto i = closed_.begin(); i != closed_.end();)
    i = is_old(i->second, now) ? closed_.erase(i) : std::next(i);
  return closed_;
}

bool endpoint_gate::is_idle(const barrier& x) {
  return x.probe == 0 && x.parked.empty();
}

bool endpoint_gate::is_old(const barrier& x, time_point now) {
  return is_idle(x) && now - x.failed_at >= memory;
}

endpoint_gate::change endpoint_gate::open(const std::string& endpoint) {
  auto pos = closed_.find(endpoint);
  if (pos == closed_.end())
    return {};
  change out;
  out.again = take_parked(pos->second);
  closed_.erase(pos);
  return out;
}

std::vector<endpoint_gate::ticket> endpoint_gate::take_parked(barrier& x) {
  std::vector<ticket> out{x.parked.begin(), x.parked.end()};
  x.parked.clear();
  parked_ -= out.size();
  return out;
}

void endpoint_gate::close(const std::string& endpoint, time_point now) {
  if (endpoint.empty())
    return;
  auto pos = closed_.find(endpoint);
  if (pos == closed_.end()) {
    if (closed_.size() >= max_closed && !make_room())
      return;
    pos = closed_.emplace(endpoint, barrier{}).first;
    pos->second.since = now;
  }
  pos->second.failed_at = now;
  ++pos->second.failures;
}

// What nobody waits for can be forgotten.
bool endpoint_gate::make_room() {
  auto idle = std::find_if(closed_.begin(), closed_.end(),
                           [](const auto& x) { return is_idle(x.second); });
  if (idle == closed_.end())
    return false;
  closed_.erase(idle);
  return true;
}

} // namespace mcpool::policy
