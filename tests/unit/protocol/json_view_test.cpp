// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_view.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace mcpool::protocol {

enum class colour : std::uint8_t { red, green };

BOOST_DESCRIBE_ENUM(colour, red, green)

struct inner {
  std::int32_t number = 1;
  std::optional<std::string> text;
};

BOOST_DESCRIBE_STRUCT(inner, (), (number, text))

struct outer {
  bool flag = true;
  std::uint64_t big = 0;
  double ratio = 0.5;
  colour shade = colour::green;
  std::vector<inner> list;
  std::map<std::string, secret> headers;
  std::map<server_name, inner> servers;
  duration wait{};
  std::optional<std::chrono::milliseconds> limit;
};

BOOST_DESCRIBE_STRUCT(outer, (),
                      (flag, big, ratio, shade, list, headers, servers, wait,
                       limit))

struct names {
  owner_scope owner;
  server_name server;
  call_id call;
  fingerprint print;
  time_point since;
  shared_text payload;
};

BOOST_DESCRIBE_STRUCT(names, (), (owner, server, call, print, since, payload))

namespace {

using namespace std::chrono_literals;

using testing::HasSubstr;

// -- writing ------------------------------------------------------------------

TEST(JsonViewTest, WritesMembersInTheirOrderUnderTheirNames) {
  EXPECT_EQ(to_json_text(inner{7, "x"}), R"({"number":7,"text":"x"})");
}

TEST(JsonViewTest, LeavesOutAbsentOptionals) {
  EXPECT_EQ(to_json_text(inner{7, std::nullopt}), R"({"number":7})");
}

TEST(JsonViewTest, WritesNestedValues) {
  outer x;
  x.big = 18446744073709551615u;
  x.list = {{1, "a"}, {2, std::nullopt}};
  x.servers[server_name{"files"}] = {3, std::nullopt};
  x.wait = 1500ms;
  x.limit = 5ms;
  EXPECT_EQ(to_json_text(x),
            R"({"flag":true,"big":18446744073709551615,"ratio":0.5,)"
            R"("shade":"green","list":[{"number":1,"text":"a"},{"number":2}],)"
            R"("headers":{},"servers":{"files":{"number":3}},)"
            R"("wait_ms":1500,"limit_ms":5})");
}

TEST(JsonViewTest, WritesFractionsOfMilliseconds) {
  outer x;
  x.wait = 1500us;
  EXPECT_EQ(to_json(x)["wait_ms"], 1.5);
}

TEST(JsonViewTest, NeverShowsSecrets) {
  outer x;
  x.headers["Authorization"] = secret{"Bearer hunter2"};
  auto text = to_json_text(x);
  EXPECT_THAT(text, HasSubstr(R"("Authorization":"***")"));
  EXPECT_EQ(text.find("hunter2"), text.npos);
}

TEST(JsonViewTest, WritesIdsAsPeopleKnowThem) {
  names x;
  x.owner = user_scope("alice").value();
  x.server = {"files"};
  x.call = {7};
  x.print.bytes[0] = 0xab;
  x.since = time_point{1769860800123ms};
  x.payload = shared_text{R"({"b": 1, "a": [2]})"};
  auto print = "ab" + std::string(62, '0');
  EXPECT_EQ(to_json_text(x),
            R"~({"owner":"user(alice)","server":"files","call":7,"print":")~"
              + print
              + R"~(","since":"2026-01-31T12:00:00.123Z",)~"
                R"~("payload":{"b":1,"a":[2]}})~");
}

TEST(JsonViewTest, WritesAnInstantThatIsNotSetAsNull) {
  EXPECT_TRUE(to_json(names{})["since"].is_null());
}

