// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/repository.hpp>
#include <mcpool/config/document.hpp>
#include <mcpool/config/environment.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/result.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/timer_wheel.hpp>
#include <mcpool/transport/transport.hpp>

#include <caf/actor_system.hpp>

#include <filesystem>
#include <memory>
#include <vector>

namespace mcpool::actors {

/// What a `service` is made of.
struct service_options {
  /// The configuration to start with.
  config::document config;
  /// The files it came from; they are watched, and read again when they change.
  /// Empty for none.
  std::vector<std::filesystem::path> files;
  /// What the files may refer to.
  config::environment environment;
  /// Whether servers with `"startup": true` are connected at once, for the
  /// shared scope.
  eager_start eager = eager_start::on;
  /// How servers are reached; empty for real ones.
  transport::transport_factory make_transport;
  /// The clock; null for the real one.
  std::shared_ptr<engine::timer_wheel> wheel;
};

/// One pool inside an actor system: its actors, its I/O thread and its clock.
///
/// It must be destroyed before the actor system. Functions that wait must not
/// be called from inside an actor; everything else goes through `pool()`, from
/// any actor or thread.
class service {
public:
  service(caf::actor_system& system, service_options options);

  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// Ends the pool as `shutdown` does, without time for running calls, unless
  /// that has happened.
  ~service();

  /// The root of the tree. After `shutdown` it answers nobody.
  const pool_actor& pool() const noexcept;

  /// Waits for the REPOSITORY of an owner. Fails like `find_repository`. From
  /// any thread.
  result<repository_actor> repository(const owner_scope& owner);

  /// The instant of the pool's clock.
  time_point now() const;

  /// A deadline `limit` from now.
  deadline in(duration limit) const { return {now() + limit}; }

  /// Ends everything in order and waits until no actor, process or I/O of it is
  /// left; running calls may go on until the deadline. Idempotent; from any
  /// thread, and of several calls at once the earliest deadline counts.
  void shutdown(deadline until);

private:
  struct parts;

  std::unique_ptr<parts> parts_;
};

} // namespace mcpool::actors
