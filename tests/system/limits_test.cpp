// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// How many connections start at once, measured by the server that they start
// on: it counts the handshakes that it has not answered yet.

#include <mcpool/system/embedded_pool.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <optional>

namespace mcpool::system {

namespace {

class LimitsTest : public system_test {
protected:
  /// So many names for one server, whose handshakes take their time.
  void have(int names, json throttle) {
    server.emplace(http_server::fake(*this, {"--handshake-delay", "100ms"}));
    json servers;
    for (int i = 0; i < names; ++i)
      servers["server-" + std::to_string(i)] = server->config();
    configure(servers, {{"throttle", std::move(throttle)}});
    pool.emplace(config_file());
  }

  /// Connects every owner to every name.
  void connect_all(int owners, std::size_t names) {
    std::vector<std::future<std::size_t>> all;
    for (int i = 0; i < owners; ++i)
      all.push_back(std::async(std::launch::async, [this, i] {
        auto owner = user_scope("user-" + std::to_string(i));
        auto x = pool->ask_as<repo::connection_map>(*owner, repo::get_all{});
        return x ? x->connections.size() : 0;
      }));
    for (auto& x : all)
      EXPECT_EQ(x.get(), names);
  }

  int most_at_once() const { return server->stats()["initializes"]["max"]; }

  void TearDown() override {
    pool.reset();
    if (server) {
      EXPECT_EQ(server->stats()["sessions"]["live"], 0);
    }
    server.reset();
    system_test::TearDown();
  }

  std::optional<http_server> server;
  std::optional<embedded_pool> pool;
};

TEST_F(LimitsTest, StartsNoMoreThanThreeOfOneOwnerAtOnce) {
  have(40, json::object());
  connect_all(1, 40);
  EXPECT_EQ(server->stats()["sessions"]["total"], 40);
  EXPECT_EQ(most_at_once(), 3);
}

TEST_F(LimitsTest, StartsNoMoreThanSixteenOfAllOwnersAtOnce) {
  have(5, json::object());
  connect_all(8, 5);
  EXPECT_EQ(server->stats()["sessions"]["total"], 40);
  EXPECT_LE(most_at_once(), 16);
  EXPECT_GT(most_at_once(), 3);
}

TEST_F(LimitsTest, StartsNoMoreThanConfigured) {
  have(40, {{"maxStarting", 5}, {"maxStartingPerOwner", 40}});
  connect_all(1, 40);
  EXPECT_EQ(server->stats()["sessions"]["total"], 40);
  EXPECT_EQ(most_at_once(), 5);
}

} // namespace

} // namespace mcpool::system
