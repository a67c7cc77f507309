// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_client.hpp>

#include <mcpool/contract/processes.hpp>
#include <mcpool/contract/scripted_server.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/transport/unique_fd.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::contract;
using namespace mcpool::transport;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using steady = std::chrono::steady_clock;

namespace {

/// Keeps what the client tells.
class recording_handler : public http_handler {
public:
  void on_head(const http_head& head) override {
    std::lock_guard guard{mutex_};
    EXPECT_EQ(status, 0) << "one head per exchange";
    status = head.status();
    changed_.notify_all();
  }

  http_flow on_body(std::string_view bytes) override {
    std::lock_guard guard{mutex_};
    EXPECT_NE(status, 0) << "the head comes first";
    changed_.notify_all();
    body += bytes;
    return body.size() > stop_after ? http_flow::stop : http_flow::more;
  }

  void on_done(const http_outcome& x) override {
    std::lock_guard guard{mutex_};
    EXPECT_FALSE(outcome) << "one end per exchange";
    outcome = x;
    changed_.notify_all();
  }

  template <class F>
  bool wait(F done) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, 20s, done);
  }

  http_outcome wait_done() {
    EXPECT_TRUE(wait([this] { return outcome.has_value(); }));
    return outcome.value_or(http_outcome{});
  }

  int status = 0;
  std::string body;
  std::optional<http_outcome> outcome;
  std::size_t stop_after = ~std::size_t{0};

private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

using handler_ptr = std::shared_ptr<recording_handler>;

/// Has no memory for one of its calls.
class failing_handler : public recording_handler {
public:
  enum class call { head, body, done };

  explicit failing_handler(call where) : where_(where) {}

  void on_head(const http_head& head) override {
    recording_handler::on_head(head);
    fail(call::head);
  }

  http_flow on_body(std::string_view bytes) override {
    fail(call::body);
    return recording_handler::on_body(bytes);
  }

  void on_done(const http_outcome& x) override {
    recording_handler::on_done(x);
    fail(call::done);
  }

private:
  void fail(call where) const {
    if (where == where_)
      throw std::bad_alloc{};
  }

  call where_;
};

class HttpClientTest : public ::testing::Test {
protected:
  ~HttpClientTest() override {
    aut.reset();
    loop.reset();
  }

  void serve(scripted_server::handler answer) {
    server = std::make_unique<scripted_server>(std::move(answer));
    url = server->url();
  }

  http_request request(std::string body = "{}") {
    http_request out;
    auto target = http_target::make(url, fields, connect_timeout);
    EXPECT_TRUE(target);
    out.target = *target;
    out.body = shared_text{std::move(body)};
    return out;
  }

  // Runs `f` on the loop and waits for it.
  void on_loop(std::function<void()> f) {
    std::promise<void> done;
    loop->post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  http_client::exchange_id start(http_request x, handler_ptr handler) {
    http_client::exchange_id out = 0;
    on_loop([&] { out = aut->start(std::move(x), handler); });
    return out;
  }

  http_outcome exchange(http_request x) {
    got = std::make_shared<recording_handler>();
    start(std::move(x), got);
    return got->wait_done();
  }

  http_outcome exchange() { return exchange(request()); }

  std::unique_ptr<io_loop> loop = std::make_unique<io_loop>();
  std::unique_ptr<http_client> aut = std::make_unique<http_client>(*loop);
  std::unique_ptr<scripted_server> server;
  std::string url;
  std::vector<http_field> fields;
  duration connect_timeout = 5s;
  handler_ptr got;
};

void say_hello(http_peer& peer, const http_seen&) {
  peer.answer(200, "text/plain", "hello");
}

/// A socket that listens and never accepts, with its queue full.
class deaf_listener {
public:
  deaf_listener() {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address_);
    ::bind(fd_, reinterpret_cast<sockaddr*>(&address_), size);
    ::listen(fd_, 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address_), &size);
    for (int i = 0; i < 4; ++i) {
      auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      ::connect(fd, reinterpret_cast<sockaddr*>(&address_), size);
      queue_.push_back(fd);
    }
  }

  ~deaf_listener() {
    for (auto fd : queue_)
      ::close(fd);
    ::close(fd_);
  }

  int port() const { return ntohs(address_.sin_port); }

