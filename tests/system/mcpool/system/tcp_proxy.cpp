// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/tcp_proxy.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <future>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcpool::system {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using mood = tcp_proxy::mood;

constexpr auto slow_pause = std::chrono::milliseconds{50};

tcp::endpoint at(std::uint16_t port) {
  return {asio::ip::address_v4::loopback(), port};
}

// A socket under repair, as those who move processes need it, is closed without
// a word to the other side.
bool be_silent(int fd) {
  int on = 1;
  return setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof(on)) == 0;
}

} // namespace

/// Everything but the handle; lives on the thread, but for its beginning.
struct tcp_proxy::state : std::enable_shared_from_this<state> {
  struct link;

  explicit state(std::uint16_t server)
    : server(server),
      acceptor(io, at(0)),
      port(acceptor.local_endpoint().port()) {}

  void accept();

  /// Runs `f` on the thread and returns what it does.
  template <class F>
  auto on_thread(F f) {
    std::packaged_task<decltype(f())()> task{std::move(f)};
    auto out = task.get_future();
    asio::post(io, [&task] { task(); });
    return out.get();
  }

  std::uint16_t server;
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> busy{
    io.get_executor()};
  tcp::acceptor acceptor;
  std::uint16_t port;
  std::set<std::shared_ptr<link>> links;
  mood now = mood::fair;
  std::chrono::milliseconds hold_up{0};
  std::optional<std::size_t> reset_after;
  std::thread thread;
};

/// One connection of a client, and its continuation.
struct tcp_proxy::state::link : std::enable_shared_from_this<link> {
  link(state& all, tcp::socket client)
    : all(all),
      client(std::move(client)),
      server(all.io),
      pause(all.io) {}

  void start() {
    auto self = shared_from_this();
    server.async_connect(at(all.server), [self](error_code failed) {
      if (failed)
        return self->end();
      self->pause.expires_after(self->all.hold_up);
      self->pause.async_wait([self](error_code is_over) {
        if (!is_over)
          self->begin();
      });
    });
  }

  void begin() {
    pump(client, server, up, false);
    pump(server, client, down, true);
  }

  using piece = std::array<char, 16 * 1024>;

  // Waits while nothing is to be read.
  void pump(tcp::socket& from, tcp::socket& to, piece& bytes, bool is_answer) {
    auto self = shared_from_this();
    if (all.now == mood::frozen)
      return idle(
        [=, &from, &to, &bytes] { self->pump(from, to, bytes, is_answer); });
    auto size = all.now == mood::slow && is_answer ? 1 : bytes.size();
    from.async_read_some(
      asio::buffer(bytes.data(), size),
      [=, &from, &to, &bytes](error_code failed, std::size_t count) {
        if (failed)
          return self->end();
        self->pass(from, to, bytes, count, is_answer);
      });
  }

  void pass(tcp::socket& from, tcp::socket& to, piece& bytes, std::size_t count,
            bool is_answer) {
    auto self = shared_from_this();
    passed += is_answer ? count : 0;
    if (is_answer && all.reset_after && passed >= *all.reset_after) {
      count -= std::min(count, passed - *all.reset_after);
      all.reset_after.reset();
      return asio::async_write(
        to, asio::buffer(bytes.data(), count),
        [self](error_code, std::size_t) { self->reset(); });
    }
    asio::async_write(to, asio::buffer(bytes.data(), count),
                      [=, &from, &to, &bytes](error_code failed, std::size_t) {
                        if (failed)
                          return self->end();
                        if (self->all.now != mood::slow || !is_answer)
                          return self->pump(from, to, bytes, is_answer);
                        self->idle([=, &from, &to, &bytes] {
                          self->pump(from, to, bytes, is_answer);
                        });
                      });
  }

  template <class F>
  void idle(F then) {
    auto timer = std::make_shared<asio::steady_timer>(all.io, slow_pause);
    auto self = shared_from_this();
    timer->async_wait([timer, self, then = std::move(then)](error_code) {
      if (self->client.is_open())
        then();
    });
  }

  void reset() {
    error_code ignored;
    client.set_option(asio::socket_base::linger{true, 0}, ignored);
    end();
  }

  void lose() {
    EXPECT_TRUE(be_silent(client.native_handle())) << std::strerror(errno);
    end();
  }

  void end() {
    error_code ignored;
    pause.cancel();
    client.close(ignored);
    server.close(ignored);
    all.links.erase(shared_from_this());
  }

  state& all;
  tcp::socket client;
  tcp::socket server;
  asio::steady_timer pause;
  piece up{};
  piece down{};
  std::size_t passed = 0;
};

void tcp_proxy::state::accept() {
  acceptor.async_accept(
    [self = shared_from_this()](error_code failed, tcp::socket client) {
      if (!self->acceptor.is_open())
        return;
      // A client may be gone before it was accepted.
      if (!failed) {
        auto x = std::make_shared<link>(*self, std::move(client));
        self->links.insert(x);
        x->start();
      }
      self->accept();
    });
}

tcp_proxy::tcp_proxy(std::uint16_t server)
  : state_(std::make_shared<state>(server)) {
  state_->accept();
  state_->thread = std::thread{[x = state_.get()] { x->io.run(); }};
}

tcp_proxy::~tcp_proxy() {
  state_->on_thread([this] {
    error_code ignored;
    state_->acceptor.close(ignored);
    state_->busy.reset();
    for (auto& x : std::exchange(state_->links, {}))
      x->end();
  });
  state_->thread.join();
}

std::uint16_t tcp_proxy::port() const noexcept {
  return state_->port;
}

std::string tcp_proxy::url() const {
  return "http://127.0.0.1:" + std::to_string(port()) + "/mcp";
}

void tcp_proxy::become(mood x) {
  state_->on_thread([this, x] { state_->now = x; });
}

void tcp_proxy::hold_up(std::chrono::milliseconds x) {
  state_->on_thread([this, x] { state_->hold_up = x; });
}

void tcp_proxy::reset_after(std::size_t bytes) {
  state_->on_thread([this, bytes] { state_->reset_after = bytes; });
}

void tcp_proxy::reset_all() {
  state_->on_thread([this] {
    for (auto& x : std::set{state_->links})
      x->reset();
  });
}

bool tcp_proxy::may_lose() {
  auto fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto out = be_silent(fd);
  EXPECT_TRUE(out || errno == EPERM) << std::strerror(errno);
  close(fd);
  return out;
}

std::size_t tcp_proxy::lose_all() {
  return state_->on_thread([this] {
    auto all = std::set{state_->links};
    for (auto& x : all)
      x->lose();
    return all.size();
  });
}

std::size_t tcp_proxy::connections() const {
  return state_->on_thread([this] { return state_->links.size(); });
}

// -- a full queue -------------------------------------------------------------

full_port::full_port() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  bind(listener_, where, size);
  listen(listener_, 0);
  getsockname(listener_, where, &size);
  port_ = ntohs(address.sin_port);
  for (auto& fd : fillers_) {
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    connect(fd, where, size);
  }
}

full_port::~full_port() {
  for (auto fd : fillers_)
    close(fd);
  close(listener_);
}

} // namespace mcpool::system
