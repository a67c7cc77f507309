// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/await.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/testing.hpp>

#include <mcpool/testkit/puppet.hpp>
#include <mcpool/testkit/scripted_transport.hpp>
#include <mcpool/testkit/types.hpp>

#include <boost/core/demangle.hpp>
#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace mcpool::testkit {

using namespace std::chrono_literals;

/// What an actor answered, or not yet.
template <class T>
using answer = engine::testing::answer<T>;

namespace detail {

// Runs before the members of the class that inherits it.
struct types_first {
  types_first() { init_types(); }
};

template <class T>
std::string type_name() {
  return boost::core::demangle(typeid(T).name());
}

} // namespace detail

/// The base of every fixture here: actors that run one message at a time on a
/// virtual clock, and a network of servers that the test plays. There is no
/// thread, no socket and no real time; nothing happens unless the test asks,
/// runs or advances.
class actor_fixture : private detail::types_first, public ::testing::Test {
protected:
  actor_fixture();

  /// Ends every actor that was kept.
  ~actor_fixture() override;

  // -- time and messages ------------------------------------------------------

  /// Where the test spawns its actors.
  caf::actor_system& system() { return harness.system(); }

  /// Delivers all messages, and lets the servers do what they do. Fails the
  /// test if that does not come to an end.
  void run();

  /// Lets virtual time pass, in steps of 10 ms; everything that becomes due
  /// meanwhile happens in its order.
  void advance(duration by);

  /// A deadline `limit` from now, on the virtual clock.
  deadline in(duration limit) const { return harness.in(limit); }

  // -- questions --------------------------------------------------------------

  /// Asks from an actor of its own and runs nothing yet.
  template <class T, class Handle, class Message>
  answer<T> send(const Handle& to, Message x) {
    auto out = harness.send<T>(to, std::move(x));
    remember({detail::type_name<Message>(), [out] { return out.ready(); }});
    return out;
  }

  /// Asks from an actor of its own and runs everything. The answer is ready
  /// unless somebody waits for time to pass, or for the test.
  template <class T, class Handle, class Message>
  answer<T> ask(const Handle& to, Message x) {
    auto out = send<T>(to, std::move(x));
    run();
    return out;
  }

  /// The same for a request of mcpool's own, whose reply is known.
  template <class Handle, class Message>
  answer<reply_to<Message>> ask(const Handle& to, Message x) {
    return ask<reply_to<Message>>(to, std::move(x));
  }

  /// Asks from a puppet and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask_from(puppet& who, const Handle& to, Message x) {
    auto out = who.send<T>(to, std::move(x));
    remember({detail::type_name<Message>(), [out, life = who.life()] {
                return out.ready() || life.expired();
              }});
    run();
    return out;
  }

  /// Tells from a puppet and runs everything.
  template <class Handle, class Message>
  void tell_from(puppet& who, const Handle& to, Message x) {
    who.tell(to, std::move(x));
    run();
  }

  // -- actors -----------------------------------------------------------------

  /// Ends the actor at the end of the test; returns it. Every actor that the
  /// test spawns must be kept, or end by itself.
  template <class Handle>
  Handle keep(Handle x) {
    actors_.push_back(caf::actor_cast<caf::actor>(x));
    return x;
  }

  /// A puppet that lives until the end of the test, or until it is told to die.
  puppet& new_puppet();

  // -- the end ----------------------------------------------------------------

  /// Fails the test for each request of `ask`, `send` and `ask_from` that
  /// nobody has answered, unless the puppet that asked is dead.
  void check_answers();

  /// Ends every actor that was kept, and every puppet.
  void end_all();

  // -- member variables -------------------------------------------------------

  /// The servers, at the level of messages.
  scripted_network network;
  /// The scheduler and the clock.
  engine::testing::deterministic harness;

private:
  struct question {
    std::string message;
    /// Answered, or of no interest any more.
    std::function<bool()> settled;
  };

  void remember(question x);

  std::vector<question> questions_;
  std::vector<std::unique_ptr<puppet>> puppets_;
  std::vector<caf::actor> actors_;
};

} // namespace mcpool::testkit
