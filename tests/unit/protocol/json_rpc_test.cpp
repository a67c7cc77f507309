// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_rpc.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_scan.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol {
namespace {

using testing::HasSubstr;

message decode_one(std::string json) {
  auto out = decode(shared_text{std::move(json)});
  if (!out) {
    ADD_FAILURE() << out.error().text;
    return {};
  }
  EXPECT_EQ(out->size(), 1u);
  return out->front();
}

// -- the four kinds -----------------------------------------------------------

TEST(JsonRpcTest, ReadsARequest) {
  auto x = decode_one(
    R"({"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":[1, 2]}})");
  EXPECT_EQ(x.kind, message_kind::request);
  EXPECT_EQ(x.id.view(), "7");
  EXPECT_EQ(x.number, 7);
  EXPECT_EQ(x.method, "ping");
  EXPECT_EQ(x.params.view(), R"({"a":[1, 2]})");
  EXPECT_TRUE(x.result.empty());
}

TEST(JsonRpcTest, ReadsANotification) {
  auto x = decode_one(R"({"jsonrpc":"2.0","method":"notifications/x"})");
  EXPECT_EQ(x.kind, message_kind::notification);
  EXPECT_TRUE(x.id.empty());
  EXPECT_FALSE(x.number);
  EXPECT_EQ(x.method, "notifications/x");
  EXPECT_TRUE(x.params.empty());
}

TEST(JsonRpcTest, ReadsAResult) {
  auto x = decode_one(R"({"result":{"tools": []},"id":1,"jsonrpc":"2.0"})");
  EXPECT_EQ(x.kind, message_kind::result);
  EXPECT_EQ(x.number, 1);
  EXPECT_EQ(x.result.view(), R"({"tools": []})");
  EXPECT_TRUE(x.method.empty());
}

TEST(JsonRpcTest, ReadsAnError) {
  auto x = decode_one(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,)"
                      R"("message":"no \"x\"","data":{"a": 1}}})");
  EXPECT_EQ(x.kind, message_kind::error);
  EXPECT_EQ(x.error.code, -32602);
  EXPECT_EQ(x.error.message, "no \"x\"");
  EXPECT_EQ(x.error.data, R"({"a": 1})");
}

TEST(JsonRpcTest, SharesTheMemoryOfItsInput) {
  shared_text bytes{R"({"jsonrpc":"2.0","id":1,"result":{"a":1}})"};
  auto x = decode(bytes).value().front();
  EXPECT_EQ(x.result.view().data(),
            bytes.view().data() + bytes.view().find(R"({"a")"));
}

// -- ids ----------------------------------------------------------------------

TEST(JsonRpcTest, KeepsTheIdAsItCame) {
  auto id = [](auto json) {
    return decode_one(cat(R"({"jsonrpc":"2.0","method":"m","id":)", json, "}"))
      .id.str();
  };
  EXPECT_EQ(id(R"("a\u0062")"), R"("a\u0062")");
  EXPECT_EQ(id("-5"), "-5");
  EXPECT_EQ(id("7.0"), "7.0");
  EXPECT_EQ(id("123456789012345678901234567890"),
            "123456789012345678901234567890");
}

TEST(JsonRpcTest, ReadsOnlyIntegerIdsAsNumbers) {
  auto number = [](auto json) {
    return decode_one(cat(R"({"jsonrpc":"2.0","result":{},"id":)", json, "}"))
      .number;
  };
  EXPECT_EQ(number("42"), 42);
  EXPECT_EQ(number("42.0"), 42);
  EXPECT_EQ(number("\"42\""), std::nullopt);
  EXPECT_EQ(number("123456789012345678901234567890"), std::nullopt);
}

TEST(JsonRpcTest, AcceptsErrorsWithoutAnId) {
  for (auto id : {"", R"(,"id":null)"}) {
    auto x = decode_one(
      cat(R"({"jsonrpc":"2.0","error":{"code":1,"message":"m"})", id, "}"));
    EXPECT_EQ(x.kind, message_kind::error);
    EXPECT_FALSE(x.number);
  }
}

// -- what is accepted beyond the letter ---------------------------------------

TEST(JsonRpcTest, CountsNullAsAbsentWhereServersWriteIt) {
  EXPECT_EQ(
    decode_one(R"({"jsonrpc":"2.0","id":1,"result":{},"error":null})").kind,
    message_kind::result);
  EXPECT_EQ(decode_one(R"({"jsonrpc":"2.0","id":1,"result":null,)"
                       R"("error":{"code":1,"message":""}})")
              .kind,
            message_kind::error);
  EXPECT_TRUE(decode_one(R"({"jsonrpc":"2.0","method":"m","params":null})")
                .params.empty());
  EXPECT_EQ(
    decode_one(R"({"jsonrpc":"2.0","id":1,"result":null})").result.view(),
    "null");
}

