// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// The promises of the transport interface, kept by Streamable HTTP against
// servers that write exact bytes.

#include <mcpool/transport/streamable_http.hpp>

#include <mcpool/contract/processes.hpp>
#include <mcpool/contract/recording_listener.hpp>
#include <mcpool/contract/scripted_server.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/transport/unique_fd.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

using namespace mcpool;
using namespace mcpool::contract;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using transport::delivery;
using transport::outgoing;
using transport::outgoing_kind;
using steady = std::chrono::steady_clock;

namespace {

constexpr const char* json = "application/json";

std::string id_of(const http_seen& x) {
  auto messages = protocol::decode(shared_text{x.body});
  return messages && !messages->empty() ? messages->front().id.str()
                                        : std::string{};
}

std::string result_for(const http_seen& x, std::string_view result = "{}") {
  return cat(R"({"jsonrpc":"2.0","id":)", id_of(x), R"(,"result":)", result,
             "}");
}

std::string error_for(std::string_view id, std::string_view text) {
  return cat(R"({"jsonrpc":"2.0","id":)", id,
             R"(,"error":{"code":-32000,"message":")", text, R"("}})");
}

std::string event(std::string_view data, std::string_view id = {}) {
  return cat(id.empty() ? "" : cat("id: ", id, "\n"), "data: ", data, "\n\n");
}

std::string note(std::string_view method) {
  return cat(R"({"jsonrpc":"2.0","method":")", method, R"("})");
}

bool is(const http_seen& x, std::string_view method) {
  return x.body.find(cat("\"", method, "\"")) != std::string::npos;
}

outgoing request(std::int64_t id, std::string_view method = "tools/call") {
  return {protocol::encode_request(id, method, "{}"), outgoing_kind::request,
          id};
}

outgoing initialize(std::int64_t id) {
  return {protocol::encode_request(id, "initialize", "{}"),
          outgoing_kind::initialize, id};
}

outgoing notification(std::string_view method) {
  return {protocol::encode_notification(method), outgoing_kind::one_way, 0};
}

/// Counts the lost sessions too.
class counting_listener : public recording_listener {
public:
  void on_session_lost() override {
    ++losses;
    recording_listener::on_session_lost();
  }

  std::atomic<int> losses{0};
};

/// A part of the answers of a server; true if it took the request.
using part = std::function<bool(http_peer&, const http_seen&)>;

/// What a plain server answers: a session, JSON, no GET stream.
void answer_plainly(http_peer& peer, const http_seen& x) {
  if (x.method == "GET")
    peer.answer(405, "", "");
  else if (x.method == "DELETE")
    peer.answer(200, "", "");
  else if (is(x, "initialize"))
    peer.answer(200, json, result_for(x), "Mcp-Session-Id: s-1\r\n");
  else if (id_of(x).empty() || is(x, "result"))
    peer.answer(202, "", "");
  else
    peer.answer(200, json, result_for(x, R"({"plain":true})"));
}

class StreamableHttpTest : public ::testing::Test {
protected:
  StreamableHttpTest() {
    log::set_sink([this](log::level, std::string_view, std::string_view,
                         std::string_view text) {
      std::lock_guard guard{log_mutex};
      log_text.append(text).append("\n");
    });
    log::set_level(log::level::debug);
    config.name = server_name{"search"};
    config.transport = config::transport_kind::streamable_http;
    config.close_timeout = 500ms;
  }

  ~StreamableHttpTest() override {
    aut.reset();
    client.reset();
    loop.reset();
    log::set_sink(nullptr);
    log::set_level(log::level::warning);
    EXPECT_THAT(log_text, Not(HasSubstr("s-1"))) << "a session id is a secret";
  }

  void serve(part special) {
    server = std::make_unique<scripted_server>(
      [special = std::move(special)](http_peer& peer, const http_seen& x) {
        if (!special(peer, x))
          answer_plainly(peer, x);
      });
    config.url = server->url();
  }

  void serve() {
    serve([](auto&, auto&) { return false; });
  }

  // A server that answers requests like `tools/call` in its own way.
  void serve_calls(std::function<void(http_peer&, const http_seen&)> answer) {
    serve([answer](http_peer& peer, const http_seen& x) {
      if (!is(x, "tools/call"))
        return false;
      answer(peer, x);
      return true;
    });
  }

  // A plain server that does something before it answers `initialize`.
  void serve_initialize_after(std::function<void(http_peer&)> pause) {
    serve([pause = std::move(pause)](http_peer& peer, const http_seen& x) {
      if (is(x, "initialize"))
        pause(peer);
      return false;
    });
  }

  void make() {
    told = std::make_shared<counting_listener>();
    aut = transport::make_streamable_http(*loop, client, config, told);
    aut->open();
    ASSERT_TRUE(told->wait_open());
  }

  // Everything until the server has `initialize`, but not its answer.
  void begin_initialize() {
    make();
    aut->send(initialize(1));
    server->wait_seen("POST", 1);
  }

  // Everything up to the first request.
  void connect(std::string_view version = "2025-06-18") {
    make();
    aut->send(initialize(1));
    ASSERT_EQ(told->wait_messages(1).size(), 1u);
    aut->established(std::string{version});
    aut->send(notification("notifications/initialized"));
    server->wait_seen("POST", 2);
  }

  recording_listener::failure failure_of_call(std::int64_t id = 2) {
    aut->send(request(id));
    auto all = told->wait_failures(1);
    return all.empty() ? recording_listener::failure{} : all.front();
  }

  refusal close() {
    aut->close();
    return told->wait_closed();
  }

