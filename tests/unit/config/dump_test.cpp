// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/dump.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

namespace {

constexpr std::string_view full = R"({"mcpServers":{
  "z":{"command":"./x","args":["a${V}$${b}"],"env":{"B":"hunter2","A":""},
       "cwd":"d$${","startup":true,"timeout":1500,"title":"T \" ${V} \u00e4"},
  "a":{"url":"https://h/?q=$${x}","headers":{"X-A":"hunter2"},
       "startup":false,"streamIdleTimeout":"90s","list":{"maxBytes":1500}}},
  "pool":{"threads":3,"defaults":{"closeTimeout":"2500ms"}}})";

document document_of(std::string_view text, const environment& env = {}) {
  auto out = load_texts({{"/etc/mcpool.json", std::string{text}}}, env);
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  return out.value.value_or(document{});
}

} // namespace

TEST(DumpTest, PrintsEverythingInAFixedOrder) {
  auto text = dump(
    document_of(R"({"mcpServers":{"b":{"command":"x","env":{"K":"v"}}}})"));
  EXPECT_EQ(text, R"({
  "mcpServers": {
    "b": {
      "type": "stdio",
      "title": "",
      "description": "",
      "command": "x",
      "args": [],
      "env": {
        "K": "***"
      },
      "cwd": "",
      "requiresOAuth": false,
      "replacement": "stop_first",
      "keepAlive": false,
      "timeout": "1m",
      "initTimeout": "30s",
      "closeTimeout": "2s",
      "idleTimeout": "15m",
      "maxLifetime": "0ms",
      "maxInFlight": 64,
      "maxMessageBytes": "16MiB",
      "list": {
        "maxPages": 50,
        "maxItems": 1000,
        "maxBytes": "5MiB",
        "timeout": "30s"
      }
    }
  },
  "pool": {
    "throttle": {
      "maxStarting": 16,
      "maxStartingPerOwner": 3,
      "maxWaiting": 10000
    },
    "maxAttempts": 3,
    "cooldown": {
      "base": "1s",
      "max": "5m",
      "resetAfter": "1m"
    },
    "threads": 0,
    "drainTimeout": "10s",
    "livenessTtl": "1m",
    "pingTimeout": "5s",
    "maxCallsPerConnection": 4096,
    "maxWaitingCallers": 100000,
    "scopeIdleTimeout": "15m",
    "maxScopes": 100000,
    "defaults": {
      "timeout": "1m",
      "initTimeout": "30s",
      "connectTimeout": "10s",
      "streamIdleTimeout": "5m",
      "closeTimeout": "2s",
      "idleTimeout": "15m",
      "maxLifetime": "0ms",
      "maxInFlight": 64,
      "maxMessageBytes": "16MiB",
      "list": {
        "maxPages": 50,
        "maxItems": 1000,
        "maxBytes": "5MiB",
        "timeout": "30s"
      }
    }
  }
}
)");
}

TEST(DumpTest, YieldsItselfWhenFedBack) {
  auto once = dump(document_of(full, {{"V", "${V}"}}));
  EXPECT_EQ(dump(document_of(once)), once);
}

TEST(DumpTest, KeepsWhatIsNotSecret) {
  auto before = document_of(full, {{"V", "${V}"}});
  auto after = document_of(dump(before));
  const auto& x = before.servers[server_name{"z"}];
  const auto& y = after.servers[server_name{"z"}];
  EXPECT_EQ(x.args, (std::vector<std::string>{"a${V}${b}"}));
  EXPECT_EQ(y.args, x.args);
  EXPECT_EQ(y.command, x.command);
  EXPECT_EQ(y.cwd, x.cwd);
  EXPECT_EQ(y.title, x.title);
  EXPECT_EQ(y.startup, x.startup);
  EXPECT_EQ(after.servers[server_name{"a"}].url, "https://h/?q=${x}");
  EXPECT_EQ(after.pool.threads, 3u);
}

TEST(DumpTest, NeverShowsASecret) {
  auto text = dump(document_of(full, {{"V", ""}}));
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_NE(text.find("\"X-A\": \"***\""), std::string::npos);
}

TEST(DumpTest, OrdersServersByName) {
  auto text = dump(document_of(full, {{"V", ""}}));
  EXPECT_LT(text.find("\"a\": {"), text.find("\"z\": {"));
}

TEST(DumpTest, SurvivesTextThatIsNoUtf8) {
  document x;
  x.servers[server_name{"a"}].title = "\xff";
  EXPECT_NE(dump(x).find("\"title\": \"\xef\xbf\xbd\""), std::string::npos);
}

} // namespace mcpool::config
