// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/generation.hpp>

#include <caf/actor_addr.hpp>
#include <caf/error.hpp>
#include <caf/local_actor.hpp>
#if MCPOOL_CAF1
#include <caf/disposable.hpp>
#else
#include <caf/system_messages.hpp>
#endif

#include <functional>
#include <map>
#include <utility>

namespace mcpool::engine {

/// Calls back when watched actors end; at most one per actor, as a member of
/// its state. Watching a dead actor calls back too, soon after.
///
/// An entry is erased before its callback runs, and never disposed inside it:
/// CAF 1.0 and 1.1 deadlock there (#1975, #2169).
template <class Self>
class watch_list {
public:
  using callback = std::function<void(const caf::error&)>;

  explicit watch_list(Self* self) : self_(self) {
#if !MCPOOL_CAF1
    self_->set_down_handler(
      [this](caf::down_msg& x) { on_down(x.source, x.reason); });
#endif
  }

  watch_list(const watch_list&) = delete;
  watch_list& operator=(const watch_list&) = delete;

  ~watch_list() {
#if MCPOOL_CAF1
    for (auto& [who, entry] : entries_)
      entry.monitor.dispose();
#else
    self_->set_down_handler([](caf::down_msg&) {});
#endif
  }

  /// Calls `f` once when `who` ends. Replaces an earlier watch on `who`.
  template <class Handle>
  void watch(const Handle& who, callback f) {
    auto address = caf::actor_cast<caf::actor_addr>(who);
#if MCPOOL_CAF1
    forget(who);
    auto& entry = entries_[address];
    entry.f = std::move(f);
    entry.monitor = self_->monitor(
      who, [this, address](const caf::error& why) { on_down(address, why); });
#else
    auto [pos, is_new] = entries_.insert_or_assign(address, std::move(f));
    static_cast<void>(pos);
    if (is_new)
      self_->monitor(who);
#endif
  }

  /// Stops watching `who`.
  template <class Handle>
  void forget(const Handle& who) {
    auto pos = entries_.find(caf::actor_cast<caf::actor_addr>(who));
    if (pos == entries_.end())
      return;
#if MCPOOL_CAF1
    pos->second.monitor.dispose();
#else
    self_->demonitor(pos->first);
#endif
    entries_.erase(pos);
  }

  /// How many actors are watched.
  std::size_t size() const noexcept {
    return entries_.size();
  }

private:
  void on_down(const caf::actor_addr& who, const caf::error& why) {
    auto pos = entries_.find(who);
    if (pos == entries_.end())
      return;
#if MCPOOL_CAF1
    auto f = std::move(pos->second.f);
#else
    auto f = std::move(pos->second);
#endif
    entries_.erase(pos);
    f(why);
  }

#if MCPOOL_CAF1
  struct entry {
    callback f;
    caf::disposable monitor;
  };
#else
  using entry = callback;
#endif

  Self* self_;
  std::map<caf::actor_addr, entry> entries_;
};

} // namespace mcpool::engine