  std::vector<http_seen> calls() {
    auto all = server->seen("POST");
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](auto& x) { return !is(x, "tools/call"); }),
              all.end());
    return all;
  }

  std::unique_ptr<transport::io_loop> loop
    = std::make_unique<transport::io_loop>();
  std::shared_ptr<transport::http_client> client
    = std::make_shared<transport::http_client>(*loop);
  std::unique_ptr<scripted_server> server;
  config::server_config config;
  std::shared_ptr<counting_listener> told;
  std::shared_ptr<transport::transport> aut;
  std::mutex log_mutex;
  std::string log_text;
};

} // namespace

// -- headers ------------------------------------------------------------------

TEST_F(StreamableHttpTest, SendsInitializeWithoutSessionAndVersion) {
  serve();
  connect();
  auto seen = server->seen("POST").at(0);
  EXPECT_EQ(seen.field("content-type"), json);
  EXPECT_EQ(seen.field("accept"), "application/json, text/event-stream");
  EXPECT_EQ(seen.fields.count("mcp-session-id"), 0u);
  EXPECT_EQ(seen.fields.count("mcp-protocol-version"), 0u);
  EXPECT_EQ(seen.fields.count("origin"), 0u);
}

TEST_F(StreamableHttpTest, SendsSessionAndVersionAfterTheHandshake) {
  serve();
  connect("2025-11-25");
  aut->send(request(2));
  told->wait_messages(2);
  close();
  for (auto& x : server->seen())
    if (!is(x, "initialize")) {
      EXPECT_EQ(x.field("mcp-session-id"), "s-1") << x.method;
      EXPECT_EQ(x.field("mcp-protocol-version"), "2025-11-25") << x.method;
    }
}

TEST_F(StreamableHttpTest, SendsConfiguredHeadersButNeverInsteadOfItsOwn) {
  serve();
  config.headers["X-Team"] = secret{"blue"};
  config.headers["ACCEPT"] = secret{"text/html"};
  config.headers["mcp-session-id"] = secret{"mine"};
  config.headers["Bad\r\nName"] = secret{"x"};
  config.headers["X-Bad"] = secret{"a\r\nX-Evil: 1"};
  connect();
  aut->send(request(2));
  told->wait_messages(2);
  auto seen = calls().at(0);
  EXPECT_EQ(seen.field("x-team"), "blue");
  EXPECT_EQ(seen.field("accept"), "application/json, text/event-stream");
  EXPECT_EQ(seen.field("mcp-session-id"), "s-1");
  EXPECT_EQ(seen.fields.count("x-evil"), 0u);
  EXPECT_EQ(seen.fields.count("x-bad"), 0u);
}

TEST_F(StreamableHttpTest, IgnoresASessionIdThatIsNotVisibleAscii) {
  serve([](http_peer& peer, const http_seen& x) {
    if (!is(x, "initialize"))
      return false;
    return peer.answer(200, json, result_for(x), "Mcp-Session-Id: a b\r\n");
  });
  connect();
  aut->send(request(2));
  told->wait_messages(2);
  EXPECT_EQ(calls().at(0).fields.count("mcp-session-id"), 0u);
}

TEST_F(StreamableHttpTest, TakesTheSessionIdOnlyFromInitialize) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.answer(200, json, result_for(x), "Mcp-Session-Id: other\r\n");
  });
  connect();
  for (int id : {2, 3}) {
    aut->send(request(id));
    told->wait_messages(static_cast<std::size_t>(id));
  }
  EXPECT_EQ(calls().at(1).field("mcp-session-id"), "s-1");
}

// -- answers ------------------------------------------------------------------

TEST_F(StreamableHttpTest, ReadsAJsonAnswer) {
  serve();
  connect();
  aut->send(request(2));
  auto answer = told->wait_messages(2).at(1);
  EXPECT_EQ(answer.number, 2);
  EXPECT_EQ(answer.result.view(), R"({"plain":true})");
}

TEST_F(StreamableHttpTest, ReadsAnArrayOfMessages) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.answer(200, json, cat("[", note("a"), ",", result_for(x), "]"));
  });
  connect();
  aut->send(request(2));
  auto all = told->wait_messages(3);
  EXPECT_EQ(all.at(1).method, "a");
  EXPECT_EQ(all.at(2).number, 2);
}

TEST_F(StreamableHttpTest, ReadsAnEventStreamInAnyPieces) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; "
               "charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");
    auto text = cat(": hello\r\n\r\nevent: message\r\n", event(note("a")),
                    "event: ping\ndata: 1\n\n", event(result_for(x)));
    for (auto c : text)
      peer.write(cat("1\r\n", c, "\r\n"));
    peer.write("0\r\n\r\n");
  });
  connect();
  for (int id : {2, 3})
    aut->send(request(id));
  auto all = told->wait_messages(5);
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(all.at(1).method, "a");
  EXPECT_TRUE(told->wait_failures(0).empty());
}

TEST_F(StreamableHttpTest, DeliversEventsBeforeTheStreamEnds) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.begin_events();
    peer.write(event(note("a")));
    std::this_thread::sleep_for(50ms);
    peer.write(event(result_for(x)));
    peer.wait_gone();
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).at(1).method, "a");
  EXPECT_EQ(told->wait_messages(3).at(2).number, 2);
}

TEST_F(StreamableHttpTest, HangsUpOnAStreamThatGoesOnAfterTheAnswer) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.begin_events();
    peer.write(event(result_for(x)));
    peer.wait_gone();
    peer.close();
  });
  connect();
  auto before = server->connected();
  aut->send(request(2));
  told->wait_messages(2);
  EXPECT_TRUE(eventually([&] { return server->connected() <= before; }));
}

