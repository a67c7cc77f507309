// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/fair_queue.hpp>

namespace mcpool::policy {

void fair_queue::push(const owner_scope& owner, ticket x) {
  auto& to = owners_[owner];
  if (to.tickets.empty() && to.in_use == 0)
    to.owner = owner;
  waiting_[x] = {&to, to.tickets.insert(to.tickets.end(), x)};
  update_turn(to);
}

bool fair_queue::remove(ticket x) {
  auto pos = waiting_.find(x);
  if (pos == waiting_.end())
    return false;
  auto& from = *pos->second.where;
  from.tickets.erase(pos->second.at);
  waiting_.erase(pos);
  update_turn(from);
  forget_if_idle(from);
  return true;
}

std::optional<fair_queue::ticket> fair_queue::pop() {
  if (in_use_ >= max_in_use_ || turns_.empty())
    return std::nullopt;
  auto& next = *turns_.front();
  auto out = next.tickets.front();
  next.tickets.pop_front();
  waiting_.erase(out);
  ++next.in_use;
  ++in_use_;
  // Behind everybody else who waits, if it still has something to serve.
  turns_.erase(next.turn);
  next.has_turn = false;
  update_turn(next);
  return out;
}

void fair_queue::finish(const owner_scope& owner) {
  auto pos = owners_.find(owner);
  if (pos == owners_.end() || pos->second.in_use == 0)
    return;
  --pos->second.in_use;
  --in_use_;
  update_turn(pos->second);
  forget_if_idle(pos->second);
}

void fair_queue::update_turn(lane& x) {
  auto wants = !x.tickets.empty() && x.in_use < max_per_owner_;
  if (wants == x.has_turn)
    return;
  if (wants)
    x.turn = turns_.insert(turns_.end(), &x);
  else
    turns_.erase(x.turn);
  x.has_turn = wants;
}

void fair_queue::forget_if_idle(lane& x) {
  if (x.tickets.empty() && x.in_use == 0)
    owners_.erase(owner_scope{x.owner});
}

} // namespace mcpool::policy
