// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mcpool::policy {

/// What a start found out about the endpoint of its server.
enum class start_outcome : std::uint8_t {
  /// Nothing: it was cancelled, say.
  unknown,
  /// Something is there, even if it refused this owner.
  reached,
  /// Nothing is there: no connection could be made, or there is no such
  /// program.
  unreachable,
};

BOOST_DESCRIBE_ENUM(start_outcome, unknown, reached, unreachable)

/// Closes endpoints that cannot be reached: one start at a time tries them, the
/// probe; the others wait until it ends. If it gets through, all do. If it
/// cannot reach the endpoint either, whoever waited is turned away: a dead
/// endpoint costs nobody more than one attempt. If it finds out nothing, all
/// ask again, and whoever does so first is the next probe.
///
/// Whatever answers is there: what it answers never closes an endpoint, so that
/// the credentials of one owner never stand in the way of another.
///
/// A plain object without actors or clocks. Everything but `closed`, and the
/// end of a probe that many wait for, costs O(log n). An endpoint is any text;
/// the empty one is always open. At most `max_closed` are remembered, and each
/// for `memory` after its last failure.
class endpoint_gate {
public:
  /// Names a start, and its place: a `change` has the lower first. The caller
  /// keeps it unique; 0 is none.
  using ticket = std::uint64_t;

  static constexpr std::size_t max_closed = 4096;

  static constexpr duration memory = std::chrono::minutes{10};

  /// What becomes of a start that wants to go on.
  enum class admission : std::uint8_t {
    /// The endpoint is open.
    open,
    /// It is closed, and this start tries it.
    probe,
    /// It is closed, and another start tries it: this one waits here.
    parked,
  };

  /// Who waits here no longer.
  struct change {
    /// They shall ask `admit` again.
    std::vector<ticket> again;
    /// They are turned away.
    std::vector<ticket> refused;
  };

  /// A closed endpoint.
  struct barrier {
    /// The start that tries it; 0 for none.
    ticket probe = 0;
    /// Who waits for it; nobody if there is none.
    std::set<ticket> parked;
    /// Failures since it was last reached.
    std::uint32_t failures = 0;
    /// The first and the last of them.
    time_point since{};
    time_point failed_at{};
  };

  /// Asks whether a start may go on. What is parked stays until `settle`
  /// returns it or is told that it is over.
  admission admit(const std::string& endpoint, ticket x, time_point now);

  /// A start is over, or its turn as a probe is, wherever it was.
  change settle(const std::string& endpoint, ticket x, start_outcome outcome,
                time_point now);

  /// How many are parked.
  std::size_t parked() const noexcept { return parked_; }

  /// The closed endpoints. Forgets old ones.
  const std::map<std::string, barrier>& closed(time_point now);

private:
  static bool is_idle(const barrier& x);
  static bool is_old(const barrier& x, time_point now);
  change open(const std::string& endpoint);
  std::vector<ticket> take_parked(barrier& x);
  void close(const std::string& endpoint, time_point now);
  bool make_room();

  std::map<std::string, barrier> closed_;
  std::size_t parked_ = 0;
};

} // namespace mcpool::policy