TEST_F(StreamableHttpTest, ReportsEventsThatAreNoMessages) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.begin_events();
    peer.write(cat(event("who are you?"), event(result_for(x))));
    peer.close();
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_noise(1).at(0), "who are you?");
  EXPECT_EQ(told->wait_messages(2).at(1).number, 2);
}

TEST_F(StreamableHttpTest, TellsAFloodOfEventsThatAreNoMessagesInPart) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    std::string flood;
    for (int i = 0; i < 10'000; ++i)
      flood += event("who are you?");
    peer.begin_events();
    peer.write(flood + event(result_for(x)));
    peer.close();
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).at(1).number, 2);
  EXPECT_LT(told->wait_noise(20).size(), 500u);
}

TEST_F(StreamableHttpTest, AnswersAHundredConcurrentRequests) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    std::this_thread::sleep_for(5ms);
    peer.answer(200, json, result_for(x));
  });
  connect();
  for (int id = 2; id < 102; ++id)
    aut->send(request(id));
  std::set<std::int64_t> ids;
  for (auto& x : told->wait_messages(101))
    ids.insert(x.number.value_or(0));
  EXPECT_EQ(ids.size(), 101u);
  EXPECT_TRUE(told->wait_failures(0).empty());
}

TEST_F(StreamableHttpTest, SurvivesKeptConnectionsThatTheServerCloses) {
  std::atomic<int> closed{0};
  serve_calls([&](http_peer& peer, const http_seen& x) {
    peer.answer(200, json, result_for(x));
    peer.close();
    ++closed;
  });
  connect();
  for (int i = 1; i <= 10; ++i) {
    aut->send(request(i + 1));
    EXPECT_EQ(told->wait_messages(i + 1u).size(), i + 1u);
    EXPECT_TRUE(eventually([&] { return closed == i; }));
  }
  EXPECT_EQ(calls().size(), 10u);
}

TEST_F(StreamableHttpTest, ClosesNoHttpConnectionBeforeItsTime) {
  serve();
  connect();
  server->wait_seen("GET", 1);
  aut->send(request(2));
  told->wait_messages(2);
  auto before = server->accepted();
  for (int id : {3, 4}) {
    aut->send(request(id));
    told->wait_messages(id);
  }
  EXPECT_EQ(server->accepted(), before) << "the same ones serve all requests";
  EXPECT_EQ(server->connected(), before);
  close();
  aut.reset();
  client.reset();
  loop.reset();
  EXPECT_TRUE(eventually([&] { return server->connected() == 0; }));
}

TEST_F(StreamableHttpTest, TakesAnySuccessForAOneWayMessage) {
  serve([](http_peer& peer, const http_seen& x) {
    if (!is(x, "notifications/progress"))
      return false;
    return peer.answer(200, json, R"({"jsonrpc":"2.0","result":{}})");
  });
  connect();
  aut->send(notification("notifications/progress"));
  server->wait_seen("POST", 3);
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).size(), 2u);
  EXPECT_THAT(log_text, Not(HasSubstr("HTTP 200")));
}

TEST_F(StreamableHttpTest, DoesNotWaitForABodyThatWasPromisedToNobody) {
  serve([](http_peer& peer, const http_seen& x) {
    if (!is(x, "notifications/initialized"))
      return false;
    return peer.write("HTTP/1.1 202 Accepted\r\n\r\n");
  });
  connect();
  auto begin = steady::now();
  aut->send(request(2));
  told->wait_messages(2);
  EXPECT_LT(steady::now() - begin, 1s);
}

// -- order --------------------------------------------------------------------

TEST_F(StreamableHttpTest, HoldsRequestsUntilInitializedWasAccepted) {
  std::atomic<bool> accepted{false};
  std::atomic<bool> overtaken{false};
  serve([&](http_peer& peer, const http_seen& x) {
    if (is(x, "notifications/initialized")) {
      std::this_thread::sleep_for(50ms);
      accepted = true;
    }
    if (is(x, "tools/call") && !accepted)
      overtaken = true;
    answer_plainly(peer, x);
    return true;
  });
  make();
  aut->send(initialize(1));
  told->wait_messages(1);
  aut->established("2025-06-18");
  aut->send(notification("notifications/initialized"));
  aut->send(request(2));
  aut->send(request(3));
  EXPECT_EQ(told->wait_messages(3).size(), 3u);
  EXPECT_FALSE(overtaken);
}

TEST_F(StreamableHttpTest, HoldsRequestsNoLongerThanTheHandshakeMayTake) {
  config.init_timeout = 100ms;
  serve([](http_peer& peer, const http_seen& x) {
    if (is(x, "notifications/initialized"))
      peer.wait_gone();
    answer_plainly(peer, x);
    return true;
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).size(), 2u);
}

TEST_F(StreamableHttpTest, ForgetsARequestThatIsHeld) {
  serve([](http_peer& peer, const http_seen& x) {
    if (is(x, "notifications/initialized"))
      std::this_thread::sleep_for(50ms);
    answer_plainly(peer, x);
    return true;
  });
  connect();
  aut->send(request(2));
  aut->forget(2);
  aut->send(request(3));
  EXPECT_EQ(told->wait_messages(2).at(1).number, 3);
  EXPECT_EQ(calls().size(), 1u);
}

// -- failures -----------------------------------------------------------------