private:
  int fd_;
  sockaddr_in address_{};
  std::vector<int> queue_;
};

} // namespace

// -- requests and answers -----------------------------------------------------

TEST_F(HttpClientTest, PostsTheBodyAndReadsTheAnswer) {
  serve(say_hello);
  fields = {{"X-Team", secret{"blue"}}, {"X-Empty", secret{""}}};
  auto end = exchange(request("{\"a\":1}"));
  EXPECT_EQ(end.how, http_outcome::ending::complete);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "hello");
  auto seen = server->seen().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.body, "{\"a\":1}");
  EXPECT_EQ(seen.field("x-team"), "blue");
  EXPECT_EQ(seen.fields.count("x-empty"), 1u);
}

TEST_F(HttpClientTest, UsesNoOldConnectionsOfAServerThatDoesNotAnswer) {
  std::atomic<int> arrived{0};
  serve([&](http_peer& peer, const http_seen& x) {
    if (x.body == "silent")
      return peer.wait_gone();
    auto limit = steady::now() + 10s;
    for (++arrived; arrived < 2 && steady::now() < limit;)
      std::this_thread::sleep_for(1ms);
    peer.answer(200, "text/plain", "hello");
  });
  auto one = std::make_shared<recording_handler>();
  auto other = std::make_shared<recording_handler>();
  start(request(), one);
  start(request(), other);
  one->wait_done();
  other->wait_done();
  auto silent = request("silent");
  silent.tries = true;
  auto id = start(silent, std::make_shared<recording_handler>());
  EXPECT_LE(server->wait_seen("POST", 3).back().connection, 2);
  on_loop([&] { aut->cancel(id); });
  auto used = 0;
  for (auto pause : {0ms, 100ms, 1100ms}) {
    std::this_thread::sleep_for(pause);
    exchange();
    used = server->seen().back().connection;
    EXPECT_GT(used, 2);
  }
  std::this_thread::sleep_for(1s);
  exchange();
  EXPECT_EQ(server->seen().back().connection, used) << "it is kept again";
}

TEST_F(HttpClientTest, SendsGetAndDeleteWithoutABody) {
  serve(say_hello);
  for (auto method : {http_method::get, http_method::delete_, http_method::post,
                      http_method::get}) {
    auto x = request();
    x.method = method;
    exchange(x);
  }
  auto seen = server->seen();
  EXPECT_EQ(seen.at(0).method, "GET");
  EXPECT_EQ(seen.at(1).method, "DELETE");
  EXPECT_EQ(seen.at(2).method, "POST");
  EXPECT_EQ(seen.at(3).method, "GET");
  EXPECT_EQ(seen.at(1).body, "");
  EXPECT_EQ(seen.at(2).body, "{}");
  EXPECT_EQ(seen.at(3).body, "");
}

TEST_F(HttpClientTest, NeverAsksForPermissionToSendABigBody) {
  serve(say_hello);
  std::string big(3 * 1024 * 1024, 'x');
  exchange(request(big));
  EXPECT_EQ(server->seen().at(0).body.size(), big.size());
  EXPECT_EQ(server->seen().at(0).fields.count("expect"), 0u);
}

TEST_F(HttpClientTest, KeepsOneConnectionForRequestsInARow) {
  serve(say_hello);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(exchange().how, http_outcome::ending::complete);
  EXPECT_EQ(server->accepted(), 1);
}

TEST_F(HttpClientTest, OpensAConnectionPerExchangeInFlight) {
  serve([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  std::vector<handler_ptr> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(std::make_shared<recording_handler>());
    start(request(), all.back());
  }
  EXPECT_EQ(server->wait_seen("POST", 40).size(), 40u);
}

TEST_F(HttpClientTest, SkipsInterimAnswers) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 103 Early Hints\r\nX-A: 1\r\n\r\n");
    peer.answer(201, "text/plain", "late");
  });
  exchange();
  EXPECT_EQ(got->status, 201);
  EXPECT_EQ(got->body, "late");
}

TEST_F(HttpClientTest, ClosesTheConnectionAfterTheLastRequest) {
  serve(say_hello);
  auto x = request();
  x.last = true;
  exchange(x);
  EXPECT_TRUE(eventually([this] { return server->connected() == 0; }));
}

