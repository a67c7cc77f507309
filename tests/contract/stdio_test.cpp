// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// The promises of the transport interface, kept by the stdio transport with
// real processes.

#include <mcpool/transport/stdio.hpp>

#include <mcpool/contract/processes.hpp>
#include <mcpool/contract/recording_listener.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/protocol/json_rpc.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::contract;
using namespace std::chrono_literals;
using ::testing::AnyOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using transport::delivery;
using transport::outgoing;
using transport::outgoing_kind;
using steady = std::chrono::steady_clock;

namespace {

outgoing request(std::int64_t id, std::string_view params = "{}") {
  return {protocol::encode_request(id, "echo", params), outgoing_kind::request,
          id};
}

outgoing notification(std::string_view params = "{}") {
  return {protocol::encode_notification("note", params), outgoing_kind::one_way,
          0};
}

/// A transport and what it told.
struct connection {
  std::shared_ptr<recording_listener> told;
  std::shared_ptr<transport::transport> handle;
};

class StdioTest : public ::testing::Test {
protected:
  StdioTest() {
    log::set_sink(
      [](log::level, std::string_view, std::string_view, std::string_view) {});
    config.name = server_name{"files"};
    config.command = "sh";
    config.close_timeout = 300ms;
  }

  // Whatever a test did: no child, not even a dead one.
  ~StdioTest() override {
    aut = {};
    guard.reset();
    loop.reset();
    EXPECT_TRUE(has_no_child());
    log::set_level(log::level::warning);
    log::set_sink(nullptr);
  }

  connection make() {
    auto told = std::make_shared<recording_listener>();
    return {told, transport::make_stdio(*loop, guard, config, told)};
  }

  // Opens the transport of a server.
  void start() {
    aut = make();
    aut.handle->open();
  }

  void start(std::string script) {
    config.args = {"-c", std::move(script)};
    start();
  }

  void start_echo() {
    config.command = "cat";
    config.args.clear();
    start();
  }

  refusal close() {
    aut.handle->close();
    return aut.told->wait_closed();
  }

  std::unique_ptr<transport::io_loop> loop
    = std::make_unique<transport::io_loop>();
  std::shared_ptr<transport::process_guard> guard
    = std::make_shared<transport::process_guard>(*loop);
  config::server_config config;
  connection aut;
};

/// Prints a notification whose method is the first argument.
constexpr const char* say
  = R"(say() { echo "{\"jsonrpc\":\"2.0\",\"method\":\"$1\"}"; }; )";

std::string saying(std::string_view script) {
  return cat(say, script);
}

} // namespace

// -- messages -----------------------------------------------------------------

TEST_F(StdioTest, DeliversWhatTheServerSends) {
  start_echo();
  aut.handle->send(request(7, R"({"a":[1,2]})"));
  auto got = aut.told->wait_messages(1);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].kind, protocol::message_kind::request);
  EXPECT_EQ(got[0].number, 7);
  EXPECT_EQ(got[0].params.view(), R"({"a":[1,2]})");
}

TEST_F(StdioTest, KeepsTheOrderOfAThousandMessages) {
  start_echo();
  for (int id = 1; id <= 1000; ++id)
    aut.handle->send(request(id));
  auto got = aut.told->wait_messages(1000);
  ASSERT_EQ(got.size(), 1000u);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(got[static_cast<std::size_t>(i)].number, i + 1);
}

TEST_F(StdioTest, TakesMessagesFromManyThreads) {
  start_echo();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([this, t] {
      for (int i = 1; i <= 250; ++i)
        aut.handle->send(request(t * 1000 + i));
    });
  for (auto& x : threads)
    x.join();
  std::set<std::int64_t> ids;
  for (auto& x : aut.told->wait_messages(1000))
    ids.insert(x.number.value());
  EXPECT_EQ(ids.size(), 1000u);
}

TEST_F(StdioTest, MovesMessagesLargerThanAPipe) {
  start_echo();
  auto params = cat("{\"x\":\"", std::string(3 * 1024 * 1024, 'x'), "\"}");
  aut.handle->send(request(1, params));
  aut.handle->send(request(2));
  auto got = aut.told->wait_messages(2);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].params.size(), params.size());
  EXPECT_EQ(got[1].number, 2);
}

