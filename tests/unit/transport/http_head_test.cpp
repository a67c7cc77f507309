// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_head.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace mcpool;
using namespace mcpool::transport;
using namespace std::chrono_literals;

namespace {

http_head read(std::initializer_list<const char*> lines) {
  http_head out;
  for (auto x : lines)
    EXPECT_TRUE(out.add_line(std::string{x} + "\r\n"));
  return out;
}

std::optional<duration> retry_after(const char* value) {
  auto field = std::string{"Retry-After: "} + value;
  // 1994-11-06 08:49:30 UTC
  return read({"HTTP/1.1 503 Busy", field.c_str(), ""})
    .retry_after(time_point{784111770s});
}

} // namespace

TEST(HttpHeadTest, ReadsStatusAndFields) {
  auto head = read({"HTTP/1.1 200 OK", "Content-Type:  Text/HTML ; a=b ",
                    "X-A: 1", "x-a: 2", ""});
  EXPECT_TRUE(head.complete());
  EXPECT_TRUE(head.ok());
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.find("x-a"), "1");
  EXPECT_EQ(head.find("x-b"), "");
  EXPECT_EQ(head.media_type(), "text/html");
}

TEST(HttpHeadTest, ReadsTheStatusOfHttp2) {
  EXPECT_EQ(read({"HTTP/2 404 ", ""}).status(), 404);
}

TEST(HttpHeadTest, ForgetsInterimAnswers) {
  auto head = read({"HTTP/1.1 100 Continue", "X-A: 1", ""});
  EXPECT_FALSE(head.complete());
  head.add_line("HTTP/1.1 200 OK\r\n");
  head.add_line("\r\n");
  EXPECT_TRUE(head.complete());
  EXPECT_EQ(head.find("x-a"), "");
}

TEST(HttpHeadTest, IgnoresTrailers) {
  auto head = read({"HTTP/1.1 200 OK", "", "X-Late: 1"});
  EXPECT_EQ(head.find("x-late"), "");
}

TEST(HttpHeadTest, IsBounded) {
  http_head head;
  head.add_line("HTTP/1.1 200 OK\r\n");
  std::string line(1000, 'x');
  int taken = 0;
  while (head.add_line(line))
    ++taken;
  EXPECT_EQ(taken, 65);
}

TEST(HttpHeadTest, ReadsRetryAfter) {
  EXPECT_EQ(retry_after("7"), duration{7s});
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:37 GMT"), duration{7s});
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:00 GMT"), duration{0});
  EXPECT_EQ(retry_after("99999999999999999999"), duration{24h});
  EXPECT_EQ(retry_after("soon"), std::nullopt);
  EXPECT_EQ(retry_after(""), std::nullopt);
}

TEST(HttpHeadTest, MakesSamplesPrintable) {
  EXPECT_EQ(printable_sample("  a\r\n\t b\x1b[1m\xff "), "a b?[1m?");
  EXPECT_EQ(printable_sample("abcdefghij", 10), "abcdefghij");
  EXPECT_EQ(printable_sample("abcdefghijk", 10), "abcdefg...");
  EXPECT_LE(printable_sample(std::string(5000, 'x')).size(), 200u);
}
