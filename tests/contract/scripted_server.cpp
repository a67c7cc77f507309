// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/contract/scripted_server.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcpool::contract {

namespace {

using namespace std::chrono_literals;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

void parse_field(http_seen& out, std::string_view line) {
  auto colon = line.find(':');
  if (colon == line.npos)
    return;
  auto value = line.substr(colon + 1);
  while (!value.empty() && value.front() == ' ')
    value.remove_prefix(1);
  out.fields[lower(std::string{line.substr(0, colon)})] = value;
}

http_seen parse_head(std::string_view head) {
  http_seen out;
  auto end = head.find("\r\n");
  auto first = head.substr(0, end);
  auto blank = first.find(' ');
  out.method = first.substr(0, blank);
  out.path = first.substr(blank + 1, first.rfind(' ') - blank - 1);
  while (end != head.npos) {
    auto begin = end + 2;
    end = head.find("\r\n", begin);
    parse_field(out, head.substr(begin, end - begin));
  }
  return out;
}

} // namespace

// -- one connection -----------------------------------------------------------

http_peer::~http_peer() {
  close();
}

bool http_peer::write(std::string_view bytes) {
  while (!bytes.empty()) {
    auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool http_peer::answer(int status, std::string_view type, std::string_view body,
                       std::string_view more_fields) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  if (!type.empty())
    out.append("Content-Type: ").append(type).append("\r\n");
  out.append(more_fields);
  out.append("Content-Length: ").append(std::to_string(body.size()));
  return write(out.append("\r\n\r\n").append(body));
}

bool http_peer::begin_events(std::string_view more_fields) {
  return write(std::string{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream"
                           "\r\nConnection: close\r\n"}
                 .append(more_fields)
                 .append("\r\n"));
}

void http_peer::wait_gone() {
  char ignored[1024];
  while (fd_ >= 0 && ::recv(fd_, ignored, sizeof(ignored), 0) > 0)
    ;
}

void http_peer::close() {
  std::lock_guard guard{mutex_};
  if (auto fd = fd_.exchange(-1); fd >= 0)
    ::close(fd);
}

void http_peer::reset() {
  linger now{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close();
}

void http_peer::half_close() {
  ::shutdown(fd_, SHUT_WR);
}

void http_peer::interrupt() {
  std::lock_guard guard{mutex_};
  if (fd_ >= 0)
    ::shutdown(fd_, SHUT_RDWR);
}

bool http_peer::fill() {
  char chunk[16384];
  auto n = ::recv(fd_, chunk, sizeof(chunk), 0);
  if (n <= 0)
    return false;
  buffer_.append(chunk, static_cast<std::size_t>(n));
  return true;
}

std::optional<http_seen> http_peer::read_request() {
  std::size_t end;
  while ((end = buffer_.find("\r\n\r\n")) == buffer_.npos)
    if (!fill())
      return std::nullopt;
  auto out = parse_head(std::string_view{buffer_}.substr(0, end));
  auto length = out.field("content-length");
  auto size = length.empty() ? 0u : std::stoul(length);
  buffer_.erase(0, end + 4);
  while (buffer_.size() < size)
    if (!fill())
      return std::nullopt;
  out.body = buffer_.substr(0, size);
  buffer_.erase(0, size);
  out.connection = number_;
  out.at = std::chrono::steady_clock::now();
  return out;
}

// -- the server ---------------------------------------------------------------

scripted_server::scripted_server(handler answer) : answer_(std::move(answer)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int buffer = 65536; // so that a test can fill it
  ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  ::listen(listener_, 512);
  socklen_t size = sizeof(address);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

scripted_server::~scripted_server() {
  stop_listening();
  std::unique_lock guard{mutex_};
  for (auto& x : peers_)
    x->interrupt();
  auto threads = std::move(threads_);
  guard.unlock();
  for (auto& x : threads)
    x.join();
}

std::string scripted_server::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
}

std::vector<http_seen> scripted_server::seen() const {
  std::lock_guard guard{mutex_};
  return seen_;
}

std::vector<http_seen> scripted_server::seen(std::string_view method) const {
  auto out = seen();
  auto other = [method](const http_seen& x) { return x.method != method; };
  out.erase(std::remove_if(out.begin(), out.end(), other), out.end());
  return out;
}

std::vector<http_seen> scripted_server::wait_seen(std::string_view method,
                                                  std::size_t count) const {
  auto end = std::chrono::steady_clock::now() + 10s;
  auto out = seen(method);
  while (out.size() < count && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(1ms);
    out = seen(method);
  }
  return out;
}

void scripted_server::stop_listening() {
  if (auto fd = listener_.exchange(-1); fd >= 0) {
    ::shutdown(fd, SHUT_RDWR);
    acceptor_.join();
    ::close(fd);
  }
}

void scripted_server::accept_all() {
  for (int listener = listener_;;) {
    auto fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0)
      return;
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    auto peer = std::make_shared<http_peer>(fd, ++accepted_);
    std::lock_guard guard{mutex_};
    peers_.push_back(peer);
    ++connected_;
    threads_.emplace_back([this, peer] { serve(peer); });
  }
}

void scripted_server::serve(const std::shared_ptr<http_peer>& peer) {
  while (peer->open()) {
    auto request = peer->read_request();
    if (!request)
      break;
    std::unique_lock guard{mutex_};
    seen_.push_back(*request);
    guard.unlock();
    answer_(*peer, *request);
  }
  peer->close();
  --connected_;
}

} // namespace mcpool::contract
