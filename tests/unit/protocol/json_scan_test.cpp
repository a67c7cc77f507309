// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_scan.hpp>

#include <mcpool/core/cat.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace mcpool::protocol {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// -- what is JSON -------------------------------------------------------------

class ValidJsonTest : public testing::TestWithParam<std::string> {};

TEST_P(ValidJsonTest, IsAccepted) {
  auto x = check_json(GetParam());
  EXPECT_TRUE(x) << GetParam() << ": " << x.error().text;
}

INSTANTIATE_TEST_SUITE_P(
  Values, ValidJsonTest,
  testing::Values("0", "-0", "10", "1.5", "-1.5e3", "1E+3", "1e-3", "0e0",
                  "123456789012345678901234567890", "1e999999", "true", "false",
                  "null", R"("")", R"("a")", "[]", "{}", "[[]]", R"({"a":{}})",
                  " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n",
                  R"( { "a" : 1 , "b" : [ true , null ] } )",
                  R"([[],{},[[]],[{}],{"a":[]}])"));

INSTANTIATE_TEST_SUITE_P(
  Strings, ValidJsonTest,
  testing::Values(R"("\"\\\/\b\f\n\r\t")", R"("\u0000\uFFFF\uabCD")",
                  R"("\ud83d\ude00")", R"("\ud800")", R"("\udc00\ud800")",
                  "\"\x7f\"", "\"\xc2\x80\"", "\"\xdf\xbf\"",
                  "\"\xe0\xa0\x80\"", "\"\xed\x9f\xbf\"", "\"\xee\x80\x80\"",
                  "\"\xef\xbf\xbf\"", "\"\xf0\x90\x80\x80\"",
                  "\"\xf4\x8f\xbf\xbf\"", "\"exactly sixteen.\"", "\"seven77\"",
                  "\"eight888\"", "\"\xe2\x80\xa8 is no line break here\""));

class InvalidJsonTest : public testing::TestWithParam<std::string> {};

TEST_P(InvalidJsonTest, IsRefused) {
  auto x = check_json(GetParam());
  ASSERT_FALSE(x) << GetParam();
  EXPECT_EQ(x.error().code, errc::protocol_violation);
  EXPECT_THAT(x.error().text, HasSubstr("invalid JSON at byte "));
}

INSTANTIATE_TEST_SUITE_P(Values, InvalidJsonTest,
                         testing::Values("", " ", "\n", "tru", "truE", "nul",
                                         "falsy", "True", "NaN", "Infinity",
                                         "-Infinity", "undefined", "'a'", "1 2",
                                         "[] []", "{}x", "null,", "/*a*/1",
                                         "//a\n1", "\v1", "\xc2\xa0 1",
                                         "\xef\xbb\xbf{}", std::string("\0", 1),
                                         std::string("1\0", 2)));

INSTANTIATE_TEST_SUITE_P(Numbers, InvalidJsonTest,
                         testing::Values("-", "+1", "01", "00", "-01", ".5",
                                         "5.", "1.e3", "1e", "1e+", "1E-",
                                         "0x10", "1_000", "1,000", "--1", "1-",
                                         "1.2.3", "1e5.5", "1a"));

INSTANTIATE_TEST_SUITE_P(Brackets, InvalidJsonTest,
                         testing::Values("[", "]", "{", "}", "[}", "{]", "[1",
                                         "[1,", "[1,]", "[,1]", "[1 2]",
                                         "[1,,2]", "[]]", "[[]", "{}}", "[1}",
                                         R"({"a":1])", R"([{"a":1]])",
                                         R"({"a":[1}})"));

INSTANTIATE_TEST_SUITE_P(
  Objects, InvalidJsonTest,
  testing::Values("{1:2}", "{a:1}", "{'a':1}", R"({"a"})", R"({"a":})",
                  R"({"a":1,})", R"({,"a":1})", R"({"a" 1})", R"({"a"::1})",
                  R"({"a":1 "b":2})", R"({"a":1;"b":2})", R"([{"a":1,}])",
                  R"([{"a"}])", "[{1:2}]", "{null:1}", R"({"a":1,"b"})"));

INSTANTIATE_TEST_SUITE_P(
  Strings, InvalidJsonTest,
  testing::Values(R"(")", R"("a)", R"("\")", R"("\x")", R"("\u")", R"("\u1")",
                  R"("\u12")", R"("\u123")", R"("\u123g")", R"("\u 123")",
                  R"("\U0041")", R"("\)", "\"\n\"", "\"\t\"", "\"\x1f\"",
                  std::string("\"\0\"", 3), "\"1234567\n\"", "\"12345678\n\"",
                  R"("a"b")"));