TEST(JsonRpcTest, IgnoresMembersOfOtherNames) {
  EXPECT_EQ(decode_one(R"({"jsonrpc":"2.0","id":1,"x":[],"result":{}})").kind,
            message_kind::result);
}

TEST(JsonRpcTest, FindsMembersWhoseNamesAreEscaped) {
  EXPECT_EQ(decode_one(R"({"jsonrpc":"2\u002e0","m\u0065thod":"m"})").method,
            "m");
}

TEST(JsonRpcTest, AcceptsErrorsWithoutAMessage) {
  auto x = decode_one(R"({"jsonrpc":"2.0","id":1,"error":{"code":-1.0}})");
  EXPECT_EQ(x.error.code, -1);
  EXPECT_EQ(x.error.message, "");
}

// -- what is refused ----------------------------------------------------------

class BadMessageTest : public testing::TestWithParam<std::string> {};

TEST_P(BadMessageTest, IsAViolation) {
  auto x = decode(shared_text{GetParam()});
  ASSERT_FALSE(x) << GetParam();
  EXPECT_EQ(x.error().code, errc::protocol_violation);
  EXPECT_FALSE(x.error().text.empty());
}

INSTANTIATE_TEST_SUITE_P(
  Envelopes, BadMessageTest,
  testing::Values("", " ", "x", "null", "7", "\"a\"", "{}",
                  R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"2.0","id":1})",
                  R"({"method":"m"})", R"({"jsonrpc":"1.0","method":"m"})",
                  R"({"jsonrpc":2.0,"method":"m"})",
                  R"({"jsonrpc":null,"method":"m"})",
                  R"({"jsonrpc":"2.0","method":"m"}x)",
                  R"({"jsonrpc":"2.0","method":"m","method":"m"})",
                  R"({"jsonrpc":"2.0","jsonrpc":"2.0","method":"m"})"));

INSTANTIATE_TEST_SUITE_P(
  Questions, BadMessageTest,
  testing::Values(R"({"jsonrpc":"2.0","method":7})",
                  R"({"jsonrpc":"2.0","method":null})",
                  R"({"jsonrpc":"2.0","method":"m","id":null})",
                  R"({"jsonrpc":"2.0","method":"m","id":true})",
                  R"({"jsonrpc":"2.0","method":"m","id":1.5})",
                  R"({"jsonrpc":"2.0","method":"m","id":1e999})",
                  R"({"jsonrpc":"2.0","method":"m","id":{}})",
                  R"({"jsonrpc":"2.0","method":"m","params":"x"})",
                  R"({"jsonrpc":"2.0","method":"m","params":1})",
                  R"({"jsonrpc":"2.0","method":"m","params":true})",
                  R"({"jsonrpc":"2.0","id":1,"method":"m","result":{}})",
                  R"({"jsonrpc":"2.0","method":"m","error":{"code":1}})"));

INSTANTIATE_TEST_SUITE_P(
  Answers, BadMessageTest,
  testing::Values(R"({"jsonrpc":"2.0","result":{}})",
                  R"({"jsonrpc":"2.0","id":null,"result":{}})",
                  R"({"jsonrpc":"2.0","id":[1],"result":{}})",
                  R"({"jsonrpc":"2.0","id":1,"error":null})",
                  R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}})",
                  R"({"jsonrpc":"2.0","id":1,"error":"x"})",
                  R"({"jsonrpc":"2.0","id":1,"error":{}})",
                  R"({"jsonrpc":"2.0","id":1,"error":{"code":"1"}})",
                  R"({"jsonrpc":"2.0","id":1,"error":{"code":1.5}})",
                  R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"code":2}})",
                  R"({"jsonrpc":"2.0","id":{},"error":{"code":1}})"));

INSTANTIATE_TEST_SUITE_P(
  Arrays, BadMessageTest,
  testing::Values("[]", " [ ] ", "[1]", "[[]]", "[{}]",
                  R"([{"jsonrpc":"2.0","method":"m"},])",
                  R"([{"jsonrpc":"2.0","method":"m"},7])",
                  R"([[{"jsonrpc":"2.0","method":"m"}]])"));

TEST(JsonRpcTest, RefusesEveryTruncation) {
  std::string json = R"([{"jsonrpc":"2.0","id":"é","method":"m","params":[]},)"
                     R"({"jsonrpc":"2.0","id":1,"error":{"code":1}}])";
  ASSERT_TRUE(decode(shared_text{json}));
  for (std::size_t size = 0; size < json.size(); ++size)
    EXPECT_FALSE(decode(shared_text{json.substr(0, size)})) << size;
}

