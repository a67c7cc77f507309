// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/result.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

/// A pool in another process. CAF's protocol trusts its peers: whoever can
/// connect can do everything, and nothing is encrypted. Listen on the loopback
/// interface, or inside a private tunnel.
namespace mcpool::node {

using address = engine::node_address;

/// Gives the systems of a configuration a node, so that they can `publish` and
/// `connect`; `actors::system_config` does it on request. CAF's settings for
/// heartbeats are set, too: a peer that is silent for 1.5 s is lost.
void load(caf::actor_system_config& cfg);

/// A pool that other processes can use, for as long as this object lives. It
/// must be destroyed before the actor system.
class publication {
public:
  publication(publication&&) noexcept;
  publication& operator=(publication&&) = delete;

  /// Listens no more; who is connected keeps the pool.
  ~publication();

  /// Where it listens, with the port that was chosen.
  const address& at() const noexcept;

private:
  friend result<publication> publish(caf::actor_system&, const pool_actor&,
                                     const address&);

  struct parts;

  explicit publication(std::unique_ptr<parts> x);

  std::unique_ptr<parts> parts_;
};

/// Lets other processes use a pool. Fails with `invalid_request` if the system
/// has no node, and with `connect_failed` if the address cannot be used. Not
/// from inside an actor.
result<publication> publish(caf::actor_system& system, const pool_actor& pool,
                            const address& at);

/// The pool of another process, for as long as this object lives. It must be
/// destroyed before the actor system.
///
/// The handles that come from here, and those in the replies of their actors,
/// are used like those of a pool in this process. If the other process dies or
/// does not answer for 1.5 s, everything that was asked is answered with
/// `connection_lost`, and the actors behind the handles have ended; connect
/// again then. The other process forgets what an actor of this one waited for
/// when that actor ends.
class remote_pool {
public:
  remote_pool(remote_pool&&) noexcept;
  remote_pool& operator=(remote_pool&&) = delete;

  /// As `close`.
  ~remote_pool();

  /// The root of the tree there.
  const pool_actor& pool() const noexcept;

  /// Waits for the REPOSITORY of an owner. Fails like `find_repository`, and
  /// with `connection_lost`. From any thread, not from inside an actor.
  result<repository_actor> repository(const owner_scope& owner) const;

  /// The instant of the pool's clock, which need not agree with the one of this
  /// process; read when the connection was made, and right to half the time
  /// that the answer took. From any thread.
  time_point now() const;

  /// A deadline `limit` from now.
  deadline in(duration limit) const { return {now() + limit}; }

  /// Answers everything that was asked and not answered with `connection_lost`,
  /// and ends the actors behind the handles. The pool itself lives on. From any
  /// thread.
  void close();

private:
  friend result<remote_pool> connect(caf::actor_system&, const address&,
                                     duration);

  struct parts;

  explicit remote_pool(std::unique_ptr<parts> x);

  std::unique_ptr<parts> parts_;
};

/// Connects to a pool that another process published. Blocks for at most about
/// `limit`, name resolution aside; not from inside an actor.
///
/// Fails with `invalid_request` if the system has no node, `connect_failed` if
/// nobody listens there, `connect_timeout` if somebody does but is silent,
/// `protocol_violation` if it is no service of mcpool, `unsupported_version` if
/// it is one of another build or on another CAF, and `shutting_down` if it is
/// ending.
result<remote_pool> connect(caf::actor_system& system, const address& to,
                            duration limit = std::chrono::seconds{5});

/// The same in the words of the command line.
result<remote_pool> connect(caf::actor_system& system, const std::string& host,
                            std::uint16_t port);

} // namespace mcpool::node
