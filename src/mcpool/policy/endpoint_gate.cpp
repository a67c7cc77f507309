// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/endpoint_gate.hpp>

#include <algorithm>
#include <utility>

// While somebody is parked behind a barrier, there is a probe, or somebody who
// wants to be it waits elsewhere: whoever was told to ask again, or was never
// here. `settle` wakes the next one whenever the probe, or one of those, is
// over; it cannot tell them from others, and waking one too many does no harm.

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
  auto was_probe = gate.probe == x;
  if (was_probe)
    gate.probe = 0;
  if (gate.probe != 0 || gate.parked.empty())
    return {};
  change out;
  if (was_probe && outcome == start_outcome::unreachable) {
    out.refused.assign(gate.parked.begin(), gate.parked.end());
    gate.parked.clear();
    parked_ -= out.refused.size();
    return out;
  }
  out.again.push_back(*gate.parked.begin());
  gate.parked.erase(gate.parked.begin());
  --parked_;
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
  out.again.assign(pos->second.parked.begin(), pos->second.parked.end());
  parked_ -= out.again.size();
  closed_.erase(pos);
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
