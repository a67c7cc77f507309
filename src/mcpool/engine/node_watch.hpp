// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>
#include <mcpool/engine/node.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>

namespace mcpool::engine {

/// How long a peer may take to say its first word: whoever connects has a limit
/// of its own.
inline constexpr duration first_word_patience = std::chrono::seconds{5};

/// What the kernel has received for a socket.
struct intake {
  /// The bytes since the connection began, read or not.
  std::uint64_t arrived = 0;
  /// Some of them have not been read yet.
  bool is_waiting = false;
};

/// Counts for how many rounds, one each `heartbeat_interval`, a peer has been
/// silent. Rounds and not time, because a stall of ours then costs one.
class silence {
public:
  /// Counts one more round, or begins anew if something has arrived. True if
  /// that is too much: `peer_silence`, or `first_word_patience` of a peer that
  /// has never said anything.
  bool is_too_long(const intake& now) noexcept;

private:
  std::uint64_t arrived_ = 0;
  std::int64_t rounds_ = 0;
};

/// Ends the connections of a system's node whose peer is silent, from now on.
/// Does nothing if that is done already. From any thread; the system must have
/// a node.
void watch_connections(caf::actor_system& system);

} // namespace mcpool::engine
