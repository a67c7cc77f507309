// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/messages/throttle.hpp>
#include <mcpool/messages/types.hpp>

#include <mcpool/testkit/actor_fixture.hpp>

#include <gtest/gtest.h>

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
class ScriptedTest : public testkit::actor_fixture {
protected:
  /// A CALLER, alive until the end of the test or `engine::end`.
  struct guest {
    explicit guest(testkit::puppet& x)
      : actor(x),
        handle(x.caller()),
        seen(x.progress()) {}

    testkit::puppet& actor;
    caller_actor handle;
    const std::vector<messages::caller::progress>& seen;
  };

  /// Asks from a guest and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask_from(guest& who, const Handle& to, Message x) {
    return actor_fixture::ask_from<T>(who.actor, to, std::move(x));
  }

  /// Tells from a guest and runs everything.
  template <class Handle, class Message>
  void tell_from(guest& who, const Handle& to, Message x) {
    actor_fixture::tell_from(who.actor, to, std::move(x));
  }

  guest& new_guest() {
    return *guests_.emplace_back(std::make_unique<guest>(new_puppet()));
  }

  messages::throttle::throttle_status permits_of(const throttle_actor& x) {
    return ask(x, messages::throttle::status{}).value();
  }

private:
  std::vector<std::unique_ptr<guest>> guests_;
};

} // namespace mcpool::actors
