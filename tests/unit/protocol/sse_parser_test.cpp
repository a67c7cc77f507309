// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/sse_parser.hpp>

#include <mcpool/core/cat.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol {
namespace {

using namespace std::chrono_literals;

using testing::ElementsAre;
using testing::IsEmpty;

// One event as "type|id|retry|data"; `-` for no id and no retry.
std::string print(const sse_event& x) {
  return cat(x.event, "|", x.has_id ? x.id : "-", "|",
             x.retry ? cat(x.retry->count()) : "-", "|", x.data.view());
}

class SseParserTest : public testing::Test {
protected:
  std::vector<std::string> feed(std::string_view bytes) {
    std::vector<sse_event> events;
    auto r = aut.feed(bytes, events);
    EXPECT_TRUE(r) << r.error().text;
    return printed(events);
  }

  static std::vector<std::string>
  printed(const std::vector<sse_event>& events) {
    std::vector<std::string> out;
    for (const auto& x : events)
      out.push_back(print(x));
    return out;
  }

  // Feeds pieces of `size` bytes to a parser of its own.
  static std::vector<std::string> in_pieces(std::string_view bytes,
                                            std::size_t size) {
    sse_parser parser;
    std::vector<sse_event> events;
    for (std::size_t pos = 0; pos < bytes.size(); pos += size)
      EXPECT_TRUE(parser.feed(bytes.substr(pos, size), events));
    auto out = printed(events);
    out.push_back(parser.last_event_id());
    return out;
  }

