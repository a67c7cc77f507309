// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/tool_result.hpp>

#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

result<tool_result> parse(std::string json) {
  return parse_tool_result(shared_text{std::move(json)});
}

// The only block of a result that has nothing else.
content_block block(const std::string& json) {
  auto x = parse("{\"content\":[" + json + "]}");
  EXPECT_TRUE(x) << json;
  return x ? x->content.at(0) : content_block{};
}

TEST(ToolResultTest, ReadsText) {
  auto x = block(R"({"type":"text","text":"a\nb"})");
  EXPECT_EQ(x.kind, content_kind::text);
  EXPECT_EQ(x.text, "a\nb");
  EXPECT_EQ(x.raw.view(), R"({"type":"text","text":"a\nb"})");
}

TEST(ToolResultTest, ReadsImagesAndAudio) {
  auto x = block(R"({"type":"image","data":"aGk=","mimeType":"image/png"})");
  EXPECT_EQ(x.kind, content_kind::image);
  EXPECT_EQ(x.data, "aGk=");
  EXPECT_EQ(x.mime_type, "image/png");
  EXPECT_EQ(block(R"({"type":"audio","data":"","mimeType":"audio/wav"})").kind,
            content_kind::audio);
}

TEST(ToolResultTest, ReadsEmbeddedResources) {
  auto x = block(R"({"type":"resource","resource":)"
                 R"({"uri":"u","mimeType":"text/plain","text":"t"}})");
  EXPECT_EQ(x.kind, content_kind::resource);
  EXPECT_EQ(x.uri, "u");
  EXPECT_EQ(x.mime_type, "text/plain");
  EXPECT_EQ(x.text, "t");
  x = block(R"({"type":"resource","resource":{"uri":"u","blob":"aGk="}})");
  EXPECT_EQ(x.kind, content_kind::resource);
  EXPECT_EQ(x.data, "aGk=");
}

TEST(ToolResultTest, ReadsResourceLinks) {
  auto x = block(R"({"type":"resource_link","uri":"u","name":"n","title":"t",)"
                 R"("description":"d","mimeType":"m"})");
  EXPECT_EQ(x.kind, content_kind::resource_link);
  EXPECT_EQ(x.uri, "u");
  EXPECT_EQ(x.name, "n");
  EXPECT_EQ(x.title, "t");
  EXPECT_EQ(x.description, "d");
  EXPECT_EQ(x.mime_type, "m");
}

TEST(ToolResultTest, KeepsBlocksThatItDoesNotUnderstand) {
  for (std::string json :
       {"{}", R"({"type":"hologram","text":"x"})", R"({"type":7})",
        R"({"type":"other","text":"x"})", R"({"type":"text"})",
        R"({"type":"text","text":7})", R"({"type":"image","data":"x"})",
        R"({"type":"audio","mimeType":"x"})", R"({"type":"resource"})",
        R"({"type":"resource","resource":[]})",
        R"({"type":"resource","uri":"u","text":"t"})",
        R"({"type":"resource","resource":{"uri":"u"}})",
        R"({"type":"resource_link","uri":"u"})"}) {
    auto x = block(json);
    EXPECT_EQ(x.kind, content_kind::other) << json;
    EXPECT_EQ(x.raw.view(), json);
    EXPECT_EQ(x.text, "");
  }
}

TEST(ToolResultTest, KeepsTheOrderOfTheBlocks) {
  auto x = parse(R"({"content":[{"type":"text","text":"1"},{},)"
                 R"({"type":"text","text":"2"}]})")
             .value();
  ASSERT_EQ(x.content.size(), 3u);
  EXPECT_EQ(x.content[0].text, "1");
  EXPECT_EQ(x.content[2].text, "2");
}

TEST(ToolResultTest, TellsWhetherTheToolFailed) {
  EXPECT_TRUE(parse(R"({"content":[],"isError":true})")->is_error);
  EXPECT_FALSE(parse(R"({"content":[],"isError":false})")->is_error);
  EXPECT_FALSE(parse(R"({"content":[],"isError":"true"})")->is_error);
  EXPECT_FALSE(parse(R"({"content":[]})")->is_error);
}

TEST(ToolResultTest, KeepsTheStructuredContentAsItCame) {
  EXPECT_EQ(parse(R"({"structuredContent":{"a": 1}})")->structured.view(),
            R"({"a": 1})");
  EXPECT_TRUE(parse(R"({"structuredContent":null})")->structured.empty());
}

TEST(ToolResultTest, CountsMissingContentAsEmpty) {
  EXPECT_TRUE(parse("{}")->content.empty());
  EXPECT_TRUE(parse(R"({"content":null})")->content.empty());
}

TEST(ToolResultTest, RefusesOtherShapes) {
  for (auto json : {"", "[]", "null", R"({"content":{}})", R"({"content":"x"})",
                    R"({"content":["x"]})", R"({"content":[{"a":1,"a":2}]})",
                    R"({"content":[)"}) {
    auto x = parse(json);
    ASSERT_FALSE(x) << json;
    EXPECT_EQ(x.error().code, errc::protocol_violation);
  }
}

} // namespace
} // namespace mcpool::protocol::mcp
