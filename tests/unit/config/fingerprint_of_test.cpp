// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/fingerprint_of.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace mcpool::config {

namespace {

server_config stdio_server() {
  server_config x;
  x.name.value = "files";
  x.command = "npx";
  x.args = {"-y", "server"};
  x.env.emplace("TZ", secret{"UTC"});
  return x;
}

server_config http_server() {
  server_config x;
  x.name.value = "search";
  x.transport = transport_kind::streamable_http;
  x.replacement = replacement_mode::overlap;
  x.url = "https://search.example/mcp";
  x.headers.emplace("X-Team", secret{"a"});
  return x;
}

using change = std::function<void(server_config&)>;

fingerprint after(server_config x, const change& f) {
  f(x);
  return fingerprint_of(x);
}

} // namespace

// A new value here restarts every connection when a node is upgraded: that must
// be meant.
TEST(FingerprintOfTest, IsPinned) {
  EXPECT_EQ(to_string(fingerprint_of(stdio_server())),
            "672805a54fdc724943bcf812dceb399c52a7125adb03ab602adfe862131903dd");
  EXPECT_EQ(to_string(fingerprint_of(http_server())),
            "c523acfeccf773095883cdadf31156c1cc605a5500e9c339443a1b6a63e5af26");
}

TEST(FingerprintOfTest, ChangesWithEverythingAConnectionDependsOn) {
  const change changes[] = {
    [](auto& x) { x.transport = transport_kind::streamable_http; },
    [](auto& x) { x.command = "node"; },
    [](auto& x) { x.args.push_back(""); },
    [](auto& x) { x.env["TZ"] = secret{"CET"}; },
    [](auto& x) { x.cwd = "/srv"; },
    [](auto& x) { x.requires_oauth = true; },
    [](auto& x) { x.replacement = replacement_mode::overlap; },
    [](auto& x) { x.timeout += 1ns; },
    [](auto& x) { x.init_timeout = 1s; },
    [](auto& x) { x.close_timeout = 1s; },
    [](auto& x) { x.idle_timeout = 1s; },
    [](auto& x) { x.max_lifetime = 1s; },
    [](auto& x) { x.max_in_flight = 1; },
    [](auto& x) { x.max_message_bytes = 1001; },
    [](auto& x) { x.list.pages = 1; },
    [](auto& x) { x.list.items = 1; },
    [](auto& x) { x.list.bytes = 1001; },
    [](auto& x) { x.list.time = 1s; },
  };
  auto before = fingerprint_of(stdio_server());
  for (const auto& f : changes)
    EXPECT_NE(after(stdio_server(), f), before) << "change " << (&f - changes);
}

TEST(FingerprintOfTest, ChangesWithWhatConcernsHttp) {
  const change changes[] = {
    [](auto& x) { x.url += "/"; },
    [](auto& x) { x.headers["X-Team"] = secret{"b"}; },
    [](auto& x) { x.connect_timeout = 1s; },
    [](auto& x) { x.stream_idle_timeout = 1s; },
  };
  auto before = fingerprint_of(http_server());
  for (const auto& f : changes)
    EXPECT_NE(after(http_server(), f), before) << "change " << (&f - changes);
}

TEST(FingerprintOfTest, IgnoresWhatAConnectionDoesNotDependOn) {
  const change changes[] = {
    [](auto& x) { x.name.value = "other"; },
    [](auto& x) { x.title = "T"; },
    [](auto& x) { x.description = "D"; },
    [](auto& x) { x.startup = startup_mode::eager; },
    [](auto& x) { x.keep_alive = true; },
    [](auto& x) { x.revision = 7; },
    [](auto& x) { x.fingerprint.bytes[0] = 1; },
    [](auto& x) { x.url = "http://h"; },
    [](auto& x) { x.connect_timeout = 1s; },
  };
  auto before = fingerprint_of(stdio_server());
  for (const auto& f : changes)
    EXPECT_EQ(after(stdio_server(), f), before) << "change " << (&f - changes);
}

TEST(FingerprintOfTest, TellsApartWhatIsOnlyWrittenAlike) {
  auto x = stdio_server();
  x.args = {"a", "b"};
  auto y = stdio_server();
  y.args = {"a b"};
  auto z = stdio_server();
  z.args = {"a\",\"b"};
  EXPECT_NE(fingerprint_of(x), fingerprint_of(y));
  EXPECT_NE(fingerprint_of(x), fingerprint_of(z));
}

TEST(FingerprintOfTest, DoesNotDependOnHowTheFileIsWritten) {
  auto print_of = [](const std::string& text) {
    auto out = load_texts({{"/a.json", text}}, {{"U", "UTC"}});
    return out ? out.value->servers[server_name{"x"}].fingerprint
               : fingerprint{};
  };
  auto x = print_of(R"({"mcpServers":{"x":{"command":"npx",)"
                    R"("env":{"TZ":"${U}","A":"1"},"timeout":60000}}})");
  auto y = print_of(R"({"mcpServers":{"x":{"timeout":"60s", // one minute
                     "env":{"A":"1","TZ":"UTC"},
                     "type":"stdio","command":"npx"}}})");
  EXPECT_NE(x, fingerprint{});
  EXPECT_EQ(x, y);
}

} // namespace mcpool::config
