// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/load.hpp>

#include <mcpool/config/fingerprint_of.hpp>

#include <gtest/gtest.h>

#include <fstream>

#include <unistd.h>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

document load_all(const std::vector<source>& sources,
                  const environment& env = {}) {
  auto out = load_texts(sources, env);
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  return out.value.value_or(document{});
}

document load_one(const std::string& text, const environment& env = {}) {
  return load_all({{"/etc/mcpool/mcpool.json", text}}, env);
}

server_config server_of(const std::string& members,
                        const environment& env = {}) {
  auto out = load_one("{\"mcpServers\":{\"a\":{" + members + "}}}", env);
  EXPECT_EQ(out.servers.size(), 1u);
  return out.servers[server_name{"a"}];
}

class LoadTest : public testing::Test {
protected:
  LoadTest() {
    std::string name = fs::temp_directory_path() / "mcpool-load-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }

  ~LoadTest() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const std::string& text) {
    auto file = folder_ / name;
    std::ofstream{file} << text;
    return file;
  }

  fs::path folder_;
};

} // namespace

TEST_F(LoadTest, YieldsTheDefaultsWithoutFiles) {
  auto out = load({}, {});
  ASSERT_TRUE(out);
  EXPECT_TRUE(out.value->servers.empty());
  EXPECT_EQ(out.value->pool.throttle.max_starting, 16u);
  EXPECT_EQ(out.value->defaults.timeout, 60s);
}

TEST_F(LoadTest, ReadsFiles) {
  auto a = write("a.json", R"({"mcpServers":{"x":{"command":"./run"}}})");
  auto out = load({a, write("b.json", "{}")}, {});
  ASSERT_TRUE(out);
  EXPECT_EQ(out.value->servers.at(server_name{"x"}).command, folder_ / "run");
}

TEST_F(LoadTest, ReportsWhatCannotBeRead) {
  auto big = write("big.json", "{}");
  fs::resize_file(big, max_file_bytes + 1);
  auto missing = folder_ / "missing.json";
  auto out = load({missing, folder_, big}, {});
  ASSERT_EQ(out.findings.size(), 3u);
  EXPECT_EQ(to_string(out.findings[0]),
            missing.string() + ": cannot be read: No such file or directory");
  EXPECT_EQ(to_string(out.findings[1]),
            folder_.string() + ": cannot be read: Is a directory");
  EXPECT_EQ(to_string(out.findings[2]),
            big.string() + ": is longer than 16777216 bytes");
}

TEST_F(LoadTest, ReportsAllFilesAtOnce) {
  auto out = load_texts({{"a.json", "{\n\"pool\":{\"threads\":999}}"},
                         {"b.json", "{"},
                         {"c.json", "{\"mcpServers\":{\"x\":{}}}"}},
                        {{"MCPOOL_X", ""}});
  ASSERT_EQ(out.findings.size(), 4u);
  EXPECT_FALSE(out);
  EXPECT_EQ(to_string(out.findings[0]),
            "a.json:2: pool.threads: 999 is out of range; allowed is 0 to 256");
  EXPECT_EQ(out.findings[1].file, "b.json");
  EXPECT_EQ(out.findings[2].file, "c.json");
  EXPECT_EQ(out.findings[3].key, "MCPOOL_X");
}