  sse_parser aut;
};

// -- fields -------------------------------------------------------------------

TEST_F(SseParserTest, ReadsAnEvent) {
  EXPECT_THAT(feed("event: endpoint\nid: 7\nretry: 250\ndata: /m\n\n"),
              ElementsAre("endpoint|7|250|/m"));
}

TEST_F(SseParserTest, CallsAnEventMessageByDefault) {
  EXPECT_THAT(feed("data: a\n\nevent:\ndata: b\n\n"),
              ElementsAre("message|-|-|a", "message|-|-|b"));
}

TEST_F(SseParserTest, JoinsDataLinesWithNewlines) {
  EXPECT_THAT(feed("data: a\ndata:\ndata: b\n\n"),
              ElementsAre("message|-|-|a\n\nb"));
}

TEST_F(SseParserTest, DropsOneBlankAfterTheColon) {
  EXPECT_THAT(
    feed("data:a\n\ndata:  b\n\ndata:\tc\n\n"),
    ElementsAre("message|-|-|a", "message|-|-| b", "message|-|-|\tc"));
}

TEST_F(SseParserTest, SplitsAtTheFirstColon) {
  EXPECT_THAT(feed("data: {\"a\": 1}\n\n"),
              ElementsAre("message|-|-|{\"a\": 1}"));
}

TEST_F(SseParserTest, TakesALineWithoutAColonForAName) {
  EXPECT_THAT(feed("data\n\n"), ElementsAre("message|-|-|"));
  EXPECT_THAT(feed("id\ndata\n\n"), ElementsAre("message||-|"));
}

TEST_F(SseParserTest, SkipsCommentsAndUnknownFields) {
  EXPECT_THAT(feed(": keep-alive\n:\n\nfoo: bar\nDATA: x\n data: y\n\n"),
              IsEmpty());
  EXPECT_THAT(feed(":data: x\ndata: a\n: b\ndata: c\n\n"),
              ElementsAre("message|-|-|a\nc"));
}

TEST_F(SseParserTest, StartsEachEventAfresh) {
  EXPECT_THAT(feed("event: x\nid: 1\nretry: 5\ndata: a\n\ndata: b\n\n"),
              ElementsAre("x|1|5|a", "message|-|-|b"));
}

TEST_F(SseParserTest, DropsAnEventThatOnlyHasAType) {
  EXPECT_THAT(feed("event: x\n\ndata: a\n\n"), ElementsAre("message|-|-|a"));
}

// -- ids and retry ------------------------------------------------------------

TEST_F(SseParserTest, RemembersTheLastId) {
  feed("id: 1\ndata: a\n\ndata: b\n\n");
  EXPECT_EQ(aut.last_event_id(), "1");
  feed("id: 2\ndata: c\n");
  EXPECT_EQ(aut.last_event_id(), "1") << "the event is not complete";
  feed("\n");
  EXPECT_EQ(aut.last_event_id(), "2");
}

TEST_F(SseParserTest, ReportsAPrimingEvent) {
  EXPECT_THAT(feed("id: p\ndata:\n\n"), ElementsAre("message|p|-|"));
  EXPECT_EQ(aut.last_event_id(), "p");
}

TEST_F(SseParserTest, ReportsAnIdWithoutData) {
  EXPECT_THAT(feed("id: p\n\n"), ElementsAre("message|p|-|"));
  EXPECT_EQ(aut.last_event_id(), "p");
}

TEST_F(SseParserTest, ForgetsTheLastIdWhenToldTo) {
  feed("id: 1\n\nid:\ndata: a\n\n");
  EXPECT_EQ(aut.last_event_id(), "");
}

TEST_F(SseParserTest, IgnoresAnIdWithANulByte) {
  EXPECT_THAT(feed(std::string_view{"id: a\0b\ndata: x\n\n", 17}),
              ElementsAre("message|-|-|x"));
  EXPECT_EQ(aut.last_event_id(), "");
}

TEST_F(SseParserTest, ReportsARetryWithoutData) {
  EXPECT_THAT(feed("retry: 1500\n\n"), ElementsAre("message|-|1500|"));
}

TEST_F(SseParserTest, IgnoresARetryThatIsNoNumber) {
  EXPECT_THAT(feed("retry: 1s\nretry:\nretry: -1\nretry: +1\nretry: 1.5\n"
                   "retry:  1\n\n"),
              IsEmpty());
}

TEST_F(SseParserTest, WaitsADayAtMost) {
  EXPECT_THAT(feed("retry: 86400001\n\n"), ElementsAre("message|-|86400000|"));
  EXPECT_THAT(feed("retry: 99999999999999999999999999\n\n"),
              ElementsAre("message|-|86400000|"));
  EXPECT_THAT(feed("retry: 0\n\n"), ElementsAre("message|-|0|"));
}

// -- lines in pieces ----------------------------------------------------------

constexpr std::string_view mixed
  = "\xef\xbb\xbf: hi\r\rid: 1\r\ndata: a\rdata: \xc3\xa9\n\r\n"
    "event: e\ndata: b\n\n\n\r\rretry: 9\r\n\r\ndata:\r\r\nid: 2\n\n";

TEST_F(SseParserTest, AcceptsAllThreeEndsOfLines) {
  EXPECT_THAT(in_pieces(mixed, mixed.size()),
              ElementsAre("message|1|-|a\n\xc3\xa9", "e|-|-|b", "message|-|9|",
                          "message|-|-|", "message|2|-|", "2"));
}

TEST_F(SseParserTest, YieldsTheSameEventsWhateverThePieces) {
  auto whole = in_pieces(mixed, mixed.size());
  for (std::size_t size = 1; size < mixed.size(); ++size)
    EXPECT_EQ(in_pieces(mixed, size), whole) << size;
}

TEST_F(SseParserTest, YieldsTheSameEventsWhereverItIsCutInTwo) {
  auto whole = in_pieces(mixed, mixed.size());
  for (std::size_t cut = 0; cut <= mixed.size(); ++cut) {
    sse_parser parser;
    std::vector<sse_event> events;
    EXPECT_TRUE(parser.feed(mixed.substr(0, cut), events));
    EXPECT_TRUE(parser.feed({}, events));
    EXPECT_TRUE(parser.feed(mixed.substr(cut), events));
    auto out = printed(events);
    out.push_back(parser.last_event_id());
    EXPECT_EQ(out, whole) << cut;
  }
}

TEST_F(SseParserTest, DispatchesAtACarriageReturnWithoutWaiting) {
  EXPECT_THAT(feed("data: a\r\r"), ElementsAre("message|-|-|a"));
  EXPECT_THAT(feed("\ndata: b\n\n"), ElementsAre("message|-|-|b"));
}

TEST_F(SseParserTest, SkipsAByteOrderMarkOnlyAtTheStart) {
  EXPECT_THAT(feed("\xef\xbb\xbf"
                   "data: a\n\n\xef\xbb\xbf"
                   "data: b\n\n"),
              ElementsAre("message|-|-|a"));
}

TEST_F(SseParserTest, KeepsHalfAByteOrderMark) {
  EXPECT_THAT(feed("\xef"), IsEmpty());
  EXPECT_THAT(feed("\xbb"), IsEmpty());
  EXPECT_THAT(feed("data: a\ndata: b\n\n"), ElementsAre("message|-|-|b"));
}

TEST_F(SseParserTest, KnowsWhetherAnEventIsBegun) {
  EXPECT_FALSE(aut.in_event());
  for (auto line : {"data: a\n", "id: 1\n", "retry: 1\n", "event: x\n", "da"}) {
    sse_parser parser;
    std::vector<sse_event> events;
    EXPECT_TRUE(parser.feed(line, events));
    EXPECT_TRUE(parser.in_event()) << line;
  }
  feed("data: a\n\n");
  EXPECT_FALSE(aut.in_event());
}

// -- limits -------------------------------------------------------------------

class SseLimitsTest : public SseParserTest {
protected:
  SseLimitsTest() { aut = sse_parser{{100, 10}}; }

