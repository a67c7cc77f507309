// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "test_caller.hpp"

#include <mcpool/testkit/scripted_transport.hpp>

#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/messages/throttle.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::actors {

using namespace std::chrono_literals;

template <class T>
using answer = engine::testing::answer<T>;

/// The configuration of a server on the scripted network.
inline config::server_config server(const std::string& name) {
  config::server_config out;
  out.name = {name};
  out.command = "/bin/" + name;
  out.timeout = 20s;
  out.init_timeout = 10s;
  out.revision = 1;
  out.fingerprint = config::fingerprint_of(out);
  return out;
}

/// Actors on a virtual clock, and servers played by the test.
class ScriptedTest : public ::testing::Test {
protected:
  /// A CALLER, alive until the end of the test or `end`.
  struct guest {
    test_caller::handle handle;
    test_caller::progress_list seen;
    test_caller* state = nullptr;
  };

  ~ScriptedTest() override { end_all(); }

  /// Ends every actor, before what they refer to.
  void end_all() {
    for (auto& x : guests_)
      engine::end(x->handle);
    for (auto& x : actors_)
      engine::end(x);
    guests_.clear();
    actors_.clear();
    run();
  }

  /// Delivers all messages, and lets the servers follow their habits.
  void run() {
    do
      harness.run();
    while (network.deliver() > 0);
  }

  /// Lets time pass, likewise.
  void advance(duration by) {
    constexpr duration step = 10ms;
    for (run(); by > duration::zero(); by -= step) {
      harness.advance(std::min(by, step));
      run();
    }
  }

  /// Asks from an actor of its own and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask(const Handle& to, Message x) {
    auto out = harness.send<T>(to, std::move(x));
    run();
    return out;
  }

  /// Asks from a guest and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask_from(guest& who, const Handle& to, Message x) {
    answer<T> out;
    auto fail = [out](const caf::error& why) mutable {
      out.set(engine::to_refusal(why));
    };
    inside(who, [=, x = std::move(x)]() mutable {
      if constexpr (std::is_void_v<T>)
        engine::ask(who.state->self, to, std::move(x))
          .then([out]() mutable { out.set({}); }, fail);
      else
        engine::ask(who.state->self, to, std::move(x))
          .then([out](T& y) mutable { out.set(std::move(y)); }, fail);
    });
    return out;
  }

  /// Tells from a guest and runs everything.
  template <class Handle, class Message>
  void tell_from(guest& who, const Handle& to, Message x) {
    inside(who, [&who, to, x = std::move(x)] {
      engine::tell(who.state->self, to, x);
    });
  }

  guest& new_guest() {
    auto& out = *guests_.emplace_back(std::make_unique<guest>());
    out.handle
      = engine::spawn<test_caller>(harness.system(), &out.state, &out.seen);
    run();
    return out;
  }

  /// Ends an actor at the end of the test.
  template <class Handle>
  void keep(const Handle& x) {
    actors_.push_back(caf::actor_cast<caf::actor>(x));
  }

  messages::throttle::throttle_status permits_of(const throttle_actor& x) {
    return ask<messages::throttle::throttle_status>(
             x, messages::throttle::status{})
      .value();
  }

  testkit::scripted_network network;
  engine::testing::deterministic harness;

private:
  void inside(guest& who, std::function<void()> f) {
    engine::post(who.handle, run_inside{std::move(f)});
    run();
  }

  std::vector<std::unique_ptr<guest>> guests_;
  std::vector<caf::actor> actors_;
};

} // namespace mcpool::actors