TEST_F(StdioTest, DeliversEachElementOfAnArray) {
  start("echo '[{\"jsonrpc\":\"2.0\",\"method\":\"a\"},"
        "{\"jsonrpc\":\"2.0\",\"method\":\"b\"}]'; cat");
  auto got = aut.told->wait_messages(2);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].method, "a");
  EXPECT_EQ(got[1].method, "b");
}

TEST_F(StdioTest, SendsWhatCameBeforeOpen) {
  config.command = "cat";
  aut = make();
  aut.handle->send(request(1));
  aut.handle->open();
  EXPECT_EQ(aut.told->wait_messages(1).size(), 1u);
}

TEST_F(StdioTest, TellsNoiseAndGoesOn) {
  start(saying("echo Listening...; printf 'a\\033[1m\\377\\n'; "
               "echo '{\"jsonrpc\":\"2.0\"}'; say fine; cat"));
  EXPECT_EQ(aut.told->wait_messages(1).size(), 1u);
  EXPECT_EQ(aut.told->wait_noise(3),
            (std::vector<std::string>{"Listening...", "a\\x1b[1m\\xff",
                                      "{\"jsonrpc\":\"2.0\"}"}));
}

TEST_F(StdioTest, TellsAFloodOfNoiseInPart) {
  start(saying("yes garbage | head -n 200000; say done; cat"));
  EXPECT_EQ(aut.told->wait_messages(1).size(), 1u);
  EXPECT_LT(aut.told->wait_noise(20).size(), 500u);
}

// -- back-pressure ------------------------------------------------------------

TEST_F(StdioTest, RefusesRequestsWhenTheServerDoesNotRead) {
  start("exec sleep 1000");
  auto params = cat("{\"x\":\"", std::string(1024 * 1024, 'x'), "\"}");
  for (int id = 1; id <= 70; ++id)
    aut.handle->send(request(id, params));
  auto failed = aut.told->wait_failures(7);
  ASSERT_GE(failed.size(), 1u);
  EXPECT_EQ(failed[0].id, 64);
  EXPECT_EQ(failed[0].sent, delivery::not_sent);
  EXPECT_EQ(failed[0].why.code, errc::busy);
  EXPECT_THAT(failed[0].why.text, AllOf(StartsWith("server 'files': busy: "),
                                        HasSubstr("67108864")));
  EXPECT_EQ(failed.back().id, 70);
}

TEST_F(StdioTest, LogsThatNotificationsAreDropped) {
  start("exec sleep 1000");
  std::atomic<int> warnings{0};
  log::set_sink(
    [&](log::level, std::string_view, std::string_view event,
        std::string_view) { warnings += event == "messages-dropped" ? 1 : 0; });
  auto params = cat("{\"x\":\"", std::string(40 * 1024 * 1024, 'x'), "\"}");
  for (int i = 0; i < 5; ++i)
    aut.handle->send(notification(params));
  aut.handle->send(request(1, params));
  EXPECT_EQ(aut.told->wait_failures(1).size(), 1u);
  EXPECT_EQ(warnings, 1);
}

TEST_F(StdioTest, MakesRoomForWhatIsForgotten) {
  start("exec sleep 1000");
  auto params = cat("{\"x\":\"", std::string(30 * 1024 * 1024, 'x'), "\"}");
  aut.handle->send(request(1, params));
  aut.handle->send(request(2, params));
  aut.handle->forget(2);
  aut.handle->send(request(3, params));
  aut.handle->send(request(4, params));
  auto failed = aut.told->wait_failures(1);
  ASSERT_EQ(failed.size(), 1u);
  EXPECT_EQ(failed[0].id, 4);
}

TEST_F(StdioTest, ReachesASlowReaderInTheEnd) {
  start("sleep 0.2; exec cat");
  auto params = cat("{\"x\":\"", std::string(100 * 1024, 'x'), "\"}");
  for (int id = 1; id <= 50; ++id)
    aut.handle->send(request(id, params));
  EXPECT_EQ(aut.told->wait_messages(50).size(), 50u);
}

// -- the start ----------------------------------------------------------------

TEST_F(StdioTest, NamesACommandThatDoesNotExist) {
  config.command = "no-such-command";
  start();
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::connect_failed);
  EXPECT_THAT(why.text, StartsWith("server 'files': cannot start "
                                   "'no-such-command': there is no such "
                                   "program in PATH ("));
  EXPECT_TRUE(aut.told->was_unreachable());
  EXPECT_FALSE(aut.told->was_opened());
}