INSTANTIATE_TEST_SUITE_P(
  Utf8, InvalidJsonTest,
  testing::Values("\"\x80\"", "\"\xbf\"", "\"\xc0\x80\"", "\"\xc1\xbf\"",
                  "\"\xc2\"", "\"\xc2\x41\"", "\"\xe0\x9f\xbf\"",
                  "\"\xe2\x82\"", "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"",
                  "\"\xf0\x8f\xbf\xbf\"", "\"\xf0\x9f\x98\"",
                  "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xfe\"",
                  "\"\xff\"", "\"1234567\xff\"", "\"12345678\xff\"",
                  "{\"\xff\":1}", "\"\xc2"));

// -- slices -------------------------------------------------------------------

TEST(JsonScanTest, ReturnsMembersInOrderAsSlicesOfTheText) {
  std::string json = R"( { "b" : [1, 2] ,"a":{"x": "}"}, "":null } )";
  auto x = scan_object(json).value();
  ASSERT_EQ(x.size(), 3u);
  EXPECT_EQ(x[0].key, "b");
  EXPECT_EQ(x[0].value, "[1, 2]");
  EXPECT_EQ(x[0].text, R"("b" : [1, 2])");
  EXPECT_EQ(x[1].key, "a");
  EXPECT_EQ(x[1].value, R"({"x": "}"})");
  EXPECT_EQ(x[2].key, "");
  EXPECT_EQ(x[2].value, "null");
  EXPECT_EQ(x[0].value.data(), json.data() + json.find('['));
}

TEST(JsonScanTest, ResolvesTheEscapesOfNames) {
  auto x = scan_object(R"({"\u006d\u0065thod":1,"a\"b":2})").value();
  EXPECT_EQ(x[0].key, "method");
  EXPECT_EQ(x[1].key, "a\"b");
}

TEST(JsonScanTest, ReturnsElementsInOrder) {
  EXPECT_THAT(scan_array(R"( [ 1,"a,b" , [2,3],{"c":4} ] )").value(),
              ElementsAre("1", R"("a,b")", "[2,3]", R"({"c":4})"));
}

TEST(JsonScanTest, ReturnsNothingOfEmptyBrackets) {
  EXPECT_TRUE(scan_object(" { } ").value().empty());
  EXPECT_TRUE(scan_array(" [ ] ").value().empty());
}

TEST(JsonScanTest, FindsMembersByName) {
  auto x = scan_object(R"({"a":1,"b":null})").value();
  EXPECT_EQ(find_member(x, "b"), "null");
  EXPECT_EQ(find_member(x, "c"), "");
}

TEST(JsonScanTest, RefusesAnotherKindOfValue) {
  EXPECT_THAT(scan_object("[1]").error().text,
              HasSubstr("an object was expected"));
  EXPECT_THAT(scan_array("{}").error().text,
              HasSubstr("an array was expected"));
  EXPECT_FALSE(scan_object("7"));
  EXPECT_FALSE(scan_array(""));
}

TEST(JsonScanTest, RefusesBrokenOutermostBrackets) {
  for (auto json : {"{", "{}}", R"({"a":1)", R"({"a":1,)", R"({"a":1,})",
                    R"({"a"})", R"({"a":})", R"({"a":1]x)", "{,}", "{1:2}"})
    EXPECT_FALSE(scan_object(json)) << json;
  for (auto json : {"[", "[]]", "[1", "[1,", "[1,]", "[,]", "[1}", "[1 2]"})
    EXPECT_FALSE(scan_array(json)) << json;
}

TEST(JsonScanTest, NamesThePositionOfAnError) {
  EXPECT_EQ(check_json("[1, x]").error().text,
            "invalid JSON at byte 4: a value was expected");
}

// -- names that occur twice ---------------------------------------------------

TEST(JsonScanTest, RefusesANameThatOccursTwice) {
  auto x = scan_object(R"({"id":1,"id":2})");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::protocol_violation);
  EXPECT_THAT(x.error().text, HasSubstr("two members of one name"));
}

TEST(JsonScanTest, RefusesANameThatOccursTwiceInDisguise) {
  EXPECT_FALSE(scan_object(R"({"id":1,"\u0069d":2})"));
}

TEST(JsonScanTest, RefusesARepeatedNameAmongMany) {
  std::string json = "{";
  for (auto i = 0; i < 1000; ++i)
    json += cat('"', i, "\":0,");
  EXPECT_TRUE(scan_object(json + R"("x":0})"));
  EXPECT_FALSE(scan_object(json + R"("500":0})"));
}

