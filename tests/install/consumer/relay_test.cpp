// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A project of somebody else that tests its own actor, with a message of its
// own, against a pool.

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/engine/iface.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/messages/types.hpp>

#include <mcpool/testkit/fixture.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

/// Asks for whatever the server `greeter` says.
struct greet {};

CAF_BEGIN_TYPE_ID_BLOCK(relay, caf::id_block::mcpool_actors::end)

CAF_ADD_TYPE_ID(relay, (greet))

CAF_END_TYPE_ID_BLOCK(relay)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(greet)

namespace {

using mcpool::messages::connection::call_result;
using namespace std::chrono_literals;

const bool types = mcpool::testkit::use_types<caf::id_block::relay>();

/// Passes a greeting on.
class relay {
public:
  using handle = mcpool::engine::iface<
    mcpool::engine::fns<mcpool::fn<call_result(greet)>>>;

  static constexpr const char* name = "consumer.relay";

  relay(handle::pointer self, mcpool::repository_actor servers)
    : self_(self),
      servers_(std::move(servers)) {}

  handle::behavior_type make_behavior() {
    return {[this](greet) {
      mcpool::messages::repository::call x;
      x.server = {"greeter"};
      x.method = "tools/call";
      x.params = mcpool::shared_text{R"({"name": "greet"})"};
      return mcpool::engine::delegate(self_, servers_, std::move(x));
    }};
  }

private:
  handle::pointer self_;
  mcpool::repository_actor servers_;
};

class RelayTest : public mcpool::testkit::fixture {};

TEST_F(RelayTest, PassesTheGreetingOn) {
  server("greeter").tool("greet", "hello");
  auto aut = keep(mcpool::engine::spawn<relay>(system(), repository()));
  EXPECT_EQ(ask<call_result>(aut, greet{}).value().json.view(),
            R"({"content":[{"type":"text","text":"hello"}]})");
}

TEST_F(RelayTest, PassesARefusalOn) {
  server("greeter").refuse_start();
  auto aut = keep(mcpool::engine::spawn<relay>(system(), repository()));
  auto answer = ask<call_result>(aut, greet{});
  advance(1min);
  EXPECT_TRUE(answer.refused());
}

} // namespace