TEST_F(StdioTest, NamesACommandThatIsNotExecutable) {
  config.command = "/etc/passwd";
  start();
  EXPECT_EQ(aut.told->wait_closed().text,
            "server 'files': cannot start '/etc/passwd': Permission denied");
  EXPECT_TRUE(aut.told->was_unreachable());
}

TEST_F(StdioTest, NamesAMissingWorkingDirectory) {
  config.cwd = "/no/such/folder";
  start("cat");
  EXPECT_EQ(aut.told->wait_closed().text,
            "server 'files': cannot start 'sh': its working directory "
            "'/no/such/folder': No such file or directory");
  EXPECT_FALSE(aut.told->was_unreachable()) << "others find their shell";
}

TEST_F(StdioTest, GivesTheServerItsEnvironmentOnly) {
  setenv("MCPOOL_TEST_SECRET", "hidden", 1);
  config.env = {{"COLOUR", secret{"blue"}}};
  config.cwd = "/usr";
  start(saying("say \"$COLOUR/$MCPOOL_TEST_SECRET/$PWD\"; cat"));
  auto got = aut.told->wait_messages(1);
  unsetenv("MCPOOL_TEST_SECRET");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].method, "blue///usr");
}

TEST_F(StdioTest, GivesTheServerNoOtherDescriptor) {
  auto leaky = open("/dev/null", O_RDONLY);
  ASSERT_GT(leaky, 2);
  auto other = make();
  other.handle->open();
  start(saying("ls /proc/$$/fd; say done; cat"));
  aut.told->wait_messages(1);
  EXPECT_EQ(aut.told->wait_noise(3), (std::vector<std::string>{"0", "1", "2"}));
  ::close(leaky);
}

// -- the end of the server ----------------------------------------------------

TEST_F(StdioTest, ReportsExitCodeAndLastWords) {
  start("echo 'no licence found' >&2; echo 'giving up' >&2; exit 3");
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::connection_lost);
  EXPECT_EQ(why.text, "server 'files' ended with exit code 3; its last words: "
                      "no licence found | giving up");
  EXPECT_TRUE(aut.told->was_opened());
}

TEST_F(StdioTest, TellsWhatTheServerCannotHaveSeen) {
  start("sleep 0.3; exit 3");
  auto big = shared_text{std::string(1024 * 1024, 'x')};
  for (auto id = 1; id <= 3; ++id)
    aut.handle->send({big, transport::outgoing_kind::request, id});
  aut.handle->send({big, transport::outgoing_kind::one_way, 0});
  EXPECT_EQ(aut.told->wait_closed().code, errc::connection_lost);
  EXPECT_EQ(aut.told->unsent(), (std::vector<std::int64_t>{2, 3}));
}

TEST_F(StdioTest, TellsNothingOfWhatItWasToldToGiveUp) {
  start("exec sleep 100");
  auto big = shared_text{std::string(1024 * 1024, 'x')};
  for (auto id = 1; id <= 3; ++id)
    aut.handle->send({big, transport::outgoing_kind::request, id});
  aut.handle->close();
  EXPECT_EQ(aut.told->wait_closed().code, errc::cancelled);
  EXPECT_TRUE(aut.told->unsent().empty());
}

TEST_F(StdioTest, ReportsTheSignalThatEndedTheServer) {
  start("kill -USR1 $$");
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::connection_lost);
  EXPECT_EQ(why.text, "server 'files' was ended by signal 10 (User defined "
                      "signal 1)");
}

TEST_F(StdioTest, DeliversTheAnswersOfAServerThatExitsAtOnce) {
  start(saying("i=0; while [ $i -lt 500 ]; do say m$i; i=$((i+1)); done"));
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.text, "server 'files' ended with exit code 0");
  auto got = aut.told->messages();
  ASSERT_EQ(got.size(), 500u);
  EXPECT_EQ(got.back().method, "m499");
}

TEST_F(StdioTest, DeliversWhatIsInThePipeWhenTheServerHasEnded) {
  // Learns of the exit before it can read the rest.
  struct slow_listener : recording_listener {
    void on_message(protocol::message x) override {
      if (x.method == "first")
        std::this_thread::sleep_for(300ms);
      recording_listener::on_message(std::move(x));
    }
  };
  auto told = std::make_shared<slow_listener>();
  config.args = {"-c", saying("say first; sleep 0.05; say last; "
                              "printf 'that was all' >&2; exit 2")};
  aut = {told, transport::make_stdio(*loop, guard, config, told)};
  aut.handle->open();
  EXPECT_EQ(told->wait_closed().text, "server 'files' ended with exit code 2; "
                                      "its last words: that was all");
  auto got = told->messages();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got.back().method, "last");
}

