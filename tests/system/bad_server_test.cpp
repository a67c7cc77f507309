// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Programs that are no good servers: each costs one sentence, in bounded time.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

namespace mcpool::system {

namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string start_of_failure = "cannot connect to 'bad': ";

class BadServerTest : public system_test {
protected:
  void have(json entry) { configure({{"bad", std::move(entry)}}); }

  void have_fake(words args) { have(fake(std::move(args))); }

  /// A server whose handshake is awaited for two seconds only.
  void have_slow_start(words args) {
    auto entry = fake(std::move(args));
    entry["initTimeout"] = "2s";
    have(entry);
  }

  /// A server whose calls are awaited for half a second only.
  void have_slow_calls(words args) {
    auto entry = fake(std::move(args));
    entry["timeout"] = "500ms";
    have(entry);
  }

  /// Why there is no connection.
  std::string start_failure() {
    return complaint(run({"call", "bad", "echo"}), 2);
  }

  outcome call() { return run({"call", "bad", "echo", R"({"message":"x"})"}); }

  /// Why there is no answer.
  std::string call_failure() { return complaint(call(), 2); }
};

// -- that do not start --------------------------------------------------------

TEST_F(BadServerTest, DoesNotExist) {
  have({{"command", "/no/such/program"}});
  EXPECT_THAT(start_failure(),
              AllOf(StartsWith("connect_failed: "), HasSubstr("'bad'"),
                    HasSubstr("/no/such/program"), HasSubstr("No such file")));
}

TEST_F(BadServerTest, IsNotInThePath) {
  environment["PATH"] = "/nowhere";
  have({{"command", "no-such-program"}});
  EXPECT_THAT(start_failure(),
              AllOf(StartsWith("connect_failed: "),
                    HasSubstr("'no-such-program'"),
                    HasSubstr("no such program in PATH (/nowhere)")));
}

TEST_F(BadServerTest, IsNoProgram) {
  write_file(file("text"), "hello");
  have({{"command", file("text")}});
  EXPECT_THAT(start_failure(), AllOf(StartsWith("connect_failed: "),
                                     HasSubstr("Permission denied")));
}

TEST_F(BadServerTest, HasNoWorkingDirectory) {
  auto entry = fake();
  entry["cwd"] = "/no/such/folder";
  have(entry);
  EXPECT_THAT(start_failure(), AllOf(StartsWith("connect_failed: "),
                                     HasSubstr("/no/such/folder")));
}

TEST_F(BadServerTest, ExitsAtOnce) {
  have_fake(
    {"--stderr-at-start", "cannot open the database", "--exit-at-start", "7"});
  EXPECT_EQ(start_failure(),
            "handshake_failed: " + start_of_failure
              + "server 'bad' ended with exit code 7; its last words: cannot "
                "open the database");
}

TEST_F(BadServerTest, PrintsGarbage) {
  have_slow_start({"--stdout-at-start", "Listening on port 3000", "--no-read"});
  auto x = run({"--log", "error", "call", "bad", "echo"});
  EXPECT_THAT(complaint(x, 2),
              AllOf(StartsWith("connect_timeout: "),
                    HasSubstr("within 2s (initTimeout)"),
                    HasSubstr("no MCP message: \"Listening on port 3000\"")));
}

TEST_F(BadServerTest, PrintsGarbageAndIsGood) {
  have_fake({"--stdout-at-start", "Listening on port 3000"});
  auto x = call();
  EXPECT_EQ(x.code, 0);
  EXPECT_EQ(x.out, "x\n");
  EXPECT_THAT(x.err, HasSubstr("ignores what is no MCP message: \"Listening on "
                               "port 3000\""));
}

TEST_F(BadServerTest, SaysNothing) {
  have_slow_start({"--no-read"});
  EXPECT_EQ(start_failure(),
            "connect_timeout: " + start_of_failure
              + "the server did not answer the handshake within 2s "
                "(initTimeout)");
}

TEST_F(BadServerTest, AnswersTheHandshakeByHalf) {
  have_slow_start({"--on", "initialize=half"});
  EXPECT_THAT(start_failure(), StartsWith("connect_timeout: "));
}

TEST_F(BadServerTest, AnswersTheHandshakeByHalfAndDies) {
  have_fake({"--on", "initialize=half;die"});
  EXPECT_THAT(start_failure(),
              AllOf(StartsWith("handshake_failed: "), HasSubstr("exit code 1"),
                    HasSubstr("in the middle of a message")));
}

TEST_F(BadServerTest, AnswersTheHandshakeWithoutAnEnd) {
  have_fake({"--on", "initialize=endless"});
  EXPECT_THAT(start_failure(), AllOf(StartsWith("payload_too_large: "),
                                     HasSubstr("16777216 bytes")));
}

TEST_F(BadServerTest, DiesInTheHandshake) {
  have_fake({"--on", "initialize=stderr:out of memory;die"});
  EXPECT_THAT(start_failure(),
              AllOf(StartsWith("handshake_failed: "), HasSubstr("exit code 1"),
                    HasSubstr("last words: out of memory")));
}

TEST_F(BadServerTest, IsKilledInTheHandshake) {
  have_fake({"--on", "initialize=kill"});
  EXPECT_THAT(start_failure(), AllOf(StartsWith("handshake_failed: "),
                                     HasSubstr("signal 9 (Killed)")));
}

TEST_F(BadServerTest, ClosesItsOutputInTheHandshake) {
  have_fake({"--on", "initialize=close"});
  EXPECT_THAT(start_failure(), StartsWith("handshake_failed: "));
}

TEST_F(BadServerTest, RefusesTheHandshake) {
  have_fake({"--on", "initialize=error:-32000:no license"});
  EXPECT_THAT(start_failure(), AllOf(StartsWith("handshake_failed: "),
                                     HasSubstr("no license (-32000)")));
}

TEST_F(BadServerTest, SpeaksAnUnknownVersion) {
  have_fake({"--protocol-version", "1999-01-01"});
  EXPECT_THAT(start_failure(), AllOf(StartsWith("unsupported_version: "),
                                     HasSubstr("'1999-01-01'")));
}

// -- that fail in a call ------------------------------------------------------

TEST_F(BadServerTest, DiesInACall) {
  have_fake({"--on", "tools/call=stderr:bang;die"});
  EXPECT_EQ(call_failure(), "connection_lost: server 'bad' ended with exit "
                            "code 1; its last words: bang");
}

TEST_F(BadServerTest, NeverAnswersACall) {
  have_slow_calls({"--on", "tools/call=hang"});
  EXPECT_THAT(call_failure(),
              AllOf(StartsWith("call_timed_out: "), HasSubstr("'bad'"),
                    HasSubstr("tools/call")));
}

TEST_F(BadServerTest, AnswersACallByHalf) {
  have_slow_calls({"--on", "tools/call=half"});
  EXPECT_THAT(call_failure(), StartsWith("call_timed_out: "));
}

TEST_F(BadServerTest, AnswersACallWithGarbage) {
  have_slow_calls({"--on", "tools/call=garbage"});
  auto x = call();
  EXPECT_EQ(x.code, 2);
  EXPECT_EQ(x.out, "");
  EXPECT_THAT(x.err, AllOf(HasSubstr("\"this is not JSON"),
                           HasSubstr("mcpool: call_timed_out: ")));
}

TEST_F(BadServerTest, AnswersACallWithoutAnEnd) {
  have_fake({"--on", "tools/call=endless"});
  EXPECT_THAT(call_failure(), AllOf(StartsWith("payload_too_large: "),
                                    HasSubstr("16777216 bytes")));
}

TEST_F(BadServerTest, AnswersACallWithAnError) {
  have_fake({"--on", "tools/call=error:-32000:out of cheese"});
  EXPECT_THAT(call_failure(), AllOf(StartsWith("remote_error: "),
                                    HasSubstr("-32000: out of cheese")));
}

TEST_F(BadServerTest, ListsWithoutAnEnd) {
  have_fake({"--endless-pages", "--page-size", "1"});
  EXPECT_THAT(complaint(run({"tools", "bad"}), 2),
              AllOf(StartsWith("payload_too_large: "), HasSubstr("50")));
}

// -- that do not end ----------------------------------------------------------

TEST_F(BadServerTest, DoesNotEndWhenItsInputEnds) {
  have_fake({"--ignore-eof", "--ignore-term", "--on", "start=grandchild:3m"});
  EXPECT_EQ(printed(call()), "x\n");
}

TEST_F(BadServerTest, FloodsItsStandardError) {
  have_fake({"--on", "initialize=flood_stderr:4000000"});
  EXPECT_EQ(printed(call()), "x\n");
}

} // namespace

} // namespace mcpool::system
