// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/messages/caller.hpp>
#include <mcpool/messages/config_listener.hpp>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::testkit {

/// An actor on the harness that does what the test says, in the place of a part
/// of an application: it asks and tells, as CALLER it records the progress of
/// its calls, as CONFIG LISTENER it records changes, and it can die in the
/// middle of everything. Unlike what `deterministic::ask` asks from, it lives
/// on when it has its answer.
///
/// Needs the harness as long as it lives.
class puppet {
public:
  /// Starts the actor.
  explicit puppet(engine::testing::deterministic& harness);

  puppet(const puppet&) = delete;
  puppet& operator=(const puppet&) = delete;

  /// Ends the actor.
  ~puppet();

  // -- what it does -----------------------------------------------------------

  /// Asks from inside the puppet; runs nothing yet.
  template <class T, class Handle, class Message>
  engine::testing::answer<T> send(const Handle& to, Message x) {
    engine::testing::answer<T> out;
    inside([out, to, x = std::move(x)](caf::event_based_actor* self) mutable {
      engine::testing::ask_into(self, out, to, std::move(x));
    });
    return out;
  }

  /// Asks from inside the puppet and runs everything.
  template <class T, class Handle, class Message>
  engine::testing::answer<T> ask(const Handle& to, Message x) {
    auto out = send<T>(to, std::move(x));
    harness_.run();
    return out;
  }

  /// Tells from inside the puppet and runs everything.
  template <class Handle, class Message>
  void tell(const Handle& to, Message x) {
    inside([to, x = std::move(x)](caf::event_based_actor* self) mutable {
      engine::tell(self, to, std::move(x));
    });
    harness_.run();
  }

  /// Runs a function inside the puppet, when the test runs messages next.
  void inside(std::function<void(caf::event_based_actor*)> f);

  /// Ends the puppet and runs everything. Nothing else may be asked of it
  /// afterwards.
  void die();

  // -- what it is -------------------------------------------------------------

  /// The puppet as an actor of any kind.
  const caf::actor& handle() const { return handle_; }

  /// Expires when the puppet dies: then nobody waits for its answers.
  std::weak_ptr<const void> life() const { return life_; }

  /// The puppet as CALLER, for `call::progress`.
  caller_actor caller() const;

  /// The puppet as CONFIG LISTENER, for `subscribe`.
  config_listener_actor listener() const;

  // -- what it was told -------------------------------------------------------

  /// The progress of its calls.
  const std::vector<messages::caller::progress>& progress() const;

  /// Configurations that are new or have changed.
  const std::vector<config::server_config>& changed() const;

  /// Servers that are gone.
  const std::vector<server_name>& removed() const;

private:
  struct memory;
  class role;

  engine::testing::deterministic& harness_;
  std::shared_ptr<memory> memory_;
  std::shared_ptr<const void> life_;
  caf::actor handle_;
};

} // namespace mcpool::testkit