TEST_F(StdioTest, MentionsHalfAMessage) {
  start("printf '{\"jsonrpc\":'");
  EXPECT_EQ(aut.told->wait_closed().text,
            "server 'files' ended with exit code 0; it stopped in the middle "
            "of a message, after 11 bytes");
}

TEST_F(StdioTest, EndsAServerThatClosesItsOutput) {
  start("exec >&-; exec sleep 1000");
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::connection_lost);
  EXPECT_EQ(why.text, "server 'files' closed its standard output; it was ended "
                      "by signal 15 (Terminated)");
}

TEST_F(StdioTest, EndsAServerThatClosesItsInput) {
  start(saying("exec <&-; say ready; exec sleep 1000"));
  aut.told->wait_messages(1);
  aut.handle->send(request(1));
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::connection_lost);
  EXPECT_EQ(why.text, "server 'files' does not read its standard input any "
                      "more (Broken pipe); it was ended by signal 15 "
                      "(Terminated)");
}

TEST_F(StdioTest, EndsAServerWithAnEndlessLine) {
  config.max_message_bytes = 1024 * 1024;
  start("tr '\\0' x < /dev/zero");
  auto why = aut.told->wait_closed();
  EXPECT_EQ(why.code, errc::payload_too_large);
  EXPECT_THAT(why.text, AllOf(StartsWith("server 'files' sent too much at "
                                         "once: "),
                              HasSubstr("1048576")));
}

TEST_F(StdioTest, DoesNotWaitForGrandchildrenThatHoldThePipes) {
  start(saying("sleep 1000 & say $!; exit 4"));
  auto began = steady::now();
  EXPECT_EQ(aut.told->wait_closed().text,
            "server 'files' ended with exit code 4");
  EXPECT_LT(steady::now() - began, 5s);
  auto got = aut.told->messages();
  ASSERT_EQ(got.size(), 1u);
  auto pid = std::atoi(got[0].method.c_str());
  EXPECT_TRUE(eventually([=] { return !is_running(pid); }));
}

TEST_F(StdioTest, DoesNotWaitForAProcessThatLeftTheGroup) {
  start(saying("setsid sleep 1000 & say $!; sleep 0.1; exit 4"));
  auto began = steady::now();
  aut.told->wait_closed();
  EXPECT_LT(steady::now() - began, 5s);
  auto got = aut.told->messages();
  ASSERT_EQ(got.size(), 1u);
  kill(std::atoi(got[0].method.c_str()), SIGKILL);
}

TEST_F(StdioTest, DrainsAFloodOfStandardError) {
  log::set_level(log::level::info);
  start(saying("yes 'a line of a flood that nobody wants to read' "
               "| head -c 100000000 >&2; say done; cat"));
  aut.handle->send(request(1));
  auto began = steady::now();
  auto got = aut.told->wait_messages(2);
  ASSERT_EQ(got.size(), 2u);
  EXPECT_LT(steady::now() - began, 20s);
}

TEST_F(StdioTest, AnswersWhileAnotherServerFloodsStandardError) {
  config.args = {"-c", "yes flood >&2"};
  auto other = make();
  other.handle->open();
  start_echo();
  auto began = steady::now();
  for (int id = 1; id <= 100; ++id) {
    aut.handle->send(request(id));
    aut.told->wait_messages(static_cast<std::size_t>(id));
  }
  EXPECT_LT(steady::now() - began, 10s);
}

// -- close --------------------------------------------------------------------

TEST_F(StdioTest, ClosesAServerThatEndsWithItsInput) {
  start_echo();
  ASSERT_TRUE(aut.told->wait_open());
  auto why = close();
  EXPECT_EQ(why.code, errc::cancelled);
  EXPECT_EQ(why.text, "server 'files' was closed; it ended with exit code 0");
}

TEST_F(StdioTest, SendsWhatWasSentBeforeCloseAndNothingElse) {
  config.close_timeout = 5s;
  start("sleep 0.1; exec cat");
  // More than the pipe holds.
  auto params = cat("{\"x\":\"", std::string(1000, 'x'), "\"}");
  for (int id = 1; id <= 500; ++id)
    aut.handle->send(request(id, params));
  aut.handle->close();
  aut.handle->send(request(501));
  EXPECT_EQ(aut.told->wait_closed().code, errc::cancelled);
  EXPECT_EQ(aut.told->messages().size(), 500u);
}

