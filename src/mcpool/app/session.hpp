// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/app/command_line.hpp>
#include <mcpool/app/output.hpp>
#include <mcpool/app/settings.hpp>
#include <mcpool/app/signals.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/messages/types.hpp>
#include <mcpool/node.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <future>
#include <optional>
#include <utility>

namespace mcpool::app {

/// The pool of one command, and what the command asks of it: a pool of its own,
/// or that of a service.
///
/// SIGINT ends the pool, or the connection to the service: what is running is
/// refused then, and the command ends. One that comes while the session itself
/// ends changes nothing: the servers have the time that their configuration
/// gives them.
class session {
public:
  /// With a pool of its own.
  session(const command_line& line, settings found, signals& from_shell);

  /// With the service at `line.node`; see `connect`.
  session(const command_line& line, signals& from_shell);

  /// Connects to the service. Call it once, before anything is asked.
  result<void> connect();

  /// What was asked for.
  const command_line& line() const noexcept { return line_; }

  /// How to show results.
  format how() const noexcept {
    return line_.json ? format::json : format::text;
  }

  /// The root of the tree.
  const pool_actor& pool() const;

  /// The REPOSITORY of the owner.
  result<repository_actor> repository();

  /// The instant of the pool's clock.
  time_point now() const;

  /// The actor system, to spawn helpers of a command.
  caf::actor_system& system() noexcept { return system_; }

  /// The deadline that `--timeout` sets, counted from now.
  deadline until() const;

  /// Asks the owner's REPOSITORY and waits.
  template <class T, class Message>
  result<T> ask(Message x) {
    auto to = repository();
    if (!to)
      return to.error();
    caf::scoped_actor self{system_};
    return engine::await<T>(self, *to, std::move(x));
  }

  /// Sleeps; true if a signal ended that.
  bool stopped_within(duration limit) const;

  /// Shows why a command failed and returns its exit code.
  int fail(const refusal& why) const { return fail(why, how()); }

  /// The same in a given format.
  int fail(const refusal& why, format how) const;

private:
  void stop();

  const command_line& line_;
  signals& signals_;
  std::promise<void> stop_;
  std::future<void> stopped_ = stop_.get_future();
  actors::system_config config_;
  caf::actor_system system_;
  // One of them.
  std::optional<actors::service> service_;
  std::optional<node::remote_pool> remote_;
  /// The last member: no signal reaches a session that is ending.
  std::optional<signals::listener> listener_;
};

} // namespace mcpool::app
