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

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <utility>

namespace mcpool::app {

/// A pool of its own for one command, and what the command asks of it.
///
/// SIGINT ends the pool: what is running is refused then, and the command ends.
class session {
public:
  session(const command_line& line, settings found, signals& from_shell,
          actors::eager_start eager);

  /// What was asked for.
  const command_line& line() const noexcept { return line_; }

  /// How to show results.
  format how() const noexcept {
    return line_.json ? format::json : format::text;
  }

  /// The pool.
  actors::service& service() noexcept { return service_; }

  /// The actor system, to spawn helpers of a command.
  caf::actor_system& system() noexcept { return system_; }

  /// The deadline that `--timeout` sets, counted from now.
  deadline until() const;

  /// Asks the owner's REPOSITORY and waits.
  template <class T, class Message>
  result<T> ask(Message x) {
    auto to = service_.repository(line_.owner);
    if (!to)
      return to.error();
    caf::scoped_actor self{system_};
    return engine::await<T>(self, *to, std::move(x));
  }

  /// Shows why a command failed and returns its exit code.
  int fail(const refusal& why) const { return fail(why, how()); }

  /// The same in a given format.
  int fail(const refusal& why, format how) const;

private:
  const command_line& line_;
  signals& signals_;
  actors::system_config config_;
  caf::actor_system system_;
  actors::service service_;
};

} // namespace mcpool::app
