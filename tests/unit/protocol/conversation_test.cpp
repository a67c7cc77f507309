// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/line_framing.hpp>
#include <mcpool/protocol/mcp/capabilities.hpp>
#include <mcpool/protocol/mcp/initialize.hpp>
#include <mcpool/protocol/mcp/paged_list.hpp>
#include <mcpool/protocol/mcp/progress.hpp>
#include <mcpool/protocol/mcp/requests.hpp>
#include <mcpool/protocol/mcp/tool_list.hpp>
#include <mcpool/protocol/mcp/tool_result.hpp>
#include <mcpool/protocol/mcp/version.hpp>
#include <mcpool/protocol/sse_parser.hpp>

#include <gtest/gtest.h>

#include <algorithm>

/// What a server says in one session, through both framings and every layer.

namespace mcpool::protocol {
namespace {

const std::vector<std::string> spoken{
  R"({"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":)"
  R"({"listChanged":true},"logging":{}},"serverInfo":{"name":"café",)"
  R"("version":"2.0"},"instructions":"Call \"echo\"."},"jsonrpc":"2.0","id":1})",
  R"({"method":"notifications/tools/list_changed","jsonrpc":"2.0"})",
  R"({"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}],)"
  R"("nextCursor":"2"},"jsonrpc":"2.0","id":2})",
  R"({"result":{"tools":[{"name":"sum"}]},"jsonrpc":"2.0","id":3})",
  R"({"method":"ping","jsonrpc":"2.0","id":"server-1"})",
  R"([{"method":"notifications/progress","params":{"progressToken":4,)"
  R"("progress":1},"jsonrpc":"2.0"},{"result":{"content":[{"type":"text",)"
  R"("text":"Echo: hello\u0021"}]},"jsonrpc":"2.0","id":4}])",
  R"({"jsonrpc":"2.0","id":5,"error":{"code":-32602,"message":"no tool"}})"};

class ConversationTest : public testing::Test {
protected:
  static std::string as_lines() {
    std::string out;
    for (const auto& x : spoken)
      out += cat(x, "\r\n");
    return out;
  }

  static std::string as_events() {
    std::string out;
    for (const auto& x : spoken)
      out += cat(": keep-alive\n\nevent: message\nid: ", out.size(),
                 "\ndata: ", x, "\n\n");
    return out;
  }

  static void decode_into(std::vector<message>& out, const shared_text& text) {
    auto messages = decode(text);
    ASSERT_TRUE(messages) << messages.error().text;
    for (auto& x : *messages)
      out.push_back(std::move(x));
  }

  static std::vector<message> read_lines(std::size_t piece) {
    auto bytes = as_lines();
    line_reader reader{1000};
    std::vector<shared_text> lines;
    for (std::size_t pos = 0; pos < bytes.size(); pos += piece)
      EXPECT_TRUE(reader.feed(bytes.substr(pos, piece), lines));
    std::vector<message> out;
    for (const auto& line : lines)
      decode_into(out, line);
    return out;
  }

  static std::vector<message> read_events(std::size_t piece) {
    auto bytes = as_events();
    sse_parser parser;
    std::vector<sse_event> events;
    for (std::size_t pos = 0; pos < bytes.size(); pos += piece)
      EXPECT_TRUE(parser.feed(bytes.substr(pos, piece), events));
    std::vector<message> out;
    for (const auto& event : events)
      decode_into(out, event.data);
    return out;
  }

  // What tells messages apart, for comparisons.
  static std::string print(const std::vector<message>& xs) {
    std::string out;
    for (const auto& x : xs)
      out += cat(static_cast<int>(x.kind), " ", x.id.view(), " ", x.method, " ",
                 x.params.view(), x.result.view(), x.error.message, "\n");
    return out;
  }
};

TEST_F(ConversationTest, IsTheSameInLinesAndInEventsOfAnyPieces) {
  auto expected = print(read_lines(1'000'000));
  EXPECT_EQ(std::count(expected.begin(), expected.end(), '\n'), 8);
  for (auto piece : {1u, 2u, 3u, 7u, 64u, 1000u}) {
    EXPECT_EQ(print(read_lines(piece)), expected) << piece;
    EXPECT_EQ(print(read_events(piece)), expected) << piece;
  }
}

TEST_F(ConversationTest, IntroducesTheServer) {
  auto x = mcp::parse_initialize_result(read_lines(64).at(0).result).value();
  EXPECT_TRUE(mcp::check_version(x.protocol_version));
  EXPECT_EQ(x.server_name, "café");
  EXPECT_EQ(x.instructions, "Call \"echo\".");
  auto offered = mcp::parse_capabilities(x.capabilities.view()).value();
  EXPECT_TRUE(mcp::check_offered(offered, "tools/call", x.protocol_version));
  EXPECT_FALSE(mcp::check_offered(offered, "prompts/list", x.protocol_version));
}

TEST_F(ConversationTest, ListsTheToolsOfAllPages) {
  auto messages = read_lines(64);
  mcp::paged_list list{"tools/list", {}};
  EXPECT_EQ(list.feed(messages.at(2).result).value(), "2");
  EXPECT_EQ(list.feed(messages.at(3).result).value(), std::nullopt);
  auto tools = mcp::parse_tool_list(list.items()).value();
  ASSERT_EQ(tools.size(), 2u);
  EXPECT_EQ(tools[0].name, "echo");
  EXPECT_EQ(tools[0].input_schema.view(), R"({"type":"object"})");
  EXPECT_EQ(tools[1].name, "sum");
}

TEST_F(ConversationTest, AnswersACallWithProgress) {
  auto messages = read_events(64);
  auto progress = mcp::parse_progress(messages.at(5).params.view()).value();
  EXPECT_EQ(progress.number, 4);
  auto answer = mcp::parse_tool_result(messages.at(6).result).value();
  EXPECT_EQ(answer.content.at(0).text, "Echo: hello!");
  EXPECT_EQ(messages.at(7).error.code, -32602);
}

TEST_F(ConversationTest, SendsRequestsThatAPeerUnderstands) {
  auto call = mcp::call_tool("echo", "{\n\"message\": \"hi\"\n}").value();
  auto params = with_meta(call.params, "", 4).value();
  auto x = decode(encode_request(4, call.method, params)).value().at(0);
  EXPECT_EQ(x.kind, message_kind::request);
  EXPECT_EQ(x.number, 4);
  EXPECT_EQ(x.method, "tools/call");
  EXPECT_EQ(x.params.view(), R"({"_meta":{"progressToken":4},"name":"echo",)"
                             R"("arguments":{"message": "hi"}})");
}

TEST_F(ConversationTest, AnswersThePingOfTheServerUnderItsOwnId) {
  auto ping = read_lines(64).at(4);
  auto x = decode(encode_result(ping.id.view(), "{}")).value().at(0);
  EXPECT_EQ(x.kind, message_kind::result);
  EXPECT_EQ(x.id, ping.id);
}

} // namespace
} // namespace mcpool::protocol
