// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/endpoint.hpp>

#include <mcpool/config/server_config.hpp>

#include <gtest/gtest.h>

#include <chrono>

namespace mcpool::transport {
namespace {

using namespace std::chrono_literals;

config::server_config stdio(std::string command, std::string cwd = {}) {
  config::server_config out;
  out.command = std::move(command);
  out.cwd = std::move(cwd);
  return out;
}

config::server_config http(std::string url) {
  config::server_config out;
  out.transport = config::transport_kind::streamable_http;
  out.url = std::move(url);
  return out;
}

TEST(EndpointTest, IsTheOriginOfAnHttpServer) {
  EXPECT_EQ(endpoint_of(http("https://Host.example/mcp?token=1")),
            "https://host.example:443");
  EXPECT_EQ(endpoint_of(http("http://user:pass@h:81/")), "http://h:81");
}

TEST(EndpointTest, TellsApartHowLongAConnectionMayTakeRegression) {
  auto x = http("https://h/mcp");
  x.connect_timeout = 20ms;
  EXPECT_EQ(endpoint_of(x), "https://h:443 (connectTimeout 20ms)");
  x.connect_timeout = 10s;
  EXPECT_EQ(endpoint_of(x), "https://h:443");
  x.init_timeout = 10s;
  EXPECT_EQ(endpoint_of(x), "https://h:443 (connectTimeout 9s)");
}

TEST(EndpointTest, IsNothingForWhatIsNoAddress) {
  auto x = http("ftp://h");
  x.connect_timeout = 1s;
  EXPECT_EQ(endpoint_of(x), "");
}

TEST(EndpointTest, IsTheCommandThatEverybodyFinds) {
  auto x = stdio("npx", "/somewhere");
  x.init_timeout = 1s;
  EXPECT_EQ(endpoint_of(x), "npx");
}

TEST(EndpointTest, IsThePathOfAProgram) {
  EXPECT_EQ(endpoint_of(stdio("/bin/x", "/a")), "/bin/x");
  EXPECT_EQ(endpoint_of(stdio("./x", "/a")), "/a/./x");
  EXPECT_EQ(endpoint_of(stdio("./x")), "./x");
}

TEST(EndpointTest, IsNothingForAPathOfItsOwn) {
  auto x = stdio("npx");
  x.env["PATH"] = secret{"/opt"};
  EXPECT_EQ(endpoint_of(x), "");
}

TEST(ConnectLimitTest, LeavesTimeToSayThatNothingIsThere) {
  struct {
    duration init, connect, limit;
  } cases[]{
    {30s, 10s, 10s}, {10s, 10s, 9s},        {10s, 30s, 9s},
    {10s, 9s, 9s},   {10s, 8999ms, 8999ms}, {1h, 10min, 10min},
  };
  for (auto& x : cases) {
    auto server = http("http://h");
    server.init_timeout = x.init;
    server.connect_timeout = x.connect;
    EXPECT_EQ(connect_limit(server), x.limit) << format_duration(x.init);
  }
}

} // namespace
} // namespace mcpool::transport
