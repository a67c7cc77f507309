// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fixture.hpp>

#include <mcpool/core/cat.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <string>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::testkit {
namespace {

using messages::repository::connection_ref;
using messages::repository::get;

server_reply never(const server_request&) {
  return no_answer();
}

class ScriptedServerTest : public fixture {
protected:
  answer<connection_ref> get_aut() {
    return ask(repository(), get{{"aut"}, {}});
  }

  answer<messages::connection::call_result> request(const std::string& method,
                                                    const std::string& params) {
    messages::repository::call x;
    x.server = {"aut"};
    x.method = method;
    x.params = shared_text{params};
    return ask(repository(), x);
  }

  scripted_server& aut = server("aut");
};

// -- answers ------------------------------------------------------------------

TEST_F(ScriptedServerTest, ListsItsToolsWithTheirSchemas) {
  aut.tool("a", "1").tool("b", never, R"({"type":"object","title":"t"})");
  auto x
    = ask(repository(), messages::repository::list{{"aut"}, "tools/list", {}});
  EXPECT_EQ(x.value().items.view(),
            R"([{"name":"a","inputSchema":{"type":"object"}},)"
            R"({"name":"b","inputSchema":{"type":"object","title":"t"}}])");
}

TEST_F(ScriptedServerTest, AnswersATextWithItsQuotes) {
  aut.tool("x", "say \"hi\"");
  EXPECT_EQ(call_tool("aut", "x").value().json.view(),
            R"({"content":[{"type":"text","text":"say \"hi\""}]})");
}

TEST_F(ScriptedServerTest, AToolThatFailedIsAResult) {
  aut.tool("x", [](const server_request&) { return tool_error("no"); });
  EXPECT_EQ(call_tool("aut", "x").value().json.view(),
            R"({"content":[{"type":"text","text":"no"}],"isError":true})");
}

TEST_F(ScriptedServerTest, AnErrorArrivesWithItsCode) {
  aut.tool("x",
           [](const server_request&) { return rpc_error(-32050, "\"no\""); });
  auto why = call_tool("aut", "x").why();
  EXPECT_EQ(why.code, errc::remote_error);
  EXPECT_EQ(why.remote->code, -32050);
  EXPECT_EQ(why.remote->message, "\"no\"");
}

TEST_F(ScriptedServerTest, ServesAnyMethod) {
  aut.on("resources/read", [](const server_request& x) {
    return json(cat(R"({"uri":")", x.name, "\"}"));
  });
  EXPECT_EQ(
    request("resources/read", R"({"uri":"file:///a"})").value().json.view(),
    R"({"uri":"file:///a"})");
}

TEST_F(ScriptedServerTest, AnswersLaterWhenTheTestSaysSo) {
  aut.tool("x", never);
  auto x = call_tool("aut", "x");
  EXPECT_FALSE(x.ready());
  aut.answer(aut.calls("x").back(), json(R"({"n":1})"));
  run();
  EXPECT_EQ(x.value().json.view(), R"({"n":1})");
}

TEST_F(ScriptedServerTest, AToolMayReplaceItself) {
  aut.tool("x", [this](const server_request&) {
    aut.tool("x", "second");
    return text("first");
  });
  EXPECT_THAT(call_tool("aut", "x").value().json.str(), HasSubstr("first"));
  EXPECT_THAT(call_tool("aut", "x").value().json.str(), HasSubstr("second"));
}

// -- what it was asked --------------------------------------------------------

TEST_F(ScriptedServerTest, RecordsWhatItWasAsked) {
  aut.tool("x", "1").tool("y", "2");
  call_tool("aut", "x", R"({"n":"7"})").value();
  call_tool("aut", "y").value();
  ASSERT_THAT(aut.calls("x"), SizeIs(1));
  EXPECT_EQ(aut.calls("x")[0].arguments.view(), R"({"n":"7"})");
  EXPECT_EQ(aut.calls("x")[0].argument("n"), "7");
  EXPECT_EQ(aut.calls("x")[0].argument("m"), "");
  EXPECT_EQ(aut.calls("x")[0].session, 1u);
  EXPECT_EQ(aut.calls("y")[0].arguments.view(), "{}");
  EXPECT_THAT(aut.calls("z"), IsEmpty());
  EXPECT_THAT(aut.requests(), SizeIs(2));
}

TEST_F(ScriptedServerTest, AToolThatIsNotThereFailsTheTest) {
  answer<messages::connection::call_result> x;
  EXPECT_NONFATAL_FAILURE(x = call_tool("aut", "nothing"),
                          "'aut' has no tool 'nothing'");
  EXPECT_EQ(x.why().remote->code, -32602);
}

TEST_F(ScriptedServerTest, AMethodThatIsNotThereFailsTheTest) {
  answer<messages::connection::call_result> x;
  EXPECT_NONFATAL_FAILURE(x = request("prompts/get", R"({"name":"p"})"),
                          "'aut' does not expect 'prompts/get'");
  EXPECT_EQ(x.why().remote->code, -32601);
}

// -- life ---------------------------------------------------------------------

TEST_F(ScriptedServerTest, RefusesToStartUntilItRecovers) {
  aut.refuse_start(make_refusal(errc::connect_failed, "no such file"));
  auto x = get_aut();
  advance(1min);
  EXPECT_THAT(x.why().text, HasSubstr("no such file"));
  EXPECT_EQ(aut.live(), 0u);
  aut.recover();
  advance(10min);
  EXPECT_FALSE(get_aut().refused());
}

TEST_F(ScriptedServerTest, HangsAtItsStartUntilTheTimeout) {
  aut.hang_at_start();
  auto x = get_aut();
  EXPECT_FALSE(x.ready());
  advance(30s);
  EXPECT_EQ(x.why().code, errc::connect_timeout);
}

TEST_F(ScriptedServerTest, ACrashLosesTheCallAndTheNextOneStartsItAgain) {
  aut.tool("x", [this](const server_request&) {
    return aut.starts() == 1 ? crash() : text("back");
  });
  EXPECT_EQ(call_tool("aut", "x").why().code, errc::connection_lost);
  advance(2s);
  EXPECT_THAT(call_tool("aut", "x").value().json.str(), HasSubstr("back"));
  EXPECT_EQ(aut.starts(), 2u);
}

TEST_F(ScriptedServerTest, ACrashOfTheTestEndsEverySession) {
  aut.tool("x", never);
  auto x = call_tool("aut", "x");
  aut.crash();
  run();
  EXPECT_EQ(x.why().code, errc::connection_lost);
  EXPECT_EQ(aut.live(), 0u);
}

TEST_F(ScriptedServerTest, NothingIsSentToASessionThatEnded) {
  aut.tool("x", never);
  call_tool("aut", "x");
  aut.crash();
  run();
  aut.answer(aut.calls("x").back(), text("too late"));
  aut.notify("notifications/tools/list_changed");
  run();
  EXPECT_EQ(aut.live(), 0u);
}

// -- configuration ------------------------------------------------------------

TEST_F(ScriptedServerTest, ItsConfigurationReachesTheTransport) {
  configuration().servers[{"aut"}].args = {"--verbose"};
  get_aut().value();
  EXPECT_THAT(aut.session().config().args, ElementsAre("--verbose"));
}

} // namespace
} // namespace mcpool::testkit
