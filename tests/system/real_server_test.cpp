// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Every command, as a user types it, on the reference server over stdio and
// over Streamable HTTP.

#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace mcpool::system {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class RealServerTest : public system_test,
                       public ::testing::WithParamInterface<const char*> {
protected:
  void SetUp() override {
    if (GetParam() == std::string{"Stdio"})
      return configure({{"everything", everything()}});
    server_ = http_server::everything(*this);
    configure({{"everything", server_->config()}});
  }

  void TearDown() override {
    server_.reset();
    system_test::TearDown();
  }

private:
  std::optional<http_server> server_;
};

INSTANTIATE_TEST_SUITE_P(Over, RealServerTest,
                         ::testing::Values("Stdio", "Http"),
                         [](const auto& x) { return std::string{x.param}; });

TEST_P(RealServerTest, ListsItsTools) {
  auto text = printed(run({"tools", "everything"}));
  EXPECT_THAT(text, StartsWith("TOOL  "));
  EXPECT_THAT(text, HasSubstr("\necho  "));
  EXPECT_THAT(text, HasSubstr("Echoes back the input string\n"));
  auto tools = printed_json(run({"tools", "everything", "--json"}));
  ASSERT_GT(tools.size(), 5U);
  EXPECT_EQ(tools[0]["name"], "echo");
  EXPECT_TRUE(tools[0]["inputSchema"].is_object());
}

TEST_P(RealServerTest, CallsATool) {
  words call{"call", "everything", "echo", R"({"message":"hello"})"};
  EXPECT_EQ(printed(run(call)), "Echo: hello\n");
  call.insert(call.begin(), "--json");
  auto raw = printed_json(run(call));
  EXPECT_EQ(raw["content"][0]["text"], "Echo: hello");
}

TEST_P(RealServerTest, CallsAToolWithArgumentsFromStandardInput) {
  EXPECT_EQ(printed(run({"call", "everything", "get-sum", "-"},
                        R"({"a": 2, "b": 40})")),
            "The sum of 2 and 40 is 42.\n");
}

TEST_P(RealServerTest, EndsWithOneWhenTheToolReportsAnError) {
  words call{"call", "everything", "get-sum", R"({"a":"many"})"};
  auto x = run(call);
  EXPECT_EQ(x.code, 1);
  EXPECT_THAT(x.out, HasSubstr("Invalid arguments"));
  EXPECT_EQ(x.err, "mcpool: the tool reported an error\n");
  call.insert(call.begin(), "--json");
  EXPECT_EQ(printed_json(run(call), 1)["isError"], true);
}

TEST_P(RealServerTest, EndsWithOneForAToolThatItDoesNotHave) {
  auto x = run({"call", "everything", "no-such-tool"});
  EXPECT_EQ(x.code, 1);
  EXPECT_THAT(x.out, HasSubstr("no-such-tool not found"));
}

TEST_P(RealServerTest, SendsAnyRequest) {
  auto list = printed_json(run({"request", "everything", "resources/list"}));
  EXPECT_GT(list["resources"].size(), 0U);
  auto uri = list["resources"][0]["uri"];
  auto read = printed_json(run(
    {"request", "everything", "resources/read", json{{"uri", uri}}.dump()}));
  EXPECT_EQ(read["contents"][0]["uri"], uri);
}

TEST_P(RealServerTest, EndsWithTwoWhenTheServerRefusesARequest) {
  EXPECT_THAT(complaint(run({"request", "everything", "no/such"}), 2),
              AllOf(StartsWith("remote_error: "), HasSubstr("'everything'"),
                    HasSubstr("-32601: Method not found")));
  auto x = run({"--json", "request", "everything", "no/such"});
  EXPECT_EQ(x.code, 2);
  auto error = json::parse(x.out)["error"];
  EXPECT_EQ(error["code"], "remote_error");
  EXPECT_EQ(error["remote"]["code"], -32601);
}

TEST_P(RealServerTest, GetsAConnection) {
  EXPECT_THAT(printed(run({"get", "everything"})),
              ::testing::MatchesRegex("SERVER +PHASE +PROTOCOL +TIME\n"
                                      "everything +ready +2025-11-25 +"
                                      "[0-9]+ ms\n"));
  auto rows = printed_json(run({"get", "everything", "--json"}));
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["server"], "everything");
  EXPECT_EQ(rows[0]["phase"], "ready");
  EXPECT_EQ(rows[0]["protocol_version"], "2025-11-25");
  EXPECT_TRUE(rows[0]["capabilities"]["tools"].is_object());
  EXPECT_GT(rows[0]["took_ms"], 0);
}

TEST_P(RealServerTest, MayBeConnectedTo) {
  EXPECT_EQ(printed(run({"has", "everything"})), "yes\n");
  EXPECT_EQ(printed_json(run({"has", "everything", "--json"})),
            (json{{"server", "everything"}, {"allowed", true}}));
  EXPECT_EQ(printed(run({"has", "anything"}), 1), "no\n");
}

TEST_P(RealServerTest, HasAStatus) {
  EXPECT_THAT(printed(run({"status"})),
              AllOf(StartsWith("OWNER"), HasSubstr("\nshared  everything  "
                                                   "on_demand")));
  auto all = printed_json(run({"status", "--json", "--owner", "ann"}));
  EXPECT_EQ(all["owners"][0]["owner"], "user(ann)");
  EXPECT_EQ(all["owners"][0]["servers"][0]["phase"], "on_demand");
  EXPECT_EQ(all["throttle"]["max_starting"], 16);
}

TEST_P(RealServerTest, IsDisconnected) {
  EXPECT_EQ(printed(run({"disconnect", "everything"})),
            "disconnected: everything\n");
  EXPECT_EQ(printed_json(run({"disconnect", "--all", "--json"})),
            (json{{"disconnected", {"everything"}}}));
}

TEST_P(RealServerTest, StandsInAConfigurationThatDumpsToItself) {
  EXPECT_EQ(printed(run({"config", "check"})), "valid: 1 server in 1 file\n");
  EXPECT_EQ(printed_json(run({"config", "check", "--json"}))["valid"], true);
  auto dump = printed(run({"config", "dump"}));
  EXPECT_TRUE(json::parse(dump)["mcpServers"].contains("everything"));
  configure_text(dump);
  EXPECT_EQ(printed(run({"config", "dump"})), dump);
}

TEST_P(RealServerTest, ServesAsAUserToo) {
  EXPECT_EQ(printed(run({"--owner", "ann", "call", "everything", "echo",
                         R"({"message":"as ann"})"})),
            "Echo: as ann\n");
}

} // namespace

} // namespace mcpool::system
