// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/config/pool_config.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/throttle.hpp>
#include <mcpool/policy/endpoint_gate.hpp>
#include <mcpool/policy/fair_queue.hpp>

#include <caf/actor_addr.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace mcpool::actors {

/// THROTTLE: owns the right to be starting a connection.
///
/// There are never more than `maxStarting` permits out, and never more than
/// `maxStartingPerOwner` with one owner. Owners take turns, so that one with a
/// hundred slow servers does not delay another with one. Waiters that die or
/// whose deadline passes leave the queue; permits of dead holders come back.
/// Nobody but its holder gives a permit back.
///
/// An endpoint that could not be reached is tried by one start at a time, over
/// all owners. Whoever wants to start there meanwhile waits without a permit,
/// for that one attempt at the most.
class throttle {
public:
  // -- constants --------------------------------------------------------------

  using handle = engine::iface<
    engine::extended<throttle_interface, fn<void(engine::wakeup)>>>;

  static constexpr const char* name = "mcpool.throttle";

  // -- constructors -----------------------------------------------------------

  throttle(handle::pointer self, config::throttle_config limits,
           std::shared_ptr<engine::timer_wheel> wheel);

  ~throttle();

  // -- behavior ---------------------------------------------------------------

  handle::behavior_type make_behavior();

private:
  using ticket = policy::fair_queue::ticket;

  // -- message handlers -------------------------------------------------------

  caf::result<messages::throttle::permit>
  on_acquire(const messages::throttle::acquire& x);
  void on_release(messages::throttle::release x);
  messages::throttle::throttle_status on_status();

  // -- callbacks --------------------------------------------------------------

  void on_expired(ticket x);
  void on_probe_expired(ticket x);
  void on_holder_down(const caf::actor_addr& who);

  // -- helpers ----------------------------------------------------------------

  ticket add(const caf::strong_actor_ptr& who,
             const messages::throttle::acquire& x,
             engine::reply<messages::throttle::permit> answer);
  void wait(ticket x, deadline until);
  void serve();
  void grant(ticket x);
  void refuse(ticket x, refusal why);
  void finish(ticket x,
              policy::start_outcome outcome = policy::start_outcome::unknown);
  void settle(const std::string& endpoint, ticket x,
              policy::start_outcome outcome);
  std::size_t waiting() const;
  void add_holder(const caf::strong_actor_ptr& who, ticket x);
  void remove_holder(const caf::actor_addr& who, ticket x);
  refusal full() const;
  refusal expired(ticket x) const;

  // -- member variables -------------------------------------------------------

  /// Somebody who waits or holds a permit.
  struct request {
    owner_scope owner;
    std::string endpoint;
    caf::actor_addr holder;
    /// Open while it waits.
    engine::reply<messages::throttle::permit> answer;
    /// Ends the wait, and then the time that it may be the probe; 0 for none.
    engine::timer_set::key expiry = 0;
    bool granted = false;
    /// It waits for another that tries the same endpoint.
    bool parked = false;
  };

  handle::pointer self_;
  config::throttle_config limits_;
  engine::timer_set timers_;
  engine::watch_list<handle::base> watches_;
  /// Who is next.
  policy::fair_queue queue_;
  /// Who tries an endpoint that could not be reached, and who waits for it.
  policy::endpoint_gate gate_;
  /// Everybody who waits or has a permit; the ticket is the permit's id.
  std::map<ticket, request> requests_;
  /// What each watched actor waits for or holds.
  std::map<caf::actor_addr, std::set<ticket>> holders_;
  ticket last_ticket_ = 0;
  /// The most permits that were ever out at once.
  std::uint32_t peak_ = 0;
};

} // namespace mcpool::actors