TEST(JsonViewTest, EmbedsSharedTextOnlyIfItIsJson) {
  auto embedded = [](std::string text) {
    names x;
    x.payload = shared_text{std::move(text)};
    return to_json(x)["payload"];
  };
  EXPECT_EQ(embedded("7"), 7);
  EXPECT_EQ(embedded("hello"), "hello");
  EXPECT_EQ(embedded(""), "");
  EXPECT_EQ(embedded("{"), "{");
  EXPECT_TRUE(embedded(R"("\ud800")").is_string());
  EXPECT_TRUE(embedded(std::string(100'000, '[')).is_string());
  EXPECT_TRUE(
    embedded(std::string(200, '[') + std::string(200, ']')).is_string());
}

TEST(JsonViewTest, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(to_json_text(inner{1, "a\xff"}),
            "{\"number\":1,\"text\":\"a\uFFFD\"}");
}

TEST(JsonViewTest, IndentsOnRequest) {
  EXPECT_EQ(to_json_text(inner{}, 2), "{\n  \"number\": 1\n}");
}

TEST(JsonViewTest, WritesListsAndMapsAlone) {
  EXPECT_EQ(to_json_text(std::vector<colour>{colour::red}), R"(["red"])");
  EXPECT_EQ(to_json_text(std::map<std::string, int>{{"a", 1}}), R"({"a":1})");
  EXPECT_EQ(to_json_text(make_refusal(errc::busy, "x")),
            R"({"code":"busy","text":"x"})");
}

// -- reading ------------------------------------------------------------------

TEST(JsonViewTest, ReadsBackWhatItWrote) {
  outer x;
  x.flag = false;
  x.big = 18446744073709551615u;
  x.shade = colour::red;
  x.list = {{-5, "a"}, {2, std::nullopt}};
  x.servers[server_name{"files"}] = {3, "y"};
  x.wait = 1500us;
  x.limit = 5ms;
  auto y = from_json_text<outer>(to_json_text(x));
  ASSERT_TRUE(y) << y.error().text;
  EXPECT_EQ(to_json_text(*y), to_json_text(x));
  EXPECT_EQ(y->wait, 1500us);
  EXPECT_EQ(y->list.at(0).number, -5);
}

TEST(JsonViewTest, ReadsBackIds) {
  names x;
  x.owner = user_scope("a)b").value();
  x.call = {7};
  x.print.bytes[31] = 0xfe;
  x.since = time_point{1769860800123ms};
  x.payload = shared_text{R"({"a":1})"};
  auto y = from_json_text<names>(to_json_text(x)).value();
  EXPECT_EQ(y.owner, x.owner);
  EXPECT_EQ(y.call, x.call);
  EXPECT_EQ(y.print, x.print);
  EXPECT_EQ(y.since, x.since);
  EXPECT_EQ(y.payload, x.payload);
}

TEST(JsonViewTest, KeepsTheDefaultsOfAbsentMembers) {
  auto x = from_json_text<outer>("{}").value();
  EXPECT_TRUE(x.flag);
  EXPECT_EQ(x.shade, colour::green);
}

TEST(JsonViewTest, TakesASecretAsItStands) {
  auto x = from_json_text<outer>(R"({"headers":{"a":"b"}})").value();
  EXPECT_EQ(x.headers.at("a").reveal(), "b");
}

struct bad_view {
  std::string_view json;
  std::string_view place;
};

class BadViewTest : public testing::TestWithParam<bad_view> {};

TEST_P(BadViewTest, IsRefusedWithItsPlace) {
  auto x = from_json_text<outer>(GetParam().json);
  ASSERT_FALSE(x) << GetParam().json;
  EXPECT_EQ(x.error().code, errc::invalid_request);
  EXPECT_EQ(x.error().text.substr(0, GetParam().place.size()),
            GetParam().place);
}

INSTANTIATE_TEST_SUITE_P(
  Values, BadViewTest,
  testing::Values(
    bad_view{"", "the value "}, bad_view{"[]", "the value "},
    bad_view{R"({"x":1})", "x is unknown"},
    bad_view{R"({"wait":1})", "wait is unknown"},
    bad_view{R"({"flag":1})", "flag "}, bad_view{R"({"big":-1})", "big "},
    bad_view{R"({"big":1.5})", "big "}, bad_view{R"({"big":"1"})", "big "},
    bad_view{R"({"ratio":"1"})", "ratio "},
    bad_view{R"({"ratio":1e999})", "the value "},
    bad_view{R"({"shade":"blue"})", "shade "},
    bad_view{R"({"shade":1})", "shade "}, bad_view{R"({"list":{}})", "list "},
    bad_view{R"({"list":[{},{"number":2147483648}]})", "list[1].number "},
    bad_view{R"({"list":[{"text":1}]})", "list[0].text "},
    bad_view{R"({"servers":{"a":{"b":1}}})", "servers.a.b is unknown"},
    bad_view{R"({"headers":{"a":1}})", "headers.a "},
    bad_view{R"({"headers":[]})", "headers "},
    bad_view{R"({"wait_ms":"1s"})", "wait_ms "},
    bad_view{R"({"wait_ms":1e300})", "wait_ms "},
    bad_view{R"({"wait_ms":9300000000000})", "wait_ms "}));

TEST(JsonViewTest, RefusesMalformedIds) {
  for (auto json : {R"({"owner":"alice"})", R"~({"owner":"user()"})~",
                    R"({"owner":"user("})", R"({"owner":1})",
                    R"({"print":"ab"})", R"({"server":1})", R"({"call":-1})",
                    R"({"since":"yesterday"})", R"({"since":1})"})
    EXPECT_EQ(from_json_text<names>(json).error().code, errc::invalid_request)
      << json;
  EXPECT_FALSE(
    from_json_text<names>(R"({"print":")" + std::string(63, '0') + "g\"}"));
}

// -- instants -----------------------------------------------------------------

TEST(InstantTest, IsPrintedInUtcWithMilliseconds) {
  EXPECT_EQ(format_instant(time_point{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_instant(time_point{-1ms}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_instant(time_point{1ms + 999us}),
            "1970-01-01T00:00:00.001Z");
}

TEST(InstantTest, IsReadBack) {
  for (auto x : {time_point{}, time_point{-1ms}, time_point{1769860800123ms},
                 time_point{951782400s}})
    EXPECT_EQ(parse_instant(format_instant(x)), x) << format_instant(x);
}

TEST(InstantTest, IsNothingForOtherTexts) {
  for (auto x :
       {"", "2026-01-31", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00.000Z",
        "2026-01-31T12:00:00.000", "2026-02-30T00:00:00.000Z",
        "2026-13-01T00:00:00.000Z", "2026-01-31T24:00:00.000Z",
        "2026-01-31T12:60:00.000Z", "1500-01-01T00:00:00.000Z",
        "9999-01-01T00:00:00.000Z", "202a-01-31T12:00:00.000Z"})
    EXPECT_FALSE(parse_instant(x)) << x;
}

} // namespace
} // namespace mcpool::protocol