namespace {

struct bad_answer {
  int status;
  const char* type;
  const char* body;
  const char* fields;
  errc code;
  delivery sent;
  const char* text;
};

class StreamableHttpBadAnswerTest
  : public StreamableHttpTest,
    public ::testing::WithParamInterface<bad_answer> {};

const bad_answer bad_answers[] = {
  {401, "text/plain", "who?", "", errc::needs_login, delivery::not_sent,
   "HTTP 401: who?"},
  {403, json, "{}", "", errc::not_allowed, delivery::not_sent, "HTTP 403"},
  {400, "text/plain", "no", "", errc::protocol_violation, delivery::not_sent,
   "HTTP 400: no"},
  {413, "", "", "", errc::payload_too_large, delivery::not_sent, "HTTP 413"},
  {429, "", "", "Retry-After: 7\r\n", errc::busy, delivery::not_sent,
   "HTTP 429"},
  {500, "text/html", "<h1>Oops</h1>", "", errc::connect_failed,
   delivery::maybe_sent, "HTTP 500: <h1>Oops</h1>"},
  {502, "", "", "", errc::connect_failed, delivery::maybe_sent, "HTTP 502"},
  {503, "", "", "Retry-After: 7\r\n", errc::busy, delivery::not_sent,
   "HTTP 503"},
  {200, "text/html", "<h1>Hello</h1>\n\x01", "", errc::protocol_violation,
   delivery::maybe_sent,
   "text/html, which is neither JSON nor an event "
   "stream: <h1>Hello</h1> ?"},
  {200, json, "{\"half\":", "", errc::protocol_violation, delivery::maybe_sent,
   "{\"half\":"},
  {200, json, "[]", "", errc::protocol_violation, delivery::maybe_sent,
   "no JSON-RPC"},
  {200, json, R"({"jsonrpc":"2.0","id":99,"result":{}})", "",
   errc::protocol_violation, delivery::maybe_sent, "without the answer"},
  {200, json,
   R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"why not"}})", "",
   errc::protocol_violation, delivery::maybe_sent, "why not"},
  {202, "", "", "", errc::protocol_violation, delivery::maybe_sent,
   "HTTP 202 without the answer"},
  {200, "text/event-stream", "data: 1\n\n", "", errc::connection_lost,
   delivery::maybe_sent, "without the answer"},
  {302, "", "", "Location: /login\r\n", errc::connect_failed,
   delivery::not_sent, "/login"},
  {307, "", "", "Location: http://localhost:1/x\r\n", errc::connect_failed,
   delivery::not_sent, "http://localhost:1/x"},
};

} // namespace

TEST_P(StreamableHttpBadAnswerTest, FailsTheRequest) {
  auto& bad = GetParam();
  serve_calls([bad](http_peer& peer, const http_seen&) {
    peer.answer(bad.status, bad.type, bad.body, bad.fields);
  });
  connect();
  auto got = failure_of_call();
  EXPECT_EQ(got.id, 2);
  EXPECT_EQ(got.why.code, bad.code) << got.why.text;
  EXPECT_EQ(got.sent, bad.sent);
  EXPECT_THAT(got.why.text, HasSubstr(bad.text));
  EXPECT_THAT(got.why.text, HasSubstr("search: "));
  EXPECT_FALSE(told->was_unreachable()) << "whoever answers is there";
  auto asks_to_wait = bad.fields == std::string_view{"Retry-After: 7\r\n"};
  EXPECT_EQ(got.why.retry_after.value_or(0s), asks_to_wait ? 7s : 0s);
  EXPECT_EQ(told->losses, 0);
}

INSTANTIATE_TEST_SUITE_P(All, StreamableHttpBadAnswerTest,
                         ::testing::ValuesIn(bad_answers));

TEST_F(StreamableHttpTest, DeliversAJsonRpcErrorWithItsIdOfABadStatus) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    peer.answer(400, json, error_for(id_of(x), "bad params"));
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).at(1).error.message, "bad params");
  EXPECT_TRUE(told->wait_failures(0).empty());
}

TEST_F(StreamableHttpTest, RefusesABodyThatIsTooLong) {
  config.max_message_bytes = 10'000;
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.write(cat("HTTP/1.1 200 OK\r\nContent-Type: ", json, "\r\n\r\n"));
    while (peer.write(std::string(4096, ' ')))
      ;
  });
  connect();
  auto got = failure_of_call();
  EXPECT_EQ(got.why.code, errc::payload_too_large);
  EXPECT_THAT(got.why.text, HasSubstr("10000"));
}

TEST_F(StreamableHttpTest, RefusesAnEventThatIsTooLong) {
  config.max_message_bytes = 10'000;
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.begin_events();
    peer.write("data: ");
    while (peer.write(std::string(4096, 'x')))
      ;
  });
  connect();
  EXPECT_EQ(failure_of_call().why.code, errc::payload_too_large);
}

TEST_F(StreamableHttpTest, ReadsOnlyTheBeginningOfAnEndlessErrorPage) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\n");
    while (peer.write(std::string(4096, 'x')))
      ;
  });
  connect();
  auto got = failure_of_call();
  EXPECT_EQ(got.why.code, errc::connect_failed);
  EXPECT_LT(got.why.text.size(), 400u);
}

TEST_F(StreamableHttpTest, FailsWhenTheConnectionIsRefused) {
  serve();
  server->stop_listening();
  make();
  aut->send(initialize(1));
  auto got = told->wait_failures(1).at(0);
  EXPECT_EQ(got.why.code, errc::connect_failed);
  EXPECT_EQ(got.sent, delivery::not_sent);
  EXPECT_THAT(got.why.text, HasSubstr("Connection refused"));
  EXPECT_TRUE(told->was_unreachable());
  EXPECT_FALSE(told->was_closed());
}

