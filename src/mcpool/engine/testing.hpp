// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/engine/system.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/event_based_actor.hpp>
#if MCPOOL_CAF1
#include <caf/byte_buffer.hpp>
#endif

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mcpool::engine::testing {

#if MCPOOL_CAF1
using byte_list = caf::byte_buffer;
#else
using byte_list = std::vector<char>;
#endif

/// An answer that a test waits for without blocking: run the harness, then
/// look. Reading it before it is there fails the test.
template <class T>
class answer {
public:
  /// True once the actor answered.
  bool ready() const { return slot_->has_value(); }

  /// True if it answered with a refusal.
  bool refused() const { return ready() && (*slot_)->has_error(); }

  /// What it answered; nothing for `void`.
  std::add_lvalue_reference_t<const T> value() const& {
    if (!ready())
      throw std::logic_error("the actor has not answered yet");
    if (refused())
      throw std::logic_error(to_string((*slot_)->error()));
    if constexpr (!std::is_void_v<T>)
      return **(*slot_);
  }

  /// The same by value, since a temporary answer takes its value with it.
  T value() && {
    const auto& self = *this;
    return self.value();
  }

  /// The refusal it answered with.
  refusal why() const {
    if (!refused())
      throw std::logic_error(ready() ? "the actor answered with a value"
                                     : "the actor has not answered yet");
    return (*slot_)->error();
  }

  /// How the asking actor gives its answer; private to `deterministic`.
  void set(result<T> x) { slot_->emplace(std::move(x)); }

private:
  using slot = std::optional<result<T>>;
  std::shared_ptr<slot> slot_ = std::make_shared<slot>();
};

/// Asks `to` from `self`; what comes back goes into `out`.
template <class T, class Handle, class Message>
void ask_into(caf::event_based_actor* self, answer<T> out, const Handle& to,
              Message x) {
  auto fail
    = [out](const caf::error& why) mutable { out.set(to_refusal(why)); };
  if constexpr (std::is_void_v<T>)
    engine::ask(self, to, std::move(x))
      .then([out]() mutable { out.set({}); }, fail);
  else
    engine::ask(self, to, std::move(x))
      .then([out](T& y) mutable { out.set(std::move(y)); }, fail);
}

/// Runs actors one message at a time on a virtual clock: nothing happens and no
/// time passes unless the test says so.
///
/// A test ends its actors, or drops their handles, before the harness goes. An
/// actor that is left, for example because it owes an answer, would block the
/// end of the system for ever: the harness says so and aborts.
class deterministic {
public:
  deterministic();
  ~deterministic();

  deterministic(const deterministic&) = delete;
  deterministic& operator=(const deterministic&) = delete;

  /// The system to spawn in.
  caf::actor_system& system();

  /// The virtual clock with its timers, for the actors under test.
  const std::shared_ptr<timer_wheel>& wheel() const { return wheel_; }

  /// The instant of the virtual clock.
  time_point now() const { return wheel_->now(); }

  /// A deadline `limit` from now.
  deadline in(duration limit) const { return {now() + limit}; }

  /// Delivers messages until there are none; returns how many.
  std::size_t run();

  /// Delivers one message; false if there is none.
  bool step();

  /// Moves the clock in steps of a tick, delivering what becomes due.
  void advance(duration by);

  /// Sends `x` to `to` from an actor of its own and runs everything.
  template <class T, class Handle, class Message>
  answer<T> ask(const Handle& to, Message x) {
    auto out = send<T>(to, std::move(x));
    run();
    return out;
  }

  /// Sends `x` to `to` from an actor of its own; runs nothing yet.
  template <class T, class Handle, class Message>
  answer<T> send(const Handle& to, Message x) {
    answer<T> out;
    start([out, to, x = std::move(x)](caf::event_based_actor* self) mutable {
      ask_into(self, out, to, std::move(x));
    });
    return out;
  }

  /// Starts an actor that runs `f` once and lives while it waits for answers.
  caf::actor start(std::function<void(caf::event_based_actor*)> f);

private:
  struct backend;

  std::shared_ptr<timer_wheel> wheel_;
  std::unique_ptr<backend> backend_;
};

/// The bytes of a message as they travel to another node; none if it cannot be
/// written.
template <class T>
std::optional<byte_list> to_bytes(caf::actor_system& system, const T& x) {
  byte_list out;
  caf::binary_serializer sink{system, out};
#if MCPOOL_CAF1
  auto ok = sink.apply(x);
#else
  auto ok = !sink(const_cast<T&>(x)); // it takes no const, but only reads
#endif
  return ok ? std::optional{std::move(out)} : std::nullopt;
}

/// Reads a message; none unless `bytes` are exactly one.
template <class T>
std::optional<T> from_bytes(caf::actor_system& system, const byte_list& bytes) {
  T out{};
  caf::binary_deserializer source{system, bytes};
#if MCPOOL_CAF1
  auto ok = source.apply(out);
#else
  auto ok = !source(out);
#endif
  return ok && source.remaining() == 0 ? std::optional{std::move(out)}
                                       : std::nullopt;
}

/// What another node receives when `x` is sent to it; none if it does not
/// arrive.
template <class T>
std::optional<T> round_trip(caf::actor_system& system, const T& x) {
  auto bytes = to_bytes(system, x);
  return bytes ? from_bytes<T>(system, *bytes) : std::nullopt;
}

/// What CAF's own messages show of an error.
std::string render(const caf::actor_system_config& cfg, const caf::error& why);

} // namespace mcpool::engine::testing