// -- stopping, cancelling -----------------------------------------------------

TEST_F(HttpClientTest, StopsAnEndlessBody) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.write(std::string(4096, 'x')))
      ;
  });
  got = std::make_shared<recording_handler>();
  got->stop_after = 100'000;
  start(request(), got);
  EXPECT_EQ(got->wait_done().how, http_outcome::ending::stopped);
  EXPECT_LT(got->body.size(), 200'000u);
  EXPECT_TRUE(eventually([this] { return server->connected() == 0; }));
}

TEST_F(HttpClientTest, CancellingFreesTheConnectionWithoutAWord) {
  serve([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  got = std::make_shared<recording_handler>();
  auto id = start(request(), got);
  server->wait_seen("POST", 1);
  on_loop([&] {
    aut->cancel(id);
    aut->cancel(id);
  });
  EXPECT_TRUE(eventually([this] { return server->connected() == 0; }));
  // The server may see it before the loop is done.
  on_loop([] {});
  EXPECT_FALSE(got->outcome);
  EXPECT_EQ(got.use_count(), 1);
}

TEST_F(HttpClientTest, CancelsWhatWasNotSentYet) {
  serve(say_hello);
  got = std::make_shared<recording_handler>();
  on_loop([&] { aut->cancel(aut->start(request(), got)); });
  on_loop([] {});
  exchange();
  EXPECT_EQ(server->seen().size(), 1u);
}

TEST_F(HttpClientTest, EndsWithRunningExchanges) {
  serve([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  got = std::make_shared<recording_handler>();
  start(request(), got);
  server->wait_seen("POST", 1);
  aut.reset();
  loop.reset();
  EXPECT_FALSE(got->outcome);
  EXPECT_TRUE(eventually([this] { return server->connected() == 0; }));
}

// -- time limits --------------------------------------------------------------

TEST_F(HttpClientTest, EndsAnExchangeThatTakesTooLong) {
  serve([](http_peer& peer, const http_seen&) { peer.wait_gone(); });
  auto x = request();
  x.timeout = 50ms;
  auto begin = steady::now();
  EXPECT_EQ(exchange(x).how, http_outcome::ending::timed_out);
  EXPECT_GE(steady::now() - begin, 50ms);
}

TEST_F(HttpClientTest, EndsAStreamThatIsSilent) {
  serve([](http_peer& peer, const http_seen&) {
    peer.begin_events();
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(40ms);
      peer.write(":\n");
    }
    peer.wait_gone();
  });
  auto x = request();
  x.idle_timeout = 100ms;
  auto begin = steady::now();
  auto end = exchange(x);
  EXPECT_EQ(end.how, http_outcome::ending::timed_out);
  EXPECT_GE(steady::now() - begin, 300ms);
  EXPECT_EQ(got->body.size(), 10u);
}

TEST_F(HttpClientTest, ReportsATimeoutOfTheConnection) {
  deaf_listener deaf;
  url = cat("http://127.0.0.1:", deaf.port(), "/mcp");
  connect_timeout = 100ms;
  auto end = exchange();
  EXPECT_EQ(end.how, http_outcome::ending::broken);
  EXPECT_EQ(end.why.code, errc::connect_timeout);
  EXPECT_EQ(end.sent, delivery::not_sent);
  EXPECT_THAT(end.why.text, HasSubstr(cat("127.0.0.1:", deaf.port())));
  EXPECT_THAT(end.why.text, HasSubstr("100ms"));
}

// -- broken servers -----------------------------------------------------------

TEST_F(HttpClientTest, NamesHostPortAndReasonOfARefusedConnection) {
  serve(say_hello);
  server->stop_listening();
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connect_failed);
  EXPECT_EQ(end.sent, delivery::not_sent);
  EXPECT_THAT(end.why.text, HasSubstr(cat("127.0.0.1:", server->port())));
  EXPECT_THAT(end.why.text, HasSubstr("Connection refused"));
  EXPECT_EQ(end.why.retry_after, 0s) << "it may pass";
}

TEST_F(HttpClientTest, ReportsWhatIsNoHttp) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    peer.close();
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::protocol_violation);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
}