  errc code_of(std::string_view bytes) {
    auto r = aut.feed(bytes, events);
    return r ? errc{} : r.error().code;
  }

  std::vector<sse_event> events;
};

TEST_F(SseLimitsTest, AcceptsDataOfTheBound) {
  EXPECT_EQ(code_of("data: " + std::string(100, 'x') + "\n\n"), errc{});
  EXPECT_EQ(events.at(0).data.size(), 100u);
}

TEST_F(SseLimitsTest, RefusesMoreDataOnOneLine) {
  EXPECT_EQ(code_of("data: " + std::string(101, 'x') + "\n"),
            errc::payload_too_large);
}

TEST_F(SseLimitsTest, RefusesMoreDataOnManyLines) {
  std::string line = "data: 123456789\n";
  for (auto i = 0; i < 10; ++i)
    EXPECT_EQ(code_of(line), errc{});
  EXPECT_EQ(code_of("data\n"), errc{});
  EXPECT_EQ(code_of("data\n"), errc::payload_too_large);
}

TEST_F(SseLimitsTest, CountsEmptyDataLines) {
  std::string lines;
  for (auto i = 0; i < 102; ++i)
    lines += "data\n";
  EXPECT_EQ(code_of(lines), errc::payload_too_large);
}

TEST_F(SseLimitsTest, RefusesALineWithoutEnd) {
  EXPECT_EQ(code_of(":" + std::string(115, 'x')), errc{});
  EXPECT_EQ(code_of("x"), errc::payload_too_large);
}

TEST_F(SseLimitsTest, RefusesALongLineInOnePiece) {
  EXPECT_EQ(code_of(":" + std::string(116, 'x') + "\n"),
            errc::payload_too_large);
}

TEST_F(SseLimitsTest, RefusesALongId) {
  EXPECT_EQ(code_of("id: 1234567890\n\n"), errc{});
  EXPECT_EQ(code_of("id: 12345678901\n"), errc::payload_too_large);
}

TEST_F(SseLimitsTest, YieldsTheEventsBeforeAndKeepsFailingAfter) {
  EXPECT_EQ(code_of("data: a\n\nid: 12345678901\n\ndata: b\n\n"),
            errc::payload_too_large);
  EXPECT_EQ(code_of("data: c\n\n"), errc::payload_too_large);
  EXPECT_THAT(printed(events), ElementsAre("message|-|-|a"));
}

TEST_F(SseParserTest, TakesTimeInProportionToTheBytes) {
  // Looking for the other kind of line end anew for each line would exceed
  // the time limit of a test by far.
  EXPECT_THAT(feed(std::string(4'000'000, '\r')), IsEmpty());
  EXPECT_THAT(feed(std::string(4'000'000, '\n')), IsEmpty());
}

} // namespace
} // namespace mcpool::protocol