TEST_F(StdioTest, SendsNothingAfterClose) {
  start_echo();
  aut.handle->close();
  aut.handle->send(request(1));
  aut.told->wait_closed();
  EXPECT_TRUE(aut.told->messages().empty());
}

TEST_F(StdioTest, TermsAServerThatDoesNotEndWithItsInput) {
  start(saying("trap 'say bye; exit 5' TERM; say ready; "
               "while :; do sleep 0.01; done"));
  aut.told->wait_messages(1);
  EXPECT_EQ(close().text, "server 'files' was closed; it ended with exit code "
                          "5");
  auto got = aut.told->messages();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[1].method, "bye");
}

TEST_F(StdioTest, KillsAServerThatIgnoresTerm) {
  start(saying("trap '' TERM; say ready; while :; do sleep 0.01; done"));
  aut.told->wait_messages(1);
  auto began = steady::now();
  EXPECT_EQ(close().text, "server 'files' was closed; it was ended by signal 9 "
                          "(Killed)");
  EXPECT_GE(steady::now() - began, 600ms);
}

TEST_F(StdioTest, KillsTheWholeGroup) {
  start(saying("trap '' TERM; sh -c 'sleep 1000 & sleep 1000' & say $$; "
               "while :; do wait; done"));
  auto got = aut.told->wait_messages(1);
  ASSERT_EQ(got.size(), 1u);
  auto session = std::atoi(got[0].method.c_str());
  EXPECT_TRUE(eventually([=] { return members_of(session).size() >= 4; }));
  close();
  EXPECT_TRUE(eventually([=] { return members_of(session).empty(); }));
}

TEST_F(StdioTest, DoesNotWaitForAServerThatDoesNotRead) {
  start("exec sleep 1000");
  aut.handle->send(
    request(1, cat("{\"x\":\"", std::string(1024 * 1024, 'x'), "\"}")));
  auto began = steady::now();
  EXPECT_EQ(close().text, "server 'files' was closed; it was ended by signal "
                          "15 (Terminated)");
  EXPECT_LT(steady::now() - began, 5s);
}

TEST_F(StdioTest, ClosesOnce) {
  start_echo();
  for (int i = 0; i < 3; ++i)
    aut.handle->close();
  aut.told->wait_closed();
  aut.handle->close();
  aut.handle->open();
  aut.handle->send(request(1));
  // Whatever follows would be told before the loop has ended.
  auto told = std::exchange(aut, {}).told;
  guard.reset();
  loop.reset();
  EXPECT_TRUE(told->was_closed());
}

TEST_F(StdioTest, ClosesBeforeOpen) {
  aut = make();
  EXPECT_EQ(close().code, errc::cancelled);
  EXPECT_FALSE(aut.told->was_opened());
}

TEST_F(StdioTest, EndsTheServerWhenItIsDestroyed) {
  start(saying("trap '' TERM; say $$; while :; do sleep 0.01; done"));
  auto got = aut.told->wait_messages(1);
  ASSERT_EQ(got.size(), 1u);
  auto pid = std::atoi(got[0].method.c_str());
  aut.handle.reset();
  guard.reset();
  loop.reset();
  EXPECT_EQ(state_of(pid), 'X');
  EXPECT_FALSE(aut.told->was_closed());
}

TEST_F(StdioTest, LetsTheListenerGo) {
  start_echo();
  auto weak = std::weak_ptr<recording_listener>{aut.told};
  close();
  aut.told.reset();
  EXPECT_TRUE(eventually([&] { return weak.expired(); }));
}

TEST_F(StdioTest, MayBeDestroyedFromItsListener) {
  struct dropper : recording_listener {
    void on_message(protocol::message) override { handle->reset(); }
    std::shared_ptr<std::shared_ptr<transport::transport>> handle
      = std::make_shared<std::shared_ptr<transport::transport>>();
  };
  auto told = std::make_shared<dropper>();
  auto slot = told->handle;
  config.args = {"-c", saying("say hello; cat")};
  *slot = transport::make_stdio(*loop, guard, config, told);
  auto raw = slot->get();
  raw->open();
  loop.reset();
  EXPECT_EQ(*slot, nullptr);
}

// -- many ---------------------------------------------------------------------