TEST_F(LoadTest, ReadsEveryKeyOfAStdioServer) {
  auto x = server_of(
    R"("type":"stdio","title":"T","description":"D","command":"npx",)"
    R"("args":["-y","p"],"env":{"A":"b"},"cwd":"/srv","startup":true,)"
    R"("requiresOAuth":true,"replacement":"overlap","timeout":1500,)"
    R"("initTimeout":"2s","closeTimeout":"3s","keepAlive":true,)"
    R"("idleTimeout":"4m","maxLifetime":"5h","maxInFlight":6,"maxMessageBytes":"1MiB",)"
    R"("list":{"maxPages":4,"maxItems":5,"maxBytes":6000,"timeout":"7s"},)"
    R"("disabled":false)");
  EXPECT_EQ(x.name.value, "a");
  EXPECT_EQ(x.transport, transport_kind::stdio);
  EXPECT_EQ(x.title, "T");
  EXPECT_EQ(x.description, "D");
  EXPECT_EQ(x.command, "npx");
  EXPECT_EQ(x.args, (std::vector<std::string>{"-y", "p"}));
  EXPECT_EQ(x.env.at("A").reveal(), "b");
  EXPECT_EQ(x.cwd, "/srv");
  EXPECT_EQ(x.startup, startup_mode::eager);
  EXPECT_TRUE(x.requires_oauth);
  EXPECT_EQ(x.replacement, replacement_mode::overlap);
  EXPECT_EQ(x.timeout, 1500ms);
  EXPECT_EQ(x.init_timeout, 2s);
  EXPECT_EQ(x.close_timeout, 3s);
  EXPECT_TRUE(x.keep_alive);
  EXPECT_EQ(x.idle_timeout, 4min);
  EXPECT_EQ(x.max_lifetime, 5h);
  EXPECT_EQ(x.max_in_flight, 6u);
  EXPECT_EQ(x.max_message_bytes, 1u << 20);
  EXPECT_EQ(x.list.pages, 4u);
  EXPECT_EQ(x.list.items, 5u);
  EXPECT_EQ(x.list.bytes, 6000u);
  EXPECT_EQ(x.list.time, 7s);
  EXPECT_EQ(x.revision, 0u);
  EXPECT_EQ(x.fingerprint, fingerprint_of(x));
}

TEST_F(LoadTest, TakesOffForZeroWhereZeroIsAllowed) {
  auto x
    = server_of(R"("command":"x","idleTimeout":"off","maxLifetime":"off")");
  EXPECT_EQ(x.idle_timeout, 0s);
  EXPECT_EQ(x.max_lifetime, 0s);
  EXPECT_FALSE(load_texts(
    {{"a", R"({"mcpServers":{"a":{"command":"x","timeout":"off"}}})"}}, {}));
}

TEST_F(LoadTest, ReadsEveryKeyOfAnHttpServer) {
  auto x = server_of(
    R"("type":"streamable-http","url":"https://h/mcp","headers":{"A":"b"},)"
    R"("startup":false,"connectTimeout":"4s","streamIdleTimeout":"5s")");
  EXPECT_EQ(x.transport, transport_kind::streamable_http);
  EXPECT_EQ(x.url, "https://h/mcp");
  EXPECT_EQ(x.headers.at("A").reveal(), "b");
  EXPECT_EQ(x.startup, startup_mode::never_shared);
  EXPECT_EQ(x.connect_timeout, 4s);
  EXPECT_EQ(x.stream_idle_timeout, 5s);
}

