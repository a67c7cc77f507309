// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_target.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

using namespace mcpool;
using namespace mcpool::transport;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

const std::string base = "https://Example.com/a/mcp?k=v";

} // namespace

TEST(HttpTargetTest, NamesOriginsWithTheirPort) {
  EXPECT_EQ(*origin_of("http://Example.COM/x"), "http://example.com:80");
  EXPECT_EQ(*origin_of("https://user:pw@h:8443/x"), "https://h:8443");
  EXPECT_EQ(*origin_of("http://[::1]:81/"), "http://[::1]:81");
}

TEST(HttpTargetTest, RefusesWhatIsNoWebAddress) {
  for (auto x : {"", "ftp://h/", "file:///etc/passwd", "http://", "a b"})
    EXPECT_EQ(origin_of(x).error().code, errc::invalid_config) << x;
}

TEST(HttpTargetTest, ResolvesRedirectsWithinTheOrigin) {
  EXPECT_EQ(*resolve_redirect(base, "b"), "https://Example.com/a/b");
  EXPECT_EQ(*resolve_redirect(base, "/b?c=d"), "https://Example.com/b?c=d");
  EXPECT_EQ(*resolve_redirect(base, "https://example.com:443/b"),
            "https://example.com:443/b");
}

TEST(HttpTargetTest, RefusesRedirectsToElsewhere) {
  for (auto x : {"http://example.com/b", "https://example.com:444/b",
                 "https://example.org/b", "//evil.example/b",
                 "https://u:p@example.com/b", "file:///etc/passwd", ""}) {
    auto got = resolve_redirect(base, x);
    ASSERT_FALSE(got) << x;
    EXPECT_EQ(got.error().code, errc::connect_failed) << x;
  }
}

TEST(HttpTargetTest, NamesWhereARedirectPointedWithoutItsQuery) {
  auto why = resolve_redirect(base, "http://evil.example/b?token=1").error();
  EXPECT_THAT(why.text, HasSubstr("http://evil.example:80/b"));
  EXPECT_THAT(why.text, Not(HasSubstr("token")));
}

TEST(HttpTargetTest, KnowsWhichFieldsCanBeSent) {
  EXPECT_TRUE(is_valid({"X-Team", secret{"blue \xc3\xa9"}}));
  EXPECT_FALSE(is_valid({"", secret{"a"}}));
  EXPECT_FALSE(is_valid({"X Team", secret{"a"}}));
  EXPECT_FALSE(is_valid({"X-Team:", secret{"a"}}));
  EXPECT_FALSE(is_valid({"X-Team", secret{"a\r\nX-Evil: b"}}));
  EXPECT_FALSE(is_valid({"X-Team", secret{std::string("a\0b", 3)}}));
}
