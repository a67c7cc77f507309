// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/requests.hpp>

#include <mcpool/protocol/json_scan.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

void expect_call(const method_call& x, std::string_view method,
                 std::string_view params) {
  EXPECT_EQ(x.method, method);
  EXPECT_EQ(x.params, params);
  EXPECT_TRUE(x.params.empty() || scan_object(x.params)) << x.params;
}

TEST(RequestsTest, BuildsWhatHasNoParams) {
  expect_call(ping(), "ping", "");
  expect_call(initialized(), "notifications/initialized", "");
}

TEST(RequestsTest, AsksForPages) {
  expect_call(list("tools/list"), "tools/list", "");
  expect_call(list("tools/list", "a\"b"), "tools/list", R"({"cursor":"a\"b"})");
  expect_call(list("prompts/list", ""), "prompts/list", R"({"cursor":""})");
}

TEST(RequestsTest, CallsTools) {
  expect_call(call_tool("echo").value(), "tools/call", R"({"name":"echo"})");
  expect_call(call_tool("e\n", "{ \"a\":\n1 }").value(), "tools/call",
              R"({"name":"e\n","arguments":{ "a":1 }})");
}

TEST(RequestsTest, GetsPrompts) {
  expect_call(get_prompt("p", R"({"x":"y"})").value(), "prompts/get",
              R"({"name":"p","arguments":{"x":"y"}})");
}

TEST(RequestsTest, RefusesArgumentsThatAreNoObject) {
  for (auto json : {"[]", "1", "null", "{", "not json", R"({"a":1}x)"}) {
    for (auto x : {call_tool("echo", json), get_prompt("echo", json)}) {
      ASSERT_FALSE(x) << json;
      EXPECT_EQ(x.error().code, errc::invalid_request);
      EXPECT_THAT(x.error().text, HasSubstr("arguments of 'echo'"));
    }
  }
}

TEST(RequestsTest, NamesResources) {
  expect_call(read_resource("file:///a"), "resources/read",
              R"({"uri":"file:///a"})");
  expect_call(subscribe("u"), "resources/subscribe", R"({"uri":"u"})");
  expect_call(unsubscribe("u"), "resources/unsubscribe", R"({"uri":"u"})");
}

TEST(RequestsTest, AsksForCompletions) {
  expect_call(complete(completion_ref::prompt, "p", "lang", "py").value(),
              "completion/complete",
              R"({"ref":{"type":"ref/prompt","name":"p"},)"
              R"("argument":{"name":"lang","value":"py"}})");
  expect_call(
    complete(completion_ref::resource, "f:///{x}", "x", "", R"({"y":"1"})")
      .value(),
    "completion/complete",
    R"({"ref":{"type":"ref/resource","uri":"f:///{x}"},)"
    R"("argument":{"name":"x","value":""},)"
    R"("context":{"arguments":{"y":"1"}}})");
  EXPECT_EQ(complete(completion_ref::prompt, "p", "a", "b", "[]").error().code,
            errc::invalid_request);
}

TEST(RequestsTest, SetsTheEightLevels) {
  for (std::string level : {"debug", "info", "notice", "warning", "error",
                            "critical", "alert", "emergency"})
    expect_call(set_log_level(level).value(), "logging/setLevel",
                "{\"level\":\"" + level + "\"}");
  auto x = set_log_level("warn");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::invalid_request);
  EXPECT_THAT(x.error().text, HasSubstr("emergency"));
}

TEST(RequestsTest, CancelsWithOrWithoutAReason) {
  expect_call(cancelled(7), "notifications/cancelled", R"({"requestId":7})");
  expect_call(cancelled(7, "too \"late\""), "notifications/cancelled",
              R"({"requestId":7,"reason":"too \"late\""})");
}

} // namespace
} // namespace mcpool::protocol::mcp