TEST(JsonRpcTest, RefusesNulBytes) {
  std::string json = R"({"jsonrpc":"2.0","method":"m"})";
  EXPECT_FALSE(decode(shared_text{json + '\0'}));
  EXPECT_FALSE(decode(shared_text{'\0' + json}));
}

// -- arrays and limits --------------------------------------------------------

TEST(JsonRpcTest, ReadsAnArrayInOrder) {
  auto x = decode(shared_text{R"( [ {"jsonrpc":"2.0","method":"a"} ,)"
                              R"({"jsonrpc":"2.0","id":1,"result":{}}] )"})
             .value();
  ASSERT_EQ(x.size(), 2u);
  EXPECT_EQ(x[0].method, "a");
  EXPECT_EQ(x[1].kind, message_kind::result);
}

TEST(JsonRpcTest, BoundsTheMessagesOfAnArray) {
  std::string one = R"({"jsonrpc":"2.0","method":"a"})";
  decode_limits limits;
  limits.batch = 2;
  EXPECT_TRUE(decode(shared_text{cat("[", one, ",", one, "]")}, limits));
  auto x = decode(shared_text{cat("[", one, ",", one, ",", one, "]")}, limits);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
}

TEST(JsonRpcTest, BoundsTheBytes) {
  std::string json = R"({"jsonrpc":"2.0","method":"a"})";
  decode_limits limits;
  limits.bytes = json.size();
  EXPECT_TRUE(decode(shared_text{json}, limits));
  limits.bytes = json.size() - 1;
  auto x = decode(shared_text{json}, limits);
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::payload_too_large);
  EXPECT_THAT(x.error().text, HasSubstr(cat(json.size(), " bytes, at most ")));
}

TEST(JsonRpcTest, BoundsTheDepthAloneAndInAnArray) {
  auto nested = [](std::size_t depth) {
    return cat(R"({"jsonrpc":"2.0","method":"a","params":)",
               std::string(depth - 1, '['), std::string(depth - 1, ']'), "}");
  };
  EXPECT_TRUE(decode(shared_text{nested(128)}));
  EXPECT_TRUE(decode(shared_text{cat("[", nested(128), "]")}));
  for (auto json : {nested(129), cat("[", nested(129), "]")})
    EXPECT_EQ(decode(shared_text{json}).error().code, errc::payload_too_large);
}

TEST(JsonRpcTest, BoundsTheMembersOfAMessage) {
  std::string json = R"({"jsonrpc":"2.0","method":"a")";
  for (auto i = 0; i < 1000; ++i)
    json += cat(",\"", i, "\":0");
  EXPECT_EQ(decode(shared_text{json + "}"}).error().code,
            errc::payload_too_large);
}

// -- encoding -----------------------------------------------------------------

TEST(JsonRpcTest, WritesRequests) {
  EXPECT_EQ(encode_request(1, "ping").view(),
            R"({"jsonrpc":"2.0","id":1,"method":"ping"})");
  EXPECT_EQ(encode_request(-2, "m", R"({"a":1})").view(),
            R"({"jsonrpc":"2.0","id":-2,"method":"m","params":{"a":1}})");
}

TEST(JsonRpcTest, WritesNotifications) {
  EXPECT_EQ(encode_notification("notifications/initialized").view(),
            R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  EXPECT_EQ(encode_notification("n", "[1]").view(),
            R"({"jsonrpc":"2.0","method":"n","params":[1]})");
}

TEST(JsonRpcTest, WritesResults) {
  EXPECT_EQ(encode_result(R"("a")", "{}").view(),
            R"({"jsonrpc":"2.0","id":"a","result":{}})");
}

TEST(JsonRpcTest, WritesErrors) {
  EXPECT_EQ(encode_error("7", -32601, "no \"x\"\n").view(),
            R"({"jsonrpc":"2.0","id":7,)"
            R"("error":{"code":-32601,"message":"no \"x\"\n"}})");
  EXPECT_EQ(
    encode_error("", -32700, "m").view(),
    R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}})");
}

TEST(JsonRpcTest, WritesOneLineWhateverTheLayout) {
  for (const auto& text :
       {encode_request(1, "m\n", "{\n \"a\":\r\n[\"\\n\"]\n}\n"),
        encode_notification("m\r", "{\r}"), encode_result("1", "{\n}"),
        encode_error("1", 1, "a\nb\r")}) {
    EXPECT_EQ(text.view().find_first_of("\r\n"), std::string_view::npos);
    EXPECT_TRUE(decode(text)) << text.view();
  }
}