TEST(JsonScanTest, LeavesRepeatedNamesInsideOfValuesAlone) {
  EXPECT_TRUE(scan_object(R"({"a":{"b":1,"b":2}})"));
}

// -- limits -------------------------------------------------------------------

TEST(JsonScanTest, AcceptsNestingUpToTheLimit) {
  EXPECT_TRUE(check_json(nested(128)));
  EXPECT_TRUE(scan_array(nested(128)));
  EXPECT_TRUE(scan_object(R"({"a":)" + nested(127) + "}"));
}

TEST(JsonScanTest, RefusesNestingPastTheLimit) {
  for (auto code : {check_json(nested(129)).error().code,
                    scan_array(nested(129)).error().code,
                    scan_object(R"({"a":)" + nested(128) + "}").error().code})
    EXPECT_EQ(code, errc::payload_too_large);
}

TEST(JsonScanTest, CountsObjectsAndArraysAlike) {
  EXPECT_TRUE(check_json(R"([{"a":[1]}])", {3, 10}));
  EXPECT_FALSE(check_json(R"([{"a":[1]}])", {2, 10}));
  EXPECT_TRUE(check_json("1", {0, 10}));
  EXPECT_FALSE(scan_array("[]", {0, 10}));
}

TEST(JsonScanTest, CountsWhatIsOpenNotWhatWasOpened) {
  EXPECT_TRUE(check_json("[[],[],[],[]]", {2, 10}));
}

TEST(JsonScanTest, TracksKindsOfBracketsBeyond64Levels) {
  std::string opened, closed;
  for (auto i = 0; i < 200; ++i) {
    opened += i % 3 == 0 ? "[" : R"({"a":)";
    closed.insert(0, i % 3 == 0 ? "]" : "}");
  }
  EXPECT_TRUE(check_json(opened + "1" + closed, {200, 10}));
  closed[130] = closed[130] == ']' ? '}' : ']';
  EXPECT_FALSE(check_json(opened + "1" + closed, {200, 10}));
}

TEST(JsonScanTest, NeverGoesDeeperThan1024Levels) {
  EXPECT_TRUE(check_json(nested(1024), {1'000'000, 10}));
  EXPECT_FALSE(check_json(nested(1025), {1'000'000, 10}));
  EXPECT_EQ(
    check_json(std::string(1'000'000, '['), {1'000'000, 10}).error().code,
    errc::payload_too_large);
}

TEST(JsonScanTest, BoundsTheItemsOfTheOutermostLevel) {
  EXPECT_TRUE(scan_array("[1,2,3]", {128, 3}));
  EXPECT_EQ(scan_array("[1,2,3,4]", {128, 3}).error().code,
            errc::payload_too_large);
  EXPECT_TRUE(scan_object(R"({"a":1,"b":[1,2,3]})", {128, 2}));
  EXPECT_EQ(scan_object(R"({"a":1,"b":2,"c":3})", {128, 2}).error().code,
            errc::payload_too_large);
}

// -- against another parser ---------------------------------------------------

constexpr std::string_view sample
  = R"({"jsonrpc":"2.0","id":-7e1,"a":[true,false,null,{"\u00e9":"é😀\n"}],)"
    R"("b":{"c":[[],{}],"d":0.5}, "e" : "\ud83d\ude00 1234567890" })";

TEST(JsonScanTest, RefusesEveryTruncation) {
  ASSERT_TRUE(scan_object(sample));
  for (std::size_t size = 0; size + 1 < sample.size(); ++size)
    EXPECT_FALSE(scan_object(sample.substr(0, size))) << size;
}

TEST(JsonScanTest, AgreesWithAnotherParserOnEveryChangedByte) {
  std::mt19937 random{7};
  for (auto round = 0; round < 20'000; ++round) {
    std::string json{sample};
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      constexpr std::string_view bytes = "{}[]\",:\\ue0-+.1 \n\x01\x80\xc3\xff";
      json[random() % json.size()] = bytes[random() % bytes.size()];
    }
    // That one refuses lone surrogates, and numbers beyond `double`.
    auto accepted = nlohmann::json::accept(json);
    if (accepted) {
      EXPECT_TRUE(check_json(json)) << json;
    } else if (json.find("\\ud83d\\ude00") != json.npos) {
      EXPECT_FALSE(check_json(json)) << json;
    }
  }
}

} // namespace
} // namespace mcpool::protocol
