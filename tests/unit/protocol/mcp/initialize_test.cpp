// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/initialize.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

result<initialize_result> parse(std::string json) {
  return parse_initialize_result(shared_text{std::move(json)});
}

TEST(InitializeTest, OffersTheVersionAndNamesTheClient) {
  EXPECT_EQ(initialize_params("2025-11-25", "0.1.0"),
            R"({"protocolVersion":"2025-11-25","capabilities":{},)"
            R"("clientInfo":{"name":"mcpool","version":"0.1.0"}})");
}

TEST(InitializeTest, ReadsAResult) {
  auto x = parse(R"({"protocolVersion":"2025-06-18",)"
                 R"("capabilities":{"tools": {"listChanged":true}},)"
                 R"("serverInfo":{"name":"n","title":"t","version":"1"},)"
                 R"("instructions":"be\nnice","_meta":{}})")
             .value();
  EXPECT_EQ(x.protocol_version, "2025-06-18");
  EXPECT_EQ(x.capabilities.view(), R"({"tools": {"listChanged":true}})");
  EXPECT_EQ(x.server_name, "n");
  EXPECT_EQ(x.server_version, "1");
  EXPECT_EQ(x.instructions, "be\nnice");
}

TEST(InitializeTest, NeedsNoMoreThanAVersion) {
  for (auto json : {R"({"protocolVersion":"x"})",
                    R"({"protocolVersion":"x","capabilities":null,)"
                    R"("serverInfo":null,"instructions":null})",
                    R"({"protocolVersion":"x","serverInfo":{"name":1}})"}) {
    auto x = parse(json);
    ASSERT_TRUE(x) << json;
    EXPECT_EQ(x->capabilities.view(), "{}");
    EXPECT_EQ(x->server_name, "");
    EXPECT_EQ(x->instructions, "");
  }
}

TEST(InitializeTest, RefusesOtherShapes) {
  for (auto json :
       {"", "{}", "[]", "null", R"({"protocolVersion":1})",
        R"({"protocolVersion":null})",
        R"({"protocolVersion":"x","capabilities":[]})",
        R"({"protocolVersion":"x","capabilities":true})",
        R"({"protocolVersion":"x","serverInfo":"s"})",
        R"({"protocolVersion":"x","serverInfo":{"name":"a","name":"b"}})"}) {
    auto x = parse(json);
    ASSERT_FALSE(x) << json;
    EXPECT_EQ(x.error().code, errc::handshake_failed);
    EXPECT_THAT(x.error().text, HasSubstr("answer to initialize"));
  }
}

remote_error unsupported(std::string data) {
  return {-32602, "Unsupported protocol version", std::move(data)};
}

TEST(MutualVersionTest, IsTheNewestThatBothSpeak) {
  EXPECT_EQ(
    mutual_version(
      unsupported(R"({"supported":["2024-11-05","2025-06-18","2030-01-01"],)"
                  R"("requested":"2025-11-25"})"),
      "2025-11-25"),
    "2025-06-18");
}

TEST(MutualVersionTest, IsNeverTheOneThatWasRefused) {
  EXPECT_EQ(
    mutual_version(unsupported(R"({"supported":["2025-11-25","2024-11-05"]})"),
                   "2025-11-25"),
    "2024-11-05");
  EXPECT_FALSE(mutual_version(unsupported(R"({"supported":["2025-11-25"]})"),
                              "2025-11-25"));
}

TEST(MutualVersionTest, NeedsTheRightErrorWithAList) {
  for (auto data : {"", "null", "[]", "{}", R"({"supported":"2024-11-05"})",
                    R"({"supported":[]})", R"({"supported":[7,null,{}]})",
                    R"({"supported":["1999-01-01"]})", R"(["2024-11-05"])"})
    EXPECT_FALSE(mutual_version(unsupported(data), "2025-11-25")) << data;
  auto other = unsupported(R"({"supported":["2024-11-05"]})");
  ASSERT_TRUE(mutual_version(other, "2025-11-25"));
  other.code = -32603;
  EXPECT_FALSE(mutual_version(other, "2025-11-25"));
}

} // namespace
} // namespace mcpool::protocol::mcp