TEST_F(HttpClientTest, RefusesEndlessHeaders) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-More: yes\r\n"))
      ;
  });
  EXPECT_EQ(exchange().why.code, errc::payload_too_large);
}

TEST_F(HttpClientTest, RefusesAnEndlessHeader) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 200 OK\r\nX-More: ");
    while (peer.write(std::string(4096, 'x')))
      ;
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::payload_too_large);
  EXPECT_THAT(end.why.text, HasSubstr("header"));
}

TEST_F(HttpClientTest, ReportsABodyThatIsCut) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    peer.close();
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connection_lost);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
}

TEST_F(HttpClientTest, ReportsAResetInTheBody) {
  serve([](http_peer& peer, const http_seen&) {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    std::this_thread::sleep_for(20ms);
    peer.reset();
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connection_lost);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
}

TEST_F(HttpClientTest, ReportsAServerThatHangsUp) {
  serve([](http_peer& peer, const http_seen&) { peer.close(); });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connection_lost);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
}

// -- repetition ---------------------------------------------------------------

TEST_F(HttpClientTest, UsesANewConnectionWhenTheKeptOneWasClosed) {
  serve([](http_peer& peer, const http_seen& x) {
    say_hello(peer, x);
    peer.close();
  });
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(exchange().how, http_outcome::ending::complete);
    EXPECT_TRUE(eventually([this] { return server->connected() == 0; }));
  }
  EXPECT_EQ(server->seen().size(), 5u);
}

TEST_F(HttpClientTest, NeverRepeatsWhatTheServerReceived) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.body == "bad")
      peer.close();
    else
      say_hello(peer, x);
  });
  exchange();
  auto end = exchange(request("bad"));
  EXPECT_EQ(end.why.code, errc::connection_lost);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(server->seen().size(), 2u);
}

TEST_F(HttpClientTest, NeverRepeatsWhatTheServerReceivedBeforeAReset) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.body == "bad")
      peer.reset();
    else
      say_hello(peer, x);
  });
  exchange();
  auto end = exchange(request("bad"));
  EXPECT_EQ(end.why.code, errc::connection_lost);
  EXPECT_EQ(end.sent, delivery::maybe_sent);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(server->seen().size(), 2u);
}

