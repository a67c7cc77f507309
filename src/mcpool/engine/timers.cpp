// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/timers.hpp>

#include <mcpool/engine/ask.hpp>

namespace mcpool::engine {

namespace {

// The wheel must not keep an actor alive: it holds an address only.
void wake(const caf::actor_addr& who, timer_set::key key) {
  if (auto handle = caf::actor_cast<caf::actor>(who))
    post(handle, wakeup{key});
}

} // namespace

timer_set::~timer_set() {
  for (auto& [k, x] : entries_)
    wheel_->cancel(x.id);
}

timer_set::key timer_set::set(duration after, callback f) {
  auto k = ++last_;
  auto id = wheel_->set(after, [who = self_, k] { wake(who, k); });
  entries_.emplace(k, entry{id, std::move(f)});
  return k;
}

timer_set::key timer_set::set_at(time_point at, callback f) {
  auto k = ++last_;
  auto id = wheel_->set_at(at, [who = self_, k] { wake(who, k); });
  entries_.emplace(k, entry{id, std::move(f)});
  return k;
}

void timer_set::cancel(key& x) {
  auto pos = entries_.find(std::exchange(x, 0));
  if (pos == entries_.end())
    return;
  wheel_->cancel(pos->second.id);
  entries_.erase(pos);
}

void timer_set::on_wakeup(wakeup x) {
  auto pos = entries_.find(x.key);
  if (pos == entries_.end())
    return;
  auto f = std::move(pos->second.f);
  entries_.erase(pos);
  f();
}

} // namespace mcpool::engine
