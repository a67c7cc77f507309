// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/node.hpp>

#include <mcpool/core/cat.hpp>

#include <gmock/gmock.h>

namespace mcpool::engine {
namespace {

using ::testing::HasSubstr;

std::string parsed(std::string_view text) {
  auto x = parse_node_address(text);
  return x ? cat(x->host, " ", x->port) : x.error().text;
}

TEST(NodeAddressTest, ReadsHostAndPort) {
  EXPECT_EQ(parsed("example.org:7000"), "example.org 7000");
  EXPECT_EQ(parsed("[::1]:7000"), "::1 7000");
}

TEST(NodeAddressTest, IsOnTheLoopbackInterfaceUnlessItSaysSo) {
  EXPECT_EQ(parsed("7000"), "127.0.0.1 7000");
  EXPECT_EQ(parsed(":0"), "127.0.0.1 0");
}

TEST(NodeAddressTest, RefusesWhatIsNone) {
  for (auto* text : {"", ":", "host", "host:", "host:65536", "host:-1",
                     "host:80x", "::1:80", "[::1:80", "[]:80"})
    EXPECT_EQ(parsed(text), cat("'", text,
                                "' is no address; write HOST:PORT, for example "
                                "127.0.0.1:7000"));
}

TEST(NodeAddressTest, PrintsAsItIsRead) {
  EXPECT_EQ(to_string(node_address{"::1", 7}), "[::1]:7");
  EXPECT_EQ(to_string(node_address{"host", 7}), "host:7");
}

TEST(NodeAddressTest, KnowsTheLoopbackInterface) {
  for (auto* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
    EXPECT_TRUE(is_loopback({host, 0})) << host;
  for (auto* host : {"0.0.0.0", "::", "192.168.127.1", "example.org"})
    EXPECT_FALSE(is_loopback({host, 0})) << host;
}

TEST(NodeTest, NeedsAConfigurationThatWantsOne) {
  caf::actor_system_config cfg;
  caf::actor_system system{cfg};
  auto port = publish(system, caf::actor{}, {});
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, errc::invalid_request);
  auto found = connect(system, {"127.0.0.1", 1}, std::chrono::seconds{1});
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().text, HasSubstr("has no node"));
}

} // namespace
} // namespace mcpool::engine