// Its queue of connections is full: the kernel answers no further one.
/// A port that nobody accepts connections at, as if the host were gone.
class BlackHoleTest : public StreamableHttpTest {
protected:
  BlackHoleTest() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listening_.get(), any, size), 0);
    EXPECT_EQ(::listen(listening_.get(), 0), 0);
    EXPECT_EQ(::getsockname(listening_.get(), any, &size), 0);
    for (int i = 0; i < 4; ++i) {
      queue_.emplace_back(
        ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(queue_.back().get(), any, size);
    }
    config.url = cat("http://127.0.0.1:", ntohs(address.sin_port), "/mcp");
  }

  void expect_unreachable() {
    make();
    aut->send(initialize(1));
    EXPECT_EQ(told->wait_failures(1).at(0).why.code, errc::connect_timeout);
    EXPECT_TRUE(told->was_unreachable());
  }

private:
  transport::unique_fd listening_{
    ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::vector<transport::unique_fd> queue_;
};

TEST_F(BlackHoleTest, CannotBeReached) {
  config.connect_timeout = 200ms;
  expect_unreachable();
}

TEST_F(BlackHoleTest, IsFoundOutBeforeTheStartHasToEndRegression) {
  config.init_timeout = 500ms;
  auto begin = steady::now();
  expect_unreachable();
  EXPECT_LT(steady::now() - begin, config.connect_timeout / 2);
}

TEST_F(StreamableHttpTest, FailsOnAnAddressThatIsNoWebAddress) {
  config.url = "ftp://127.0.0.1/mcp";
  make();
  aut->send(initialize(1));
  EXPECT_EQ(told->wait_failures(1).at(0).why.code, errc::invalid_config);
  EXPECT_EQ(close().code, errc::cancelled);
}

TEST_F(StreamableHttpTest, FailsWhenTheAnswerIsCut) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    if (id_of(x) == "2")
      peer.write(cat("HTTP/1.1 200 OK\r\nContent-Type: ", json,
                     "\r\nContent-Length: 99\r\n\r\n{"));
    peer.reset();
  });
  connect();
  for (int id : {2, 3})
    aut->send(request(id));
  for (auto& x : told->wait_failures(2)) {
    EXPECT_EQ(x.why.code, errc::connection_lost) << x.why.text;
    EXPECT_EQ(x.sent, delivery::maybe_sent);
  }
}

TEST_F(StreamableHttpTest, RefusesMoreExchangesThanItMayHave) {
  serve_calls([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  connect();
  outgoing big = request(2);
  big.text = shared_text{std::string(60 * 1024 * 1024, ' ')};
  aut->send(big);
  big.request_id = 3;
  aut->send(big);
  auto got = told->wait_failures(1).at(0);
  EXPECT_EQ(got.id, 3);
  EXPECT_EQ(got.why.code, errc::busy);
  EXPECT_EQ(got.sent, delivery::not_sent);
}

TEST_F(StreamableHttpTest, ForgettingARequestFreesItsConnection) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.wait_gone();
    peer.close();
  });
  connect();
  ASSERT_TRUE(eventually([this] { return server->seen("GET").size() == 1; }));
  auto before = server->connected();
  aut->send(request(2));
  EXPECT_TRUE(eventually([&] { return calls().size() == 1; }));
  aut->forget(2);
  aut->forget(77);
  EXPECT_TRUE(eventually([&] { return server->connected() < before + 1; }));
  EXPECT_EQ(told->messages().size(), 1u);
  EXPECT_TRUE(told->wait_failures(0).empty());
}

// -- lost sessions ------------------------------------------------------------

TEST_F(StreamableHttpTest, TellsOnceThatTheSessionIsLost) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    if (id_of(x) == "2")
      peer.answer(404, json, error_for("null", "Session not found"));
    else
      peer.answer(400, json,
                  error_for("null", "Bad Request: No valid session ID"));
  });
  connect();
  for (int id : {2, 3})
    aut->send(request(id));
  for (auto& x : told->wait_failures(2)) {
    EXPECT_EQ(x.why.code, errc::connection_lost) << x.why.text;
    EXPECT_EQ(x.sent, delivery::not_sent);
  }
  EXPECT_EQ(told->losses, 1);
}

TEST_F(StreamableHttpTest, TakesA400ThatNamesTheSessionAsItsLoss) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.answer(400, json, error_for("null", "No valid session ID provided"));
  });
  connect();
  EXPECT_EQ(failure_of_call().why.code, errc::connection_lost);
  EXPECT_EQ(told->losses, 1);
}

TEST_F(StreamableHttpTest, TakesA404WithoutSessionAsAnOrdinaryFailure) {
  serve([](http_peer& peer, const http_seen& x) {
    if (is(x, "initialize"))
      return peer.answer(200, json, result_for(x));
    if (is(x, "tools/call"))
      return peer.answer(404, json, error_for("null", "Session not found"));
    return false;
  });
  connect();
  EXPECT_EQ(failure_of_call().why.code, errc::connect_failed);
  EXPECT_EQ(told->losses, 0);
}