TEST_F(StdioTest, StartsAndClosesAHundredServersAtOnce) {
  config.command = "cat";
  std::vector<connection> all(100);
  for (auto& x : all) {
    x = make();
    x.handle->open();
    x.handle->send(request(1));
  }
  for (auto& x : all)
    EXPECT_EQ(x.told->wait_messages(1).size(), 1u);
  for (auto& x : all)
    x.handle->close();
  for (auto& x : all)
    EXPECT_EQ(x.told->wait_closed().code, errc::cancelled);
}

TEST_F(StdioTest, KeepsNoDescriptorOfTwoHundredConnections) {
  start_echo();
  close();
  auto quiet = [this] { return eventually([this] { return has_no_child(); }); };
  ASSERT_TRUE(quiet());
  auto before = descriptors_of(getpid()).size();
  for (int i = 0; i < 200; ++i) {
    start_echo();
    if (i % 2 == 0)
      aut.told->wait_open();
    close();
  }
  ASSERT_TRUE(quiet());
  EXPECT_TRUE(
    eventually([=] { return descriptors_of(getpid()).size() == before; }));
}

TEST_F(StdioTest, KeepsNoDescriptorOfFailedStarts) {
  config.command = "/no/such/program";
  start();
  aut.told->wait_closed();
  ASSERT_TRUE(eventually([] { return has_no_child(); }));
  auto before = descriptors_of(getpid()).size();
  for (int i = 0; i < 50; ++i) {
    start();
    aut.told->wait_closed();
  }
  EXPECT_TRUE(
    eventually([=] { return descriptors_of(getpid()).size() == before; }));
}

// -- kill -9 ------------------------------------------------------------------

namespace {

/// Runs the program that will be killed.
class StdioVictimTest : public ::testing::Test {
protected:
  // Reads the pids that the victim prints: guard, and processes of its servers.
  void SetUp() override {
    int fds[2];
    ASSERT_EQ(pipe(fds), 0);
    victim = fork();
    if (victim == 0) {
      dup2(fds[1], STDOUT_FILENO);
      ::close(fds[0]);
      ::close(fds[1]);
      execl(MCPOOL_STDIO_VICTIM, MCPOOL_STDIO_VICTIM, nullptr);
      _exit(127);
    }
    ::close(fds[1]);
    auto in = fdopen(fds[0], "r");
    char line[64];
    // One line for the guard and three for processes of each of three servers.
    while (pids.size() < 12 && fgets(line, sizeof(line), in) != nullptr)
      pids.push_back(std::atoi(line));
    fclose(in);
    ASSERT_EQ(pids.size(), 12u);
  }

  // Leaves nothing, even if the test failed.
  void TearDown() override {
    std::set<pid_t> sessions;
    for (auto pid : pids)
      if (is_running(pid) && getsid(pid) != getsid(0))
        sessions.insert(getsid(pid));
    if (victim > 0)
      kill_victim();
    for (auto session : sessions)
      kill(-session, SIGKILL);
  }

  void kill_victim() {
    kill(victim, SIGKILL);
    waitpid(std::exchange(victim, -1), nullptr, 0);
  }

  pid_t victim = -1;
  std::vector<pid_t> pids;
};

} // namespace

TEST_F(StdioVictimTest, LeavesNoProcessWhenItIsKilled) {
  std::set<pid_t> sessions;
  for (auto pid : pids) {
    EXPECT_TRUE(is_running(pid));
    sessions.insert(getsid(pid));
  }
  EXPECT_EQ(sessions.size(), 4u);
  kill_victim();
  for (auto session : sessions)
    EXPECT_TRUE(eventually([=] { return members_of(session).empty(); }));
  for (auto pid : pids)
    EXPECT_FALSE(is_running(pid));
}

TEST_F(StdioVictimTest, LeavesNoProcessEvenIfItsGuardWasKilledBefore) {
  std::set<pid_t> sessions;
  for (auto pid : pids)
    sessions.insert(getsid(pid));
  auto others = children_of(victim);
  auto guard = pids.front();
  kill(guard, SIGKILL);
  EXPECT_TRUE(eventually([&] {
    auto now = children_of(victim);
    return state_of(guard) == 'X' && now.size() == others.size();
  }));
  std::this_thread::sleep_for(50ms); // Until it was told what there is.
  for (auto pid : children_of(victim))
    sessions.insert(getsid(pid));
  EXPECT_EQ(sessions.size(), 5u);
  kill_victim();
  for (auto session : sessions)
    EXPECT_TRUE(eventually([=] { return members_of(session).empty(); }));
}
