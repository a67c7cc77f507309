// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/http_text.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

TEST(HttpTextTest, AcceptsUrls) {
  for (auto url : {"http://a", "https://search.example/mcp", "HTTP://A/",
                   "http://127.0.0.1:3001/mcp?x=1", "http://[::1]:80/",
                   "https://a_b.example:65535", "https://h/a@b:c"})
    EXPECT_EQ(url_problem(url), "") << url;
}

TEST(HttpTextTest, RefusesOtherSchemes) {
  for (auto url : {"", "search.example", "ftp://a", "ws://a", "http:/a",
                   "file:///etc/passwd", " http://a"})
    EXPECT_EQ(url_problem(url),
              "must be a URL that begins with http:// or https://")
      << url;
}

TEST(HttpTextTest, RefusesUrlsWithoutAHost) {
  for (auto url : {"http://", "http:///mcp", "http://:80", "http://?x",
                   "http://[]", "http://[::1", "http://a%b", "http://a,b"})
    EXPECT_EQ(url_problem(url),
              "must have a host, as in https://search.example/mcp")
      << url;
}

TEST(HttpTextTest, RefusesBadPorts) {
  for (auto url : {"http://a:", "http://a:0", "http://a:65536", "http://a:x",
                   "http://[::1]:-1/", "http://a:80:80"})
    EXPECT_EQ(url_problem(url),
              "must have a port from 1 to 65535 after the colon, or no colon")
      << url;
}

TEST(HttpTextTest, RefusesCredentialsInUrls) {
  for (auto url : {"http://user@a", "https://u:p@a/mcp", "http://@a"})
    EXPECT_EQ(url_problem(url), "must not hold a user or password; put the "
                                "credentials into headers")
      << url;
}

TEST(HttpTextTest, RefusesSpacesControlCharactersAndFragments) {
  for (auto url : {"http://a/b c", "http://a/\r\nX: y", "http://a/\x01"})
    EXPECT_EQ(url_problem(url), "must not hold spaces or control characters; "
                                "write %20 for a space");
  EXPECT_EQ(url_problem("http://a/#b"),
            "must not hold a fragment (#...), servers never see it");
}

TEST(HttpTextTest, AcceptsTokensAsHeaderNames) {
  for (auto name : {"X-Team", "Authorization", "a", "!#$%&'*+-.^_`|~09"})
    EXPECT_EQ(header_name_problem(name), "") << name;
}

TEST(HttpTextTest, RefusesOtherHeaderNames) {
  for (auto name : {"", "X Team", "X:", "X\r", "(x)", "\xc3\xa4"})
    EXPECT_EQ(header_name_problem(name),
              "is no header name; it may hold letters, digits and "
              "!#$%&'*+-.^_`|~")
      << name;
}

TEST(HttpTextTest, RefusesHeadersOfTheTransport) {
  for (auto name : {"Accept", "CONTENT-LENGTH", "Content-Type",
                    "mcp-session-id", "MCP-Protocol-Version", "Last-Event-ID",
                    "Transfer-Encoding", "Connection", "TE"})
    EXPECT_EQ(header_name_problem(name), "is a header that mcpool sets itself")
      << name;
}

TEST(HttpTextTest, RefusesControlCharactersInHeaderValues) {
  EXPECT_EQ(header_value_problem("Bearer a.b\tc \xc3\xa4"), "");
  EXPECT_EQ(header_value_problem(""), "");
  for (std::string bad : {"a\nb", "a\r", "\x01", "\x7f"})
    EXPECT_EQ(header_value_problem(bad),
              "must not hold control characters such as a line break");
}

} // namespace mcpool::config