TEST_F(HttpClientTest, RepeatsWhatTheServerCannotHaveReceived) {
  serve([](http_peer& peer, const http_seen& x) {
    say_hello(peer, x);
    if (x.connection > 1)
      return;
    std::this_thread::sleep_for(200ms);
    peer.half_close();
    std::this_thread::sleep_for(100ms);
    peer.close();
  });
  exchange();
  // More than fits into the buffers between us and a server that reads nothing.
  auto end = exchange(request(std::string(300'000, 'x')));
  EXPECT_EQ(end.how, http_outcome::ending::complete) << end.why.text;
  EXPECT_EQ(got->body, "hello");
  EXPECT_EQ(server->seen().size(), 2u);
  EXPECT_EQ(server->accepted(), 2);
}

// -- lack of memory -----------------------------------------------------------

// An exception that crosses libcurl leaves it unusable.
TEST_F(HttpClientTest, GoesOnAfterAHandlerFailedInACallbackRegression) {
  using call = failing_handler::call;
  serve(say_hello);
  for (auto where : {call::head, call::body}) {
    auto bad = std::make_shared<failing_handler>(where);
    start(request(), bad);
    auto end = bad->wait_done();
    EXPECT_EQ(end.how, http_outcome::ending::broken);
    EXPECT_EQ(end.why.code, errc::payload_too_large);
    EXPECT_EQ(end.sent, delivery::maybe_sent);
    EXPECT_EQ(exchange().how, http_outcome::ending::complete);
  }
}

// Their time is over at once.
TEST_F(HttpClientTest, TellsEveryEndWhenOneHandlerFailsRegression) {
  deaf_listener deaf;
  url = cat("http://127.0.0.1:", deaf.port(), "/mcp");
  connect_timeout = 100ms;
  std::vector<handler_ptr> all;
  for (int i = 0; i < 8; ++i)
    all.push_back(
      std::make_shared<failing_handler>(failing_handler::call::done));
  on_loop([&] {
    for (auto& x : all)
      aut->start(request(), x);
  });
  for (auto& x : all)
    EXPECT_EQ(x->wait_done().why.code, errc::connect_timeout);
}

// -- descriptors --------------------------------------------------------------

// libcurl closes a socket that was never connected without a word; then its
// number is somebody else's.
TEST_F(HttpClientTest, LeavesANumberAloneThatIsSomebodyElsesRegression) {
  deaf_listener deaf;
  url = cat("http://127.0.0.1:", deaf.port(), "/mcp");
  got = std::make_shared<recording_handler>();
  auto id = start(request(), got);
  on_loop([] {});
  on_loop([&] { aut->cancel(id); });
  std::promise<void> heard;
  boost::asio::posix::stream_descriptor next{loop->context()};
  unique_fd writer;
  on_loop([&] {
    auto pipe = make_pipe();
    ASSERT_TRUE(pipe);
    next.assign(pipe->read.release());
    writer = std::move(pipe->write);
    next.async_wait(next.wait_read, [&](auto) { heard.set_value(); });
  });
  aut.reset();
  on_loop([] {});
  ASSERT_EQ(::write(writer.get(), "x", 1), 1);
  EXPECT_EQ(heard.get_future().wait_for(5s), std::future_status::ready);
  on_loop([&] { next.close(); });
}

// -- redirects ----------------------------------------------------------------

TEST_F(HttpClientTest, FollowsARedirectWithinTheOriginUnchanged) {
  for (auto status : {307, 308}) {
    serve([status](http_peer& peer, const http_seen& x) {
      if (x.path == "/mcp")
        peer.answer(status, "text/html", "<p>moved</p>",
                    "Location: /v2/mcp?x=1\r\n");
      else
        say_hello(peer, x);
    });
    fields = {{"X-Team", secret{"blue"}}};
    EXPECT_EQ(exchange(request("{\"a\":1}")).how,
              http_outcome::ending::complete);
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(got->body, "hello");
    auto seen = server->seen().at(1);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.path, "/v2/mcp?x=1");
    EXPECT_EQ(seen.body, "{\"a\":1}");
    EXPECT_EQ(seen.field("x-team"), "blue");
  }
}

TEST_F(HttpClientTest, RefusesARedirectToAnotherOrigin) {
  scripted_server other{say_hello};
  serve([&other](http_peer& peer, const http_seen&) {
    peer.answer(307, "", "",
                cat("Location: ", other.url("/steal?token=abc"), "\r\n"));
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connect_failed);
  EXPECT_EQ(end.sent, delivery::not_sent);
  EXPECT_THAT(end.why.text, HasSubstr(other.url("/steal")));
  EXPECT_THAT(end.why.text, Not(HasSubstr("token")));
  EXPECT_EQ(other.accepted(), 0);
}

TEST_F(HttpClientTest, RefusesARedirectThatMayChangeTheMethod) {
  for (auto status : {301, 302, 303}) {
    serve([status](http_peer& peer, const http_seen&) {
      peer.answer(status, "", "", "Location: /login\r\n");
    });
    auto end = exchange();
    EXPECT_EQ(end.why.code, errc::connect_failed);
    EXPECT_THAT(end.why.text, HasSubstr(cat("HTTP ", status)));
    EXPECT_THAT(end.why.text, HasSubstr("/login"));
    EXPECT_EQ(server->seen().size(), 1u);
  }
}

TEST_F(HttpClientTest, StopsFollowingAfterFiveRedirects) {
  serve([](http_peer& peer, const http_seen&) {
    peer.answer(307, "", "", "Location: /again\r\n");
  });
  auto end = exchange();
  EXPECT_EQ(end.why.code, errc::connect_failed);
  EXPECT_EQ(server->seen().size(), 6u);
}

TEST_F(HttpClientTest, ForgetsARedirectAfterTheExchange) {
  serve([](http_peer& peer, const http_seen& x) {
    if (x.path == "/mcp")
      peer.answer(307, "", "", "Location: /v2\r\n");
    else
      say_hello(peer, x);
  });
  auto x = request();
  exchange(x);
  exchange(x);
  EXPECT_EQ(server->seen().at(2).path, "/mcp");
}