TEST_F(StreamableHttpTest, RefusesRequestsOfALostSessionUntilANewOne) {
  std::atomic<int> sessions{0};
  serve([&](http_peer& peer, const http_seen& x) {
    if (is(x, "initialize"))
      return peer.answer(200, json, result_for(x),
                         cat("Mcp-Session-Id: id-", ++sessions, "\r\n"));
    if (is(x, "tools/call") && x.field("mcp-session-id") == "id-1")
      return peer.answer(404, "", "");
    return false;
  });
  connect();
  failure_of_call();
  aut->send(request(3));
  EXPECT_EQ(told->wait_failures(2).at(1).id, 3);
  EXPECT_EQ(calls().size(), 1u);

  aut->send(initialize(4));
  told->wait_messages(2);
  aut->established("2025-06-18");
  aut->send(notification("notifications/initialized"));
  aut->send(request(5));
  EXPECT_EQ(told->wait_messages(3).at(2).number, 5);
  EXPECT_EQ(calls().at(1).field("mcp-session-id"), "id-2");
  close();
  auto deleted = server->seen("DELETE");
  ASSERT_EQ(deleted.size(), 1u);
  EXPECT_EQ(deleted.at(0).field("mcp-session-id"), "id-2");
  EXPECT_EQ(told->losses, 1);
}

TEST_F(StreamableHttpTest, EndsTheSessionThatANewInitializeReplaces) {
  std::atomic<int> sessions{0};
  serve([&](http_peer& peer, const http_seen& x) {
    if (!is(x, "initialize"))
      return false;
    EXPECT_EQ(x.fields.count("mcp-session-id"), 0u);
    EXPECT_EQ(x.fields.count("mcp-protocol-version"), 0u);
    return peer.answer(200, json, result_for(x),
                       cat("Mcp-Session-Id: id-", ++sessions, "\r\n"));
  });
  connect();
  aut->send(initialize(2));
  told->wait_messages(2);
  auto deleted = server->wait_seen("DELETE", 1);
  EXPECT_EQ(deleted.at(0).field("mcp-session-id"), "id-1");
}

// -- the GET stream -----------------------------------------------------------

TEST_F(StreamableHttpTest, ReadsServerRequestsFromTheGetStream) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.method != "GET")
      return false;
    peer.begin_events();
    peer.write(event(R"({"jsonrpc":"2.0","id":"a","method":"ping"})"));
    peer.wait_gone();
    return true;
  });
  connect();
  auto got = told->wait_messages(2).at(1);
  EXPECT_EQ(got.kind, protocol::message_kind::request);
  EXPECT_EQ(got.method, "ping");
  aut->send(
    {protocol::encode_result(got.id.view(), "{}"), outgoing_kind::one_way, 0});
  EXPECT_EQ(server->wait_seen("POST", 3).size(), 3u);
  auto get = server->seen("GET").at(0);
  EXPECT_EQ(get.field("accept"), "text/event-stream");
  EXPECT_EQ(get.fields.count("content-type"), 0u);
  EXPECT_EQ(get.fields.count("last-event-id"), 0u);
}

namespace {

class StreamableHttpNoStreamTest
  : public StreamableHttpTest,
    public ::testing::WithParamInterface<std::pair<int, const char*>> {};

const std::pair<int, const char*> no_stream[]
  = {{405, ""},          {404, "text/html"}, {400, "application/json"},
     {501, ""},          {200, "text/html"}, {200, "application/json"},
     {401, "text/html"}, {204, ""}};

} // namespace

TEST_P(StreamableHttpNoStreamTest, IsNoErrorAndNotAskedAgain) {
  auto [status, type] = GetParam();
  serve([status = status, type = type](http_peer& peer, const http_seen& x) {
    if (x.method != "GET")
      return false;
    return peer.answer(status, type, error_for("null", "no session"));
  });
  connect();
  EXPECT_EQ(server->wait_seen("GET", 1).size(), 1u);
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(2).size(), 2u);
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(server->seen("GET").size(), 1u);
  EXPECT_EQ(told->losses, 0);
  EXPECT_TRUE(told->wait_failures(0).empty());
}

INSTANTIATE_TEST_SUITE_P(All, StreamableHttpNoStreamTest,
                         ::testing::ValuesIn(no_stream));

TEST_F(StreamableHttpTest, OpensAGetStreamThatEndsAgainAfterRetry) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.method != "GET")
      return false;
    peer.begin_events();
    peer.write("retry: 100\nid: e-7\ndata:\n\n");
    peer.close();
    return true;
  });
  connect();
  auto seen = server->wait_seen("GET", 3);
  ASSERT_GE(seen.size(), 3u);
  EXPECT_EQ(seen.at(1).field("last-event-id"), "e-7");
  EXPECT_GE(seen.at(1).at - seen.at(0).at, 100ms);
  EXPECT_GE(seen.at(2).at - seen.at(1).at, 100ms);
  EXPECT_LT(seen.at(1).at - seen.at(0).at, 500ms);
}

TEST_F(StreamableHttpTest, OpensASilentGetStreamAgain) {
  config.stream_idle_timeout = 100ms;
  serve([](http_peer& peer, const http_seen& x) {
    if (x.method != "GET")
      return false;
    peer.begin_events();
    peer.write("retry: 1\ndata:\n\n");
    peer.wait_gone();
    peer.close();
    return true;
  });
  connect();
  EXPECT_GE(server->wait_seen("GET", 2).size(), 2u);
}

TEST_F(StreamableHttpTest, GivesAGetStreamUpAfterTwoFailuresInARow) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.method != "GET")
      return false;
    if (x.field("last-event-id").empty()) {
      peer.begin_events();
      peer.write("retry: 1\nid: 1\ndata:\n\n");
      peer.close();
      return true;
    }
    return peer.answer(500, "", "");
  });
  connect();
  EXPECT_EQ(server->wait_seen("GET", 3).size(), 3u);
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(server->seen("GET").size(), 3u);
}