TEST_F(LoadTest, AcceptsEveryNameOfATransport) {
  for (auto type : {"http", "streamable-http", "streamable_http"}) {
    auto members = std::string{R"("url":"http://h","type":")"} + type + '"';
    EXPECT_EQ(server_of(members).transport, transport_kind::streamable_http);
  }
}

TEST_F(LoadTest, FindsTheTransportFromTheKeys) {
  EXPECT_EQ(server_of(R"("command":"x")").transport, transport_kind::stdio);
  EXPECT_EQ(server_of(R"("url":"http://h")").transport,
            transport_kind::streamable_http);
}

TEST_F(LoadTest, ReplacesByDefaultAsTheTransportNeedsIt) {
  EXPECT_EQ(server_of(R"("command":"x")").replacement,
            replacement_mode::stop_first);
  EXPECT_EQ(server_of(R"("url":"http://h")").replacement,
            replacement_mode::overlap);
}

TEST_F(LoadTest, AcceptsTheOtherNameOfTheStreamIdleTimeout) {
  EXPECT_EQ(
    server_of(R"("url":"http://h","sseReadTimeout":9000)").stream_idle_timeout,
    9s);
  EXPECT_EQ(server_of(R"("url":"http://h","sseReadTimeout":600000)")
              .stream_idle_timeout,
            10min);
}

TEST_F(LoadTest, GivesStreamsMoreTimeThanCalls) {
  auto x = server_of(R"("url":"http://h")");
  EXPECT_EQ(x.timeout, 60s);
  EXPECT_EQ(x.stream_idle_timeout, 5min);
}

// A server that needs a value of each user must not be taken for one that all
// can share.
TEST_F(LoadTest, RefusesTheKeysOfWhatItDoesNotDo) {
  for (auto key : {"customUserVars", "obo", "source", "apiKey", "oauth",
                   "requestHeaders", "inspectionFailed"}) {
    auto out
      = load_texts({{"a", std::string{R"({"mcpServers":{"a":{"command":"x",")"}
                            + key + R"(":{}}}})"}},
                   {});
    ASSERT_EQ(out.findings.size(), 1u) << key;
    EXPECT_NE(to_string(out.findings[0])
                .find(std::string{"mcpServers.a."} + key + ": is no known key"),
              std::string::npos)
      << to_string(out.findings[0]);
  }
}

TEST_F(LoadTest, ReadsEveryKeyOfThePool) {
  auto out = load_one(
    R"({"pool":{"throttle":{"maxStarting":1,"maxStartingPerOwner":2,)"
    R"("maxWaiting":3},"maxAttempts":4,"cooldown":{"base":"2s","max":"1m","resetAfter":0},)"
    R"("threads":4,"drainTimeout":"5s","livenessTtl":0,)"
    R"("pingTimeout":"6s","maxCallsPerConnection":7,"maxWaitingCallers":8,)"
    R"("scopeIdleTimeout":"off","maxScopes":9}})");
  EXPECT_EQ(out.pool.throttle.max_starting, 1u);
  EXPECT_EQ(out.pool.throttle.max_starting_per_owner, 2u);
  EXPECT_EQ(out.pool.throttle.max_waiting, 3u);
  EXPECT_EQ(out.pool.max_attempts, 4u);
  EXPECT_EQ(out.pool.cooldown.base, 2s);
  EXPECT_EQ(out.pool.cooldown.max, 1min);
  EXPECT_EQ(out.pool.cooldown.reset_after, 0s);
  EXPECT_EQ(out.pool.threads, 4u);
  EXPECT_EQ(out.pool.drain_timeout, 5s);
  EXPECT_EQ(out.pool.liveness_ttl, 0s);
  EXPECT_EQ(out.pool.ping_timeout, 6s);
  EXPECT_EQ(out.pool.max_calls_per_connection, 7u);
  EXPECT_EQ(out.pool.max_waiting_callers, 8u);
  EXPECT_EQ(out.pool.scope_idle_timeout, 0s);
  EXPECT_EQ(out.pool.max_scopes, 9u);
}

TEST_F(LoadTest, TakesLimitsFromTheDefaultsOfAnyFile) {
  auto out = load_all(
    {{"a", R"({"mcpServers":{"x":{"command":"x"},)"
           R"("y":{"command":"y","timeout":"1s"}}})"},
     {"b", R"({"pool":{"defaults":{"timeout":"2s","list":{"maxPages":9}}}})"}});
  EXPECT_EQ(out.servers[server_name{"x"}].timeout, 2s);
  EXPECT_EQ(out.servers[server_name{"x"}].list.pages, 9u);
  EXPECT_EQ(out.servers[server_name{"y"}].timeout, 1s);
  EXPECT_EQ(out.defaults.timeout, 2s);
}

TEST_F(LoadTest, LetsALaterFileWinPerServer) {
  auto out = load_all({{"a", R"({"mcpServers":{"x":{"command":"x",)"
                             R"("title":"old"},"y":{"command":"y"}}})"},
                       {"b", R"({"mcpServers":{"x":{"url":"http://h"}}})"}});
  ASSERT_EQ(out.servers.size(), 2u);
  EXPECT_EQ(out.servers[server_name{"x"}].url, "http://h");
  EXPECT_EQ(out.servers[server_name{"x"}].title, "");
  EXPECT_EQ(out.servers[server_name{"y"}].command, "y");
}

TEST_F(LoadTest, LetsALaterFileWinPerKeyOfThePool) {
  auto out = load_all(
    {{"a", R"({"pool":{"threads":3,"throttle":{"maxStarting":5}}})"},
     {"b", R"({"pool":{"throttle":{"maxWaiting":6,"maxStarting":7}}})"}});
  EXPECT_EQ(out.pool.threads, 3u);
  EXPECT_EQ(out.pool.throttle.max_starting, 7u);
  EXPECT_EQ(out.pool.throttle.max_waiting, 6u);
}

TEST_F(LoadTest, LetsTheEnvironmentWinOverFiles) {
  auto out = load_one(
    R"({"pool":{"throttle":{"maxStarting":5},"defaults":{"timeout":"1s"}},)"
    R"("mcpServers":{"x":{"command":"x"}}})",
    {{"MCPOOL_THROTTLE_MAX_STARTING", "6"},
     {"MCPOOL_DRAIN_TIMEOUT", "7s"},
     {"MCPOOL_PING_TIMEOUT", "800"},
     {"MCPOOL_DEFAULTS_TIMEOUT", "9s"},
     {"MCPOOL_DEFAULTS_LIST_MAX_BYTES", "2MiB"}});
  EXPECT_EQ(out.pool.throttle.max_starting, 6u);
  EXPECT_EQ(out.pool.drain_timeout, 7s);
  EXPECT_EQ(out.pool.ping_timeout, 800ms);
  EXPECT_EQ(out.servers[server_name{"x"}].timeout, 9s);
  EXPECT_EQ(out.servers[server_name{"x"}].list.bytes, 2u << 20);
}

TEST_F(LoadTest, LeavesDisabledServersOut) {
  auto out = load_all(
    {{"a", R"({"mcpServers":{"x":{"command":"x"},)"
           R"("y":{"command":"y","args":["${NO}"],"disabled":true}}})"},
     {"b", R"({"mcpServers":{"x":{"command":"x","disabled":true}}})"}});
  EXPECT_TRUE(out.servers.empty());
}

TEST_F(LoadTest, NeedsNoVariablesForServersThatALaterFileReplaces) {
  auto out = load_all({{"a", R"({"mcpServers":{"x":{"url":"${NO}"}}})"},
                       {"b", R"({"mcpServers":{"x":{"url":"http://h"}}})"}});
  EXPECT_EQ(out.servers[server_name{"x"}].url, "http://h");
}

TEST_F(LoadTest, ReplacesVariablesWhereTheyMayStand) {
  environment env{{"V", "v"}};
  auto x = server_of(R"("command":"x","args":["${V}","$${V}"],)"
                     R"("env":{"A":"${V}"},"cwd":"/${V}","title":"${V}")",
                     env);
  EXPECT_EQ(x.args, (std::vector<std::string>{"v", "${V}"}));
  EXPECT_EQ(x.env.at("A").reveal(), "v");
  EXPECT_EQ(x.cwd, "/v");
  EXPECT_EQ(x.title, "${V}");
  auto y = server_of(R"("url":"http://${V}","headers":{"A":"${V}"})", env);
  EXPECT_EQ(y.url, "http://v");
  EXPECT_EQ(y.headers.at("A").reveal(), "v");
}

TEST_F(LoadTest, ResolvesPathsAgainstTheFolderOfTheFile) {
  auto path_of = [](const std::string& command) {
    return server_of("\"command\":\"" + command + "\"").command;
  };
  EXPECT_EQ(path_of("npx"), "npx");
  EXPECT_EQ(path_of("./npx"), "/etc/mcpool/npx");
  EXPECT_EQ(path_of("../bin/npx"), "/etc/bin/npx");
  EXPECT_EQ(path_of("/usr/bin/npx"), "/usr/bin/npx");
  auto cwd_of = [](const std::string& cwd) {
    auto x = server_of(R"("command":"x","args":["./a"],"cwd":")" + cwd + '"');
    EXPECT_EQ(x.args.front(), "./a");
    return x.cwd;
  };
  EXPECT_EQ(cwd_of(""), "");
  EXPECT_EQ(cwd_of("."), "/etc/mcpool");
  EXPECT_EQ(cwd_of("sub/"), "/etc/mcpool/sub");
  EXPECT_EQ(cwd_of("../.."), "/");
  EXPECT_EQ(cwd_of("/srv"), "/srv");
}

TEST_F(LoadTest, AcceptsASchemaAndComments) {
  auto out = load_one("// a\n{\"$schema\": \"x\" /* b */}");
  EXPECT_TRUE(out.servers.empty());
}

} // namespace mcpool::config
