// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/owner_scope.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <unordered_map>

namespace mcpool::policy {

/// Who is next: owners take turns, inside an owner first come first served, and
/// no owner has more than its share in use.
///
/// A plain object without actors or clocks. Adding, taking and removing cost
/// O(log owners).
class fair_queue {
public:
  /// Names what waits; the caller keeps it unique.
  using ticket = std::uint64_t;

  /// `max_in_use` over all owners, `max_per_owner` of one; both at least 1.
  fair_queue(std::size_t max_in_use, std::size_t max_per_owner)
    : max_in_use_(max_in_use),
      max_per_owner_(max_per_owner) {}

  // Its parts point to each other.
  fair_queue(const fair_queue&) = delete;
  fair_queue& operator=(const fair_queue&) = delete;

  /// Queues a ticket of an owner.
  void push(const owner_scope& owner, ticket x);

  /// Takes a waiting ticket out; false if it does not wait.
  bool remove(ticket x);

  /// Takes the next ticket that may be served and counts it as in use; none if
  /// nobody waits or nobody may.
  std::optional<ticket> pop();

  /// One of `owner`'s served tickets is done.
  void finish(const owner_scope& owner);

  /// How many wait.
  std::size_t waiting() const noexcept { return waiting_.size(); }

  /// How many were served and are not done.
  std::size_t in_use() const noexcept { return in_use_; }

  /// How many owners wait or use something; what is idle is forgotten.
  std::size_t owners() const noexcept { return owners_.size(); }

private:
  // An owner is in `turns_` exactly while it has something to serve and room
  // for it.
  struct lane {
    owner_scope owner;
    std::list<ticket> tickets;
    std::size_t in_use = 0;
    bool has_turn = false;
    std::list<lane*>::iterator turn;
  };

  struct place {
    lane* where;
    std::list<ticket>::iterator at;
  };

  void update_turn(lane& x);
  void forget_if_idle(lane& x);

  std::size_t max_in_use_;
  std::size_t max_per_owner_;
  std::size_t in_use_ = 0;
  std::map<owner_scope, lane> owners_;
  std::list<lane*> turns_;
  std::unordered_map<ticket, place> waiting_;
};

} // namespace mcpool::policy