TEST_F(StreamableHttpTest, ClosesTheGetStreamOfALostSession) {
  std::atomic<bool> gone{false};
  serve([&](http_peer& peer, const http_seen& x) {
    if (x.method == "GET") {
      peer.begin_events();
      peer.wait_gone();
      gone = true;
      return true;
    }
    return is(x, "tools/call") && peer.answer(404, "", "");
  });
  connect();
  server->wait_seen("GET", 1);
  failure_of_call();
  EXPECT_TRUE(eventually([&] { return gone.load(); }));
}

TEST_F(StreamableHttpTest, OpensTheGetStreamWithoutAFirstNotificationToo) {
  serve();
  make();
  aut->send(initialize(1));
  told->wait_messages(1);
  aut->established("2025-06-18");
  EXPECT_EQ(server->wait_seen("GET", 1).size(), 1u);
}

// -- resumption ---------------------------------------------------------------

TEST_F(StreamableHttpTest, ResumesAnAnswerNoEarlierThanTheServerAsked) {
  serve([](http_peer& peer, const http_seen& x) {
    if (is(x, "tools/call")) {
      peer.begin_events();
      peer.write("id: c-1\nretry: 150\ndata:\n\n");
      peer.close();
      return true;
    }
    if (x.field("last-event-id") != "c-1")
      return false;
    peer.begin_events();
    peer.write(event(R"({"jsonrpc":"2.0","id":2,"result":{"late":1}})"));
    peer.wait_gone();
    peer.close();
    return true;
  });
  connect();
  server->wait_seen("GET", 1);
  aut->send(request(2));
  auto answer = told->wait_messages(2).at(1);
  EXPECT_EQ(answer.result.view(), R"({"late":1})");
  auto seen = server->seen("GET").at(1);
  EXPECT_EQ(seen.field("last-event-id"), "c-1");
  EXPECT_EQ(seen.field("mcp-session-id"), "s-1");
  EXPECT_GE(seen.at - calls().at(0).at, 150ms);
  EXPECT_LT(seen.at - calls().at(0).at, 600ms);
  EXPECT_EQ(calls().size(), 1u);
}

TEST_F(StreamableHttpTest, ResumesAnAnswerThatBreaksAgainAndAgain) {
  std::atomic<int> step{0};
  serve([&](http_peer& peer, const http_seen& x) {
    auto resumed = !x.field("last-event-id").empty();
    if (!is(x, "tools/call") && !resumed)
      return false;
    peer.begin_events();
    auto n = ++step;
    if (n == 4)
      peer.write(event(R"({"jsonrpc":"2.0","id":2,"result":{}})"));
    else
      peer.write(cat("retry: 1\n", event(note("a"), cat("e-", n))));
    std::this_thread::sleep_for(10ms);
    peer.reset();
    return true;
  });
  connect();
  aut->send(request(2));
  EXPECT_EQ(told->wait_messages(5).back().number, 2);
  EXPECT_EQ(server->seen("GET").back().field("last-event-id"), "e-3");
}

TEST_F(StreamableHttpTest, FailsAnAnswerThatCannotBeResumed) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.begin_events();
    peer.write("id: c-1\nretry: 1\ndata:\n\n");
    peer.close();
  });
  connect();
  auto got = failure_of_call();
  EXPECT_EQ(got.why.code, errc::connection_lost);
  EXPECT_EQ(got.sent, delivery::maybe_sent);
  EXPECT_THAT(got.why.text, HasSubstr("HTTP 405"));
}

TEST_F(StreamableHttpTest, FailsAnAnswerThatBreaksWithoutAnEventId) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.begin_events();
    peer.write(event(note("a")));
    std::this_thread::sleep_for(10ms);
    peer.reset();
  });
  connect();
  auto got = failure_of_call();
  EXPECT_EQ(got.why.code, errc::connection_lost);
  EXPECT_EQ(got.sent, delivery::maybe_sent);
}

TEST_F(StreamableHttpTest, ForgetsARequestThatWaitsForItsResumption) {
  serve_calls([](http_peer& peer, const http_seen&) {
    peer.begin_events();
    peer.write("id: c-1\nretry: 100\ndata:\n\n");
    peer.close();
  });
  connect();
  server->wait_seen("GET", 1);
  aut->send(request(2));
  EXPECT_TRUE(eventually([&] { return calls().size() == 1; }));
  std::this_thread::sleep_for(20ms);
  aut->forget(2);
  std::this_thread::sleep_for(350ms);
  EXPECT_EQ(server->seen("GET").size(), 1u);
  EXPECT_TRUE(told->wait_failures(0).empty());
}

// -- the end ------------------------------------------------------------------

TEST_F(StreamableHttpTest, EndsTheSessionWithOneDelete) {
  serve();
  connect();
  auto why = close();
  EXPECT_EQ(why.code, errc::cancelled);
  aut->close();
  aut.reset();
  std::this_thread::sleep_for(20ms);
  auto seen = server->seen("DELETE");
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen.at(0).field("mcp-session-id"), "s-1");
}

TEST_F(StreamableHttpTest, TakesARefusedDeleteForAnEnd) {
  for (auto status : {405, 404, 204, 500}) {
    serve([status](http_peer& peer, const http_seen& x) {
      return x.method == "DELETE" && peer.answer(status, "", "");
    });
    connect();
    EXPECT_EQ(close().code, errc::cancelled);
  }
}

TEST_F(StreamableHttpTest, LogsThatTheServerMayHaveKeptTheSession) {
  serve([](http_peer& peer, const http_seen& x) {
    return x.method == "DELETE" && peer.answer(500, "", "");
  });
  connect();
  close();
  std::lock_guard guard{log_mutex};
  EXPECT_THAT(log_text, HasSubstr("did not confirm the end of the session: "
                                  "HTTP 500"));
}

