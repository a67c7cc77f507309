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

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
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

  std::string method;
  /// The encoded request, to send it again to a new session.
  shared_text text;
  /// Who gets the outcome.
  std::variant<engine::reply<messages::connection::call_result>, continuation>
    outcome;
  /// Who asked, and how it calls this call; 0 if it cannot be cancelled.
  caf::actor_addr caller;
  call_id name;
  /// Learns of progress; may be null.
  caller_actor progress;
  /// Ends the wait.
  engine::timer_set::key expiry = 0;
  /// It is not on the wire: it waits for a new session.
  bool parked = false;
  /// It was sent to a session that the server had forgotten, once.
  bool sent_again = false;

  /// Gives the outcome to whoever waits for it; once.
  void finish(result<shared_text> x);
};

/// The calls of one connection, by request id and by their callers' ids.
class pending_calls {
public:
  using id = std::int64_t;

  /// Adds a call and gives it the next id, which is never used again.
  id add(pending_call x);

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

  /// The calls that wait for a new session, in the order of their ids.
  std::vector<id> parked() const;

  /// Takes all calls out, in the order of their ids.
  std::vector<pending_call> take_all();

  /// How many there are.
  std::size_t size() const noexcept { return calls_.size(); }

private:
  using caller_key = std::pair<caf::actor_addr, call_id>;

  id last_ = 0;
  std::unordered_map<id, pending_call> calls_;
  std::map<caller_key, id> names_;
};

} // namespace mcpool::actors