TEST(JsonRpcTest, ReadsBackWhatItWrote) {
  auto x = decode(encode_request(5, "a\"\xff", R"({"b":"\n"})")).value()[0];
  EXPECT_EQ(x.number, 5);
  EXPECT_EQ(x.method, "a\"\uFFFD");
  EXPECT_EQ(x.params.view(), R"({"b":"\n"})");
}

// -- params -------------------------------------------------------------------

TEST(CheckObjectTest, AcceptsObjects) {
  EXPECT_TRUE(check_object("{}"));
  EXPECT_TRUE(check_object(" {\"a\": [1]}\n"));
}

TEST(CheckObjectTest, BlamesTheCallerForEverythingElse) {
  for (auto json : {"", "[]", "1", "null", "{", "{}{}", R"({"a":1,"a":2})"}) {
    auto x = check_object(json);
    ASSERT_FALSE(x) << json;
    EXPECT_EQ(x.error().code, errc::invalid_request);
  }
  EXPECT_EQ(check_object(cat(R"({"a":)", std::string(200, '['))).error().code,
            errc::payload_too_large);
}

struct meta_case {
  std::string params;
  std::string meta;
  std::optional<std::int64_t> token;
  std::string outcome;
};

class WithMetaTest : public testing::TestWithParam<meta_case> {};

TEST_P(WithMetaTest, CompletesTheParams) {
  const auto& [params, meta, token, outcome] = GetParam();
  auto x = with_meta(params, meta, token);
  ASSERT_TRUE(x) << x.error().text;
  EXPECT_EQ(*x, outcome);
}

INSTANTIATE_TEST_SUITE_P(
  Untouched, WithMetaTest,
  testing::Values(meta_case{"", "", {}, ""}, meta_case{"", "{}", {}, ""},
                  meta_case{"{ }", "", {}, "{ }"},
                  meta_case{R"({ "a": 1 })", "{}", {}, R"({ "a": 1 })"}));

INSTANTIATE_TEST_SUITE_P(
  Added, WithMetaTest,
  testing::Values(meta_case{"", "", 7, R"({"_meta":{"progressToken":7}})"},
                  meta_case{"{}", "", 7, R"({"_meta":{"progressToken":7}})"},
                  meta_case{"", R"({"a":1})", {}, R"({"_meta":{"a":1}})"},
                  meta_case{
                    R"({"x" : [1, 2]})", R"({"a":1})", 7,
                    R"({"_meta":{"a":1,"progressToken":7},"x" : [1, 2]})"}));

INSTANTIATE_TEST_SUITE_P(
  Merged, WithMetaTest,
  testing::Values(
    meta_case{R"({"x":1,"_meta":{"a":1,"b":2},"y":2})", R"({"b":3,"c":4})", 7,
              R"({"_meta":{"a":1,"b":3,"c":4,"progressToken":7},"x":1,"y":2})"},
    meta_case{R"({"_meta":{"a":1}})", "", {}, R"({"_meta":{"a":1}})"},
    meta_case{R"({"_meta":null,"x":1})", "", {}, R"({"x":1})"},
    meta_case{R"({"x":{"_meta":{"progressToken":1}}})",
              "",
              {},
              R"({"x":{"_meta":{"progressToken":1}}})"}));

INSTANTIATE_TEST_SUITE_P(
  ForeignTokens, WithMetaTest,
  testing::Values(
    meta_case{R"({"_meta":{"progressToken":"t"},"x":1})", "", {}, R"({"x":1})"},
    meta_case{R"({"_meta":{"progressToken":"t"}})", "", {}, "{}"},
    meta_case{R"({"_meta":{"progressToken":"t","a":1}})",
              R"({"progressToken":"u"})", 7,
              R"({"_meta":{"a":1,"progressToken":7}})"},
    meta_case{R"({"_m\u0065ta":{"progress\u0054oken":"t"},"x":1})",
              "",
              {},
              R"({"x":1})"},
    meta_case{"", R"({"progressToken":"t"})", {}, ""}));

TEST(WithMetaTest, BlamesTheCallerForMalformedParams) {
  for (auto params : {"[]", "1", "null", "{", R"({"_meta":1})",
                      R"({"_meta":[]})", R"({"_meta":{},"_meta":{}})"}) {
    auto x = with_meta(params, "", 7);
    ASSERT_FALSE(x) << params;
    EXPECT_EQ(x.error().code, errc::invalid_request);
  }
  EXPECT_EQ(with_meta("", "[]", 7).error().code, errc::invalid_request);
}

TEST(WithMetaTest, BoundsTheMeta) {
  std::string meta = "{";
  for (auto i = 0; i < 1001; ++i)
    meta += cat(i == 0 ? "" : ",", '"', i, "\":0");
  EXPECT_EQ(with_meta("", meta + "}", 7).error().code, errc::payload_too_large);
}

} // namespace
} // namespace mcpool::protocol
