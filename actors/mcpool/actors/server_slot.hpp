// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/private_messages.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/result.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/messages/repository.hpp>
#include <mcpool/policy/backoff.hpp>
#include <mcpool/policy/connection_phase.hpp>

#include <caf/actor_addr.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <vector>

namespace mcpool::actors {

/// A caller that waits for a connection.
struct waiter {
  using outcome = result<messages::repository::connection_ref>;

  /// Takes the connection, or the reason why there is none; once.
  std::function<void(outcome)> done;
  /// Ends the wait; 0 if it lasts as long as the start.
  engine::timer_set::key expiry = 0;
  /// Who waits, and how it calls what it wants, for `cancel`.
  caf::actor_addr caller;
  call_id name;
  /// Since when.
  time_point since{};
};

/// What a REPOSITORY knows of one server: its configuration, the one connection
/// that serves `get`, those that are ending, and who waits.
struct server_slot {
  /// The connection that serves, or will serve, callers.
  struct current_connection {
    connection_actor handle;
    std::uint64_t incarnation = 0;
    /// Of the configuration it was started with.
    mcpool::fingerprint fingerprint;
    std::uint64_t revision = 0;
    policy::connection_phase phase = policy::connection_phase::waiting;
    time_point since{};
    /// It was ready once; if it is not now, its session is made anew.
    bool was_ready = false;
    /// Somebody got it since it was asked whether it is idle.
    bool used = false;
    /// When its lifetime is over; none if it has none.
    deadline retires_at;
    /// Ends it then; 0 if nothing does.
    engine::timer_set::key retirement = 0;
    /// How to use it; meaningful while the phase is `ready`.
    messages::repository::connection_ref ref;
  };

  /// Whether the next connection may start before this one is gone.
  enum class successor : std::uint8_t { waits, overlaps };

  /// A connection on its way out.
  struct ending_connection {
    connection_actor handle;
    successor next = successor::waits;
    /// It ends because it is idle, and comes back if it is not.
    std::optional<current_connection> idle = std::nullopt;
  };

  /// What is in force; absent once the server is not configured any more.
  std::optional<config::server_config> config;
  std::optional<current_connection> current;
  /// Connections that are on their way out, by incarnation.
  std::map<std::uint64_t, ending_connection> ending;
  /// A start that waits for the end of the old connection.
  bool start_pending = false;
  /// The connection is wanted even if nobody waits for it.
  bool wanted = false;
  std::list<waiter> waiters;
  /// Called once, when the last ending connection is gone or nobody will know.
  std::vector<std::function<void(const result<void>&)>> when_ended;
  /// Why the last connection failed or ended.
  std::optional<refusal> last_error;
  /// What went over the connections that are gone.
  traffic total;
  /// When the last connection began to end.
  time_point ended_at{};
  /// Connections that were tried in the start that runs.
  std::uint32_t attempts = 0;
  /// When that start is over; none before its first permit.
  deadline start_until;
  /// Ends the pause before the next attempt; 0 if there is none.
  engine::timer_set::key next_attempt = 0;
  /// Connects again by itself; 0 if nothing of that kind is to come.
  engine::timer_set::key comeback = 0;
  /// How often the server failed lately.
  policy::backoff failures;
  /// Nothing starts before; the epoch if nothing is in the way.
  time_point closed_until{};

  /// The connection, if calls can go through it.
  const messages::repository::connection_ref* ready() const {
    return current && current->phase == policy::connection_phase::ready
             ? &current->ref
             : nullptr;
  }

  /// True if a connection of the present configuration may start now.
  bool may_start() const {
    auto holds = [this](const auto& x) {
      return x.second.next == successor::waits
             || config->replacement == config::replacement_mode::stop_first;
    };
    return !current && next_attempt == 0
           && std::none_of(ending.begin(), ending.end(), holds);
  }

  /// True if the server failed lately and is left alone; a start that runs is
  /// the one that finds out.
  bool cooling(time_point now) const {
    return now < closed_until && !current && !start_pending;
  }

  /// Whatever was wrong with the server is forgotten.
  void forgive() {
    failures = {};
    closed_until = {};
  }

  /// True if something is going on, or to be remembered.
  bool has_work(time_point now) const {
    return !idle() || wanted || !waiters.empty() || !when_ended.empty()
           || next_attempt != 0 || comeback != 0 || now < closed_until;
  }

  /// True if nothing of it is left but maybe a configuration.
  bool idle() const { return !current && ending.empty() && !start_pending; }
};

} // namespace mcpool::actors
