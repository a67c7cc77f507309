// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/iface.hpp>
#include <mcpool/engine/inspect.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/engine/watch_list.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mcpool::engine::sample {

// -- messages -----------------------------------------------------------------

/// Asks for the square of a number; returns `number`.
struct square {
  std::int32_t value = 0;
};

BOOST_DESCRIBE_STRUCT(square, (), (value))

/// Asks for a `number` that the test gives later, or never.
struct park {
  std::int32_t id = 0;
};

BOOST_DESCRIBE_STRUCT(park, (), (id))

/// The same with nothing in the answer.
struct park_void {
  std::int32_t id = 0;
};

BOOST_DESCRIBE_STRUCT(park_void, (), (id))

struct number {
  std::int32_t value = 0;
};

BOOST_DESCRIBE_STRUCT(number, (), (value))

/// Runs a function inside the actor. For this process only.
struct run_inside {
  std::function<void()> f;
};

// -- every kind of field ------------------------------------------------------

enum class color : std::uint8_t { red, green = 7, blue };

BOOST_DESCRIBE_ENUM(color, red, green, blue)

struct inner {
  std::string text;
  std::optional<std::int64_t> maybe;

  friend bool operator==(const inner& a, const inner& b) {
    return a.text == b.text && a.maybe == b.maybe;
  }
};

BOOST_DESCRIBE_STRUCT(inner, (), (text, maybe))

struct everything {
  bool flag = false;
  std::uint8_t small = 0;
  std::int32_t signed_number = 0;
  std::uint64_t big = 0;
  double fraction = 0;
  std::string text;
  color paint = color::red;
  duration span{};
  time_point instant{};
  deadline until;
  secret token;
  shared_text payload;
  mcpool::fingerprint fingerprint;
  owner_scope owner;
  server_name server;
  call_id call;
  permit_id permit;
  refusal why;
  inner nested;
  std::optional<std::string> maybe_text;
  std::optional<inner> maybe_nested;
  std::vector<std::string> texts;
  std::vector<inner> list;
  std::map<std::string, secret> secrets;
  std::map<server_name, inner> by_name;
};

BOOST_DESCRIBE_STRUCT(everything, (),
                      (flag, small, signed_number, big, fraction, text, paint,
                       span, instant, until, token, payload, fingerprint, owner,
                       server, call, permit, why, nested, maybe_text,
                       maybe_nested, texts, list, secrets, by_name))

struct nothing {};

BOOST_DESCRIBE_STRUCT(nothing, (), ())

MCPOOL_INSPECT_NAMESPACE

// -- an actor that does what the test says ------------------------------------

class probe {
public:
  using handle
    = iface<fns<fn<number(square)>, fn<number(park)>, fn<void(park_void)>,
                fn<void(run_inside)>, fn<void(wakeup)>>>;

  static constexpr const char* name = "test.probe";

  probe(handle::pointer me, std::shared_ptr<timer_wheel> wheel, probe** where)
    : self(me),
      timers(me, std::move(wheel)),
      watches(me),
      where_(where) {
    *where_ = this;
  }

  /// Tells the test that the state is gone.
  ~probe() { *where_ = nullptr; }

  handle::behavior_type make_behavior();

  handle::pointer self;
  timer_set timers;
  watch_list<handle::base> watches;
  std::vector<reply<number>> parked;
  std::vector<reply<void>> parked_void;

private:
  probe** where_;
};

/// One probe on the deterministic harness.
class ProbeTest : public ::testing::Test {
protected:
  ProbeTest();

  ~ProbeTest() override;

  /// Runs `f` inside the actor under test, and then everything.
  void inside(std::function<void(probe&)> f);

  /// Sends a request from an actor of its own; runs everything.
  template <class T, class Message>
  testing::answer<T> ask(Message x) {
    return harness.ask<T>(aut, std::move(x));
  }

  /// Starts another probe, whose state is not looked at.
  probe::handle another();

  /// Ends an actor and runs everything.
  template <class Handle>
  void end_now(const Handle& x) {
    end(x);
    harness.run();
  }

  testing::deterministic harness;
  /// Null once the state is destroyed.
  probe* state = nullptr;
  probe::handle aut;

private:
  struct guest {
    probe* state = nullptr;
    probe::handle handle;
  };

  std::vector<std::unique_ptr<guest>> guests_;
};

} // namespace mcpool::engine::sample

CAF_BEGIN_TYPE_ID_BLOCK(engine_test, caf::id_block::mcpool_engine_private::end)

CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::square))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::park))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::park_void))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::number))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::run_inside))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::everything))
CAF_ADD_TYPE_ID(engine_test, (mcpool::engine::sample::nothing))

CAF_END_TYPE_ID_BLOCK(engine_test)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::engine::sample::run_inside)
