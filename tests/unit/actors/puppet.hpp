// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/testing.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/type_id.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace mcpool::actors::testing {

using engine::testing::answer;
using engine::testing::deterministic;

/// Runs a function inside a puppet. For this process only.
struct run_inside {
  std::function<void(caf::event_based_actor*)> f;
};

/// An actor on the harness that does what the test says: unlike what
/// `deterministic::ask` asks from, it lives on when it has its answer.
class puppet {
public:
  explicit puppet(deterministic& harness);

  puppet(const puppet&) = delete;
  puppet& operator=(const puppet&) = delete;

  ~puppet();

  /// Asks from inside the puppet; runs nothing yet.
  template <class T, class Handle, class Message>
  answer<T> send(const Handle& to, Message x) {
    answer<T> out;
    inside([out, to, x = std::move(x)](caf::event_based_actor* self) mutable {
      auto fail = [out](const caf::error& why) mutable {
        out.set(engine::to_refusal(why));
      };
      if constexpr (std::is_void_v<T>)
        engine::ask(self, to, std::move(x))
          .then([out]() mutable { out.set({}); }, fail);
      else
        engine::ask(self, to, std::move(x))
          .then([out](T& y) mutable { out.set(std::move(y)); }, fail);
    });
    return out;
  }

  /// Asks from inside the puppet and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask(const Handle& to, Message x) {
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

  /// Ends the puppet and runs everything.
  void die();

private:
  void inside(std::function<void(caf::event_based_actor*)> f);

  deterministic& harness_;
  caf::actor handle_;
};

} // namespace mcpool::actors::testing

CAF_BEGIN_TYPE_ID_BLOCK(actors_test, caf::id_block::mcpool_actors::end)

CAF_ADD_TYPE_ID(actors_test, (mcpool::actors::testing::run_inside))

CAF_END_TYPE_ID_BLOCK(actors_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::testing::run_inside)