TEST_F(StreamableHttpTest, SendsNoDeleteWithoutASession) {
  serve([](http_peer& peer, const http_seen& x) {
    return is(x, "initialize") && peer.answer(200, json, result_for(x));
  });
  connect();
  close();
  EXPECT_TRUE(server->seen("DELETE").empty());
}

TEST_F(StreamableHttpTest, SendsNoDeleteForALostSession) {
  serve_calls(
    [](http_peer& peer, const http_seen&) { peer.answer(404, "", ""); });
  connect();
  failure_of_call();
  close();
  EXPECT_TRUE(server->seen("DELETE").empty());
}

TEST_F(StreamableHttpTest, WaitsForDeleteNoLongerThanTheCloseTimeout) {
  config.close_timeout = 100ms;
  serve([](http_peer& peer, const http_seen& x) {
    if (x.method == "DELETE")
      peer.wait_gone();
    return x.method == "DELETE";
  });
  connect();
  auto begin = steady::now();
  close();
  EXPECT_LT(steady::now() - begin, 1s);
}

TEST_F(StreamableHttpTest, DeliversOneWayMessagesBeforeItCloses) {
  std::atomic<bool> accepted{false};
  serve([&](http_peer&, const http_seen& x) {
    if (is(x, "notifications/cancelled")) {
      std::this_thread::sleep_for(50ms);
      accepted = true;
    }
    EXPECT_TRUE(accepted || x.method != "DELETE");
    return false;
  });
  connect();
  aut->send(notification("notifications/cancelled"));
  close();
  EXPECT_TRUE(accepted);
}

TEST_F(StreamableHttpTest, AbortsRunningRequestsWhenItCloses) {
  serve_calls([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  connect();
  aut->send(request(2));
  EXPECT_TRUE(eventually([&] { return calls().size() == 1; }));
  auto begin = steady::now();
  close();
  EXPECT_LT(steady::now() - begin, 400ms);
  EXPECT_EQ(server->seen("DELETE").size(), 1u);
}

TEST_F(StreamableHttpTest, SaysNothingAfterTheEnd) {
  serve_calls([](http_peer& peer, const http_seen& x) {
    std::this_thread::sleep_for(1ms);
    peer.answer(200, json, result_for(x));
  });
  connect();
  for (int id = 2; id < 40; ++id)
    aut->send(request(id));
  close(); // the listener fails the test for anything that comes later
  aut->send(request(50));
  aut->send(notification("a"));
  aut->forget(50);
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(told->was_closed());
}

TEST_F(StreamableHttpTest, EndsTheSessionOfAnInitializeThatStillRuns) {
  serve_initialize_after(
    [](http_peer&) { std::this_thread::sleep_for(100ms); });
  begin_initialize();
  EXPECT_EQ(close().code, errc::cancelled);
  EXPECT_EQ(server->seen("DELETE").size(), 1u);
  EXPECT_TRUE(told->messages().empty());
}

TEST_F(StreamableHttpTest, EndsTheSessionOfAForgottenInitialize) {
  serve([](http_peer& peer, const http_seen& x) {
    if (!is(x, "initialize"))
      return false;
    std::this_thread::sleep_for(50ms);
    peer.begin_events("Mcp-Session-Id: s-1\r\n");
    peer.wait_gone();
    return true;
  });
  begin_initialize();
  aut->forget(1);
  EXPECT_EQ(server->wait_seen("DELETE", 1).size(), 1u);
}

TEST_F(StreamableHttpTest, WaitsForAnInitializeNoLongerThanTheCloseTimeout) {
  config.close_timeout = 100ms;
  serve_initialize_after([](http_peer& peer) { peer.wait_gone(); });
  begin_initialize();
  auto begin = steady::now();
  EXPECT_EQ(close().code, errc::cancelled);
  EXPECT_LT(steady::now() - begin, 1s);
}

TEST_F(StreamableHttpTest, EndsTheSessionOfAnInitializeAnsweredAfterTheEnd) {
  config.close_timeout = 50ms;
  serve_initialize_after(
    [](http_peer&) { std::this_thread::sleep_for(400ms); });
  begin_initialize();
  EXPECT_EQ(close().code, errc::cancelled);
  EXPECT_TRUE(server->seen("DELETE").empty());
  EXPECT_EQ(server->wait_seen("DELETE", 1).size(), 1u);
}

TEST_F(StreamableHttpTest, AnInitializeThatRunsDoesNotHoldUpTheEndOfTheLoop) {
  config.close_timeout = 50ms;
  serve_initialize_after([](http_peer& peer) { peer.wait_gone(); });
  begin_initialize();
  close();
  auto begin = steady::now();
  aut.reset();
  client.reset();
  loop.reset();
  EXPECT_LT(steady::now() - begin, 1s);
}

TEST_F(StreamableHttpTest, EndsTheSessionWhenTheLastHandleGoes) {
  serve();
  connect();
  std::weak_ptr<counting_listener> watched = told;
  told.reset();
  aut.reset();
  EXPECT_EQ(server->wait_seen("DELETE", 1).size(), 1u);
  EXPECT_TRUE(eventually([&] { return watched.expired(); }));
}

TEST_F(StreamableHttpTest, TheLoopWaitsForTheEndOfSessions) {
  serve();
  connect();
  aut.reset();
  client.reset();
  loop.reset();
  EXPECT_EQ(server->seen("DELETE").size(), 1u);
}

TEST_F(StreamableHttpTest, ClosesWithoutHavingConnected) {
  serve();
  make();
  EXPECT_EQ(close().code, errc::cancelled);
  EXPECT_EQ(server->accepted(), 0);
}
