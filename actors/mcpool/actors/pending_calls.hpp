// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/messages/connection.hpp>
#include <mcpool/messages/repository.hpp>

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace mcpool::actors {

/// A request to the server that has no answer yet.
struct pending_call {
  /// Takes the outcome of a request that the connection made for itself.
  using continuation = std::function<void(result<shared_text>)>;

  /// Whose request it is.
  enum class origin : std::uint8_t {
    /// A caller's: it waits for its turn.
    caller,
    /// The connection's own, like `ping`: it does not.
    connection,
  };

  /// What is asked, so that another connection can do it.
  messages::connection::call request;
  /// The same encoded, so that it can be sent to a new session again.
  shared_text text;
  pending_call::origin from = origin::caller;
  /// Who gets the outcome.
  std::variant<engine::reply<messages::connection::call_result>, continuation>
    outcome;
  /// Who asked.
  caf::actor_addr caller;
  /// Ends the wait.
  engine::timer_set::key expiry = 0;
  /// The time it has is the configured one: its caller gave none.
  bool default_time = false;
  /// It was sent to a session that the server had forgotten, once.
  bool sent_again = false;

  /// Gives the outcome to whoever waits for it; once.
  void finish(result<shared_text> x);

  /// True if somebody else can answer it.
  bool can_be_handed_over() const noexcept {
    return !std::holds_alternative<continuation>(outcome);
  }

  /// Lets a REPOSITORY answer it instead.
  void hand_over(const repository_actor& to, messages::repository::call x);
};

/// The calls of one connection, by request id and by their callers' ids: those
/// on the wire, and those that wait, for a session or for their turn.
class pending_calls {
public:
  using id = std::int64_t;

  /// Where a call is.
  enum class place : std::uint8_t { waiting, on_wire };

  /// Adds a call and gives it the next id, which is never used again.
  id add(pending_call x, place where);

  /// The id that `add` will give.
  id next() const noexcept { return last_ + 1; }

  /// Looks at a call; null if there is none.
  pending_call* find(id x);

  /// Takes a call out; none if there is none.
  std::optional<pending_call> take(id x);

  /// The call that a caller names; 0 if there is none.
  id find_named(const caf::actor_addr& caller, call_id name) const;

  /// The calls of a caller, in the order of their ids.
  std::vector<id> of(const caf::actor_addr& caller) const;

  /// Moves a call; does nothing if there is none. One that waits again comes
  /// before those that came later.
  void move(id x, place to);

  /// True for a call that waits.
  bool waits(id x) const { return waiting_.count(x) > 0; }

  /// The calls that wait, in the order of their ids.
  const std::set<id>& waiting() const noexcept { return waiting_; }

  /// How many bytes the calls that wait have.
  std::size_t waiting_bytes() const noexcept { return waiting_bytes_; }

  /// How many calls of callers are on the wire.
  std::size_t in_flight() const noexcept { return in_flight_; }

  /// How many calls of callers wait.
  std::size_t queued() const noexcept { return queued_; }

  /// Takes all calls out, in the order of their ids.
  std::vector<pending_call> take_all();

  /// How many there are.
  std::size_t size() const noexcept { return calls_.size(); }

private:
  void count(id x, const pending_call& call, place where);
  void uncount(id x, const pending_call& call);

  using caller_key = std::pair<caf::actor_addr, call_id>;

  id last_ = 0;
  std::unordered_map<id, pending_call> calls_;
  std::map<caller_key, id> names_;
  std::set<id> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t queued_ = 0;
};

} // namespace mcpool::actors
