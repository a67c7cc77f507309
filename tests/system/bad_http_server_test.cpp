// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// HTTP servers that are no good MCP servers: each costs one sentence, in
// bounded time.

#include <mcpool/system/http_exchange.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <optional>

namespace mcpool::system {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class BadHttpServerTest : public system_test {
protected:
  /// A server of which everything is expected within half a second.
  void have(words args) {
    server_ = http_server::fake(*this, std::move(args));
    have_url(server_->url());
  }

  void have_rule(const std::string& rule) { have({"--on", rule}); }

  void have_url(const std::string& url) {
    configure({{"bad",
                {{"url", url},
                 {"initTimeout", "500ms"},
                 {"timeout", "500ms"},
                 {"closeTimeout", "500ms"},
                 {"maxMessageBytes", "100kB"}}}});
  }

  std::string failure() {
    return complaint(run({"call", "bad", "echo", R"({"message":"x"})"}), 2);
  }

  void TearDown() override {
    server_.reset();
    system_test::TearDown();
  }

  std::optional<http_server> server_;
};

// -- in the handshake ---------------------------------------------------------

TEST_F(BadHttpServerTest, IsNotThere) {
  auto port = std::to_string(free_port());
  have_url("http://127.0.0.1:" + port + "/mcp");
  EXPECT_THAT(failure(),
              AllOf(StartsWith("connect_failed: "), HasSubstr("'bad'"),
                    HasSubstr("http://127.0.0.1:" + port),
                    HasSubstr("Connection refused")));
}

TEST_F(BadHttpServerTest, HasNoAddress) {
  have_url("http://no-such-host.invalid/mcp");
  EXPECT_THAT(failure(), HasSubstr("no-such-host.invalid"));
}

TEST_F(BadHttpServerTest, AnswersStatus500) {
  have_rule("POST=status:500:database on fire");
  EXPECT_THAT(failure(), AllOf(StartsWith("connect_failed: "),
                               HasSubstr("HTTP 500: database on fire")));
}

TEST_F(BadHttpServerTest, AnswersHtml) {
  have_rule("POST=html");
  EXPECT_THAT(failure(),
              AllOf(StartsWith("protocol_violation: "), HasSubstr("text/html"),
                    HasSubstr("neither JSON nor an event stream")));
}

TEST_F(BadHttpServerTest, AnswersWithoutAnEnd) {
  have_rule("POST=endless");
  EXPECT_THAT(failure(), AllOf(StartsWith("payload_too_large: "),
                               HasSubstr("100000 bytes (maxMessageBytes)")));
}

TEST_F(BadHttpServerTest, NeverAnswers) {
  have_rule("POST=hang");
  EXPECT_THAT(failure(), AllOf(StartsWith("connect_timeout: "),
                               HasSubstr("500ms (initTimeout)")));
}

TEST_F(BadHttpServerTest, AnswersTheHandshakeByHalfRegression) {
  have_rule("initialize=half");
  EXPECT_THAT(failure(), StartsWith("connect_timeout: "));
}

TEST_F(BadHttpServerTest, AnswersTheHandshakeWithGarbage) {
  have_rule("initialize=garbage");
  EXPECT_THAT(failure(), AllOf(StartsWith("protocol_violation: "),
                               HasSubstr("this is not JSON")));
}

TEST_F(BadHttpServerTest, WantsALogin) {
  have_rule("POST=status:401");
  EXPECT_THAT(failure(),
              AllOf(StartsWith("needs_login: "), HasSubstr("HTTP 401"),
                    HasSubstr("Authorization")));
}

TEST_F(BadHttpServerTest, ClosesTheConnection) {
  have_rule("POST=close");
  EXPECT_THAT(failure(), StartsWith("handshake_failed: "));
}

TEST_F(BadHttpServerTest, ResetsTheConnection) {
  have_rule("POST=reset");
  EXPECT_THAT(failure(), StartsWith("handshake_failed: "));
}

TEST_F(BadHttpServerTest, DiesInTheHandshake) {
  have_rule("initialize=die");
  // Further attempts find nobody there; a slow machine has time for one only.
  EXPECT_THAT(failure(), ::testing::AnyOf(StartsWith("connect_failed: "),
                                          StartsWith("handshake_failed: ")));
}

TEST_F(BadHttpServerTest, RedirectsElsewhere) {
  have_rule("POST=redirect:http://127.0.0.2:9/mcp");
  EXPECT_THAT(failure(), HasSubstr("127.0.0.2"));
}

// -- in a call ----------------------------------------------------------------

TEST_F(BadHttpServerTest, AnswersACallWithStatus500) {
  have_rule("tools/call=status:500:database on fire");
  EXPECT_THAT(failure(), HasSubstr("HTTP 500: database on fire"));
}

TEST_F(BadHttpServerTest, AnswersACallWithHtml) {
  have_rule("tools/call=html");
  EXPECT_THAT(failure(), AllOf(StartsWith("protocol_violation: "),
                               HasSubstr("text/html")));
}

TEST_F(BadHttpServerTest, AnswersACallWithoutAnEnd) {
  have_rule("tools/call=endless");
  EXPECT_THAT(failure(), AllOf(StartsWith("payload_too_large: "),
                               HasSubstr("100000 bytes (maxMessageBytes)")));
}

TEST_F(BadHttpServerTest, AnswersACallByHalf) {
  have_rule("tools/call=half");
  EXPECT_THAT(failure(), StartsWith("call_timed_out: "));
}

TEST_F(BadHttpServerTest, NeverAnswersACall) {
  have_rule("tools/call=hang");
  EXPECT_THAT(failure(),
              AllOf(StartsWith("call_timed_out: "), HasSubstr("'bad'")));
}

TEST_F(BadHttpServerTest, WantsALoginInACall) {
  have_rule("tools/call=status:401");
  EXPECT_THAT(failure(), StartsWith("needs_login: "));
}

TEST_F(BadHttpServerTest, DiesInACall) {
  have_rule("tools/call=die");
  EXPECT_THAT(failure(), StartsWith("connection_lost: "));
}

TEST_F(BadHttpServerTest, IsOverloaded) {
  have_rule("tools/call=header:Retry-After=7;status:503");
  EXPECT_THAT(failure(), AllOf(StartsWith("busy: "), HasSubstr("HTTP 503"),
                               ::testing::EndsWith("; try again in 7s")));
}

TEST_F(BadHttpServerTest, DoesNotAnswerTheDelete) {
  have_rule("DELETE=hang");
  auto x = run({"call", "bad", "echo", R"({"message":"x"})"});
  EXPECT_EQ(printed(x), "x\n");
  EXPECT_EQ(server_->stats()["http"]["DELETE"], 1);
}

} // namespace

} // namespace mcpool::system
