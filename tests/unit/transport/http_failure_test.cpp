// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_failure.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace mcpool;
using namespace mcpool::transport;
using namespace std::chrono_literals;

namespace {

http_failure failure(int status, std::string_view body = {}) {
  http_head head;
  head.add_line("HTTP/1.1 " + std::to_string(status) + " X\r\n");
  head.add_line("Retry-After: 3\r\n");
  head.add_line("\r\n");
  return failure_of(head, "http://h:80", body, time_point{});
}

// Of a server that does not say when to come back.
http_failure patient_failure(int status) {
  http_head head;
  head.add_line("HTTP/1.1 " + std::to_string(status) + " X\r\n");
  head.add_line("\r\n");
  return failure_of(head, "http://h:80", {}, time_point{});
}

} // namespace

TEST(HttpFailureTest, GivesEachStatusItsMeaning) {
  struct {
    int status;
    errc code;
    delivery sent;
    bool waits;
  } const cases[] = {
    {304, errc::protocol_violation, delivery::maybe_sent, false},
    {400, errc::protocol_violation, delivery::not_sent, false},
    {401, errc::needs_login, delivery::not_sent, false},
    {403, errc::not_allowed, delivery::not_sent, false},
    {404, errc::connect_failed, delivery::not_sent, false},
    {405, errc::connect_failed, delivery::not_sent, false},
    {408, errc::connect_failed, delivery::not_sent, true},
    {413, errc::payload_too_large, delivery::not_sent, false},
    {429, errc::busy, delivery::not_sent, true},
    {500, errc::connect_failed, delivery::maybe_sent, true},
    {502, errc::connect_failed, delivery::maybe_sent, true},
    {503, errc::busy, delivery::not_sent, true},
    {504, errc::connect_failed, delivery::maybe_sent, true},
  };
  for (auto& x : cases) {
    auto got = failure(x.status);
    EXPECT_EQ(got.why.code, x.code) << x.status;
    EXPECT_EQ(got.sent, x.sent) << x.status;
    EXPECT_EQ(got.why.retry_after.value_or(0s), x.waits ? 3s : 0s) << x.status;
  }
}

TEST(HttpFailureTest, SaysWhatIsWorthAskingAgain) {
  for (auto status : {408, 429, 500, 502, 503, 504})
    EXPECT_EQ(patient_failure(status).why.retry_after, 0s) << status;
  for (auto status : {304, 400, 401, 403, 404, 405, 413})
    EXPECT_FALSE(patient_failure(status).why.retry_after) << status;
}

TEST(HttpFailureTest, SaysWhatTheServerSaid) {
  EXPECT_EQ(failure(500).why.text, "http://h:80 answered HTTP 500");
  EXPECT_EQ(failure(500, "<b>no</b>\n").why.text,
            "http://h:80 answered HTTP 500: <b>no</b>");
  EXPECT_EQ(failure(500, R"({"jsonrpc":"2.0","id":null,)"
                         R"("error":{"code":1,"message":"full"}})")
              .why.text,
            "http://h:80 answered HTTP 500: full");
}

TEST(HttpFailureTest, KnowsLostSessions) {
  auto error = [](std::string_view text) {
    return std::string{R"({"jsonrpc":"2.0","id":null,"error":{"code":1,)"
                       R"("message":")"}
      .append(text)
      .append("\"}}");
  };
  EXPECT_TRUE(says_session_lost(404, ""));
  EXPECT_TRUE(says_session_lost(400, error("No valid SESSION ID provided")));
  EXPECT_FALSE(says_session_lost(400, error("bad params")));
  EXPECT_FALSE(says_session_lost(400, "<p>session</p>"));
  EXPECT_FALSE(says_session_lost(500, error("session")));
}
