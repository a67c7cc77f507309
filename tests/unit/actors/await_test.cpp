// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/await.hpp>

#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <gmock/gmock.h>

#include <type_traits>

namespace mcpool {
namespace {

using namespace messages;

template <class Message, class Reply>
constexpr bool answers = std::is_same_v<reply_to<Message>, Reply>;

static_assert(answers<connection::call, connection::call_result>);
static_assert(answers<connection::drain, void>);
static_assert(answers<repository::call, connection::call_result>);
static_assert(answers<repository::get_many, repository::connection_map>);
static_assert(answers<repository::has, bool>);
static_assert(answers<throttle::acquire, throttle::permit>);
static_assert(answers<registry::find_config, config::server_config>);
static_assert(answers<pool::find_repository, repository_actor>);

class AwaitTest : public ::testing::Test {
protected:
  actors::system_config config_{2};
  caf::actor_system system_{config_};
  actors::service service_{system_, {}};
  caf::scoped_actor self_{system_};
};

TEST_F(AwaitTest, ReturnsTheReply) {
  auto x = await(self_, service_.pool(), pool::status{});
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(x->throttle.max_starting, 16u);
}

TEST_F(AwaitTest, ReturnsTheRefusal) {
  auto servers = service_.repository(shared_scope());
  ASSERT_TRUE(servers) << servers.error().text;
  auto x = await(self_, *servers, repository::get{{"nowhere"}, {}});
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::not_configured);
}

TEST_F(AwaitTest, ReturnsNothingForARequestWithoutReply) {
  auto servers = service_.repository(shared_scope());
  ASSERT_TRUE(servers) << servers.error().text;
  EXPECT_TRUE(await(self_, *servers, repository::disconnect{{"nowhere"}}));
}

} // namespace
} // namespace mcpool
