// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_connection.hpp>

#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>

#include <cstdio>

#include <poll.h>

namespace mcpool::testkit::fake_server {

namespace {

namespace http = boost::beast::http;
using std::chrono::milliseconds;

constexpr std::size_t max_body = 64 * 1024 * 1024;
constexpr milliseconds look_interval{20};

std::string as_chunk(const std::string& bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

// Whether the peer sent its last byte, read or not.
bool hung_up(int socket) {
  pollfd state{socket, POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

std::string status_line(int status) {
  auto reason = http::obsolete_reason(static_cast<http::status>(status));
  return "HTTP/1.1 " + std::to_string(status) + " "
         + std::string{reason.data(), reason.size()} + "\r\n";
}

} // namespace

http_connection::http_connection(boost::asio::ip::tcp::socket socket,
                                 handler on_request, complaint on_bad_request)
  : writer_{std::make_shared<tcp_writer>(std::move(socket))},
    look_again_{writer_->stream().get_executor()},
    on_request_{std::move(on_request)},
    on_bad_request_{std::move(on_bad_request)} {
  boost::system::error_code ignored;
  boost::asio::ip::tcp::no_delay no_delay{true};
  writer_->stream().set_option(no_delay, ignored);
}

void http_connection::hold(gauge::token what) {
  held_.push_back(std::move(what));
}

void http_connection::read() {
  if (gone_)
    return;
  ++generation_;
  look_again_.cancel();
  parser_.emplace();
  parser_->body_limit(max_body);
  auto self = shared_from_this();
  http::async_read_header(writer_->stream(), buffer_, *parser_,
                          [self](auto error, std::size_t) {
                            if (error)
                              self->on_read(error);
                            else
                              self->read_body();
                          });
}

void http_connection::read_body() {
  auto& expect = parser_->get()[http::field::expect];
  if (expect == "100-continue")
    write("HTTP/1.1 100 Continue\r\n\r\n", milliseconds{0}, false);
  auto self = shared_from_this();
  http::async_read(writer_->stream(), buffer_, *parser_,
                   [self](auto error, std::size_t) { self->on_read(error); });
}

void http_connection::on_read(boost::system::error_code error) {
  if (error) {
    auto orderly
      = error == http::error::end_of_stream
        || error.category() == boost::asio::error::get_system_category();
    if (!orderly && !gone_)
      on_bad_request_(error.message());
    return be_gone();
  }
  keep_alive_ = parser_->keep_alive();
  auto request = parser_->release();
  auto self = shared_from_this();
  writer_->on_lost([self] { self->be_gone(); });
  watch();
  on_request_(self, request);
}

void http_connection::watch() {
  auto wait = boost::asio::ip::tcp::socket::wait_read;
  writer_->stream().async_wait(
    wait, [self = shared_from_this(), now = generation_](auto error) {
      if (!error)
        self->on_peer_activity(now);
    });
}

void http_connection::on_peer_activity(std::size_t generation) {
  if (gone_ || generation != generation_)
    return;
  if (hung_up(writer_->stream().native_handle()))
    return be_gone();
  // The next request came early and waits for its turn. It would wake us
  // again at once, so look from time to time.
  look_again_.expires_after(look_interval);
  look_again_.async_wait([self = shared_from_this(), generation](auto error) {
    if (!error)
      self->on_peer_activity(generation);
  });
}

void http_connection::be_gone() {
  if (std::exchange(gone_, true))
    return;
  held_.clear();
  look_again_.cancel();
  writer_->close();
  auto tell = std::exchange(on_gone_, {});
  for (auto& one : tell)
    one();
}

void http_connection::write(std::string bytes, milliseconds drip,
                            bool endless) {
  piece what;
  what.bytes = std::move(bytes);
  what.drip = drip;
  what.endless = endless;
  writer_->write(std::move(what));
}

void http_connection::head(int status, const http_fields& fields,
                           std::optional<std::size_t> length) {
  auto text = status_line(status);
  for (auto& [name, value] : fields)
    text += name + ": " + value + "\r\n";
  chunked_ = !length;
  text += chunked_ ? "Transfer-Encoding: chunked\r\n"
                   : "Content-Length: " + std::to_string(*length) + "\r\n";
  if (!keep_alive_)
    text += "Connection: close\r\n";
  write(text + "\r\n", milliseconds{0}, false);
}

void http_connection::body(const std::string& bytes, milliseconds drip) {
  if (!bytes.empty())
    write(chunked_ ? as_chunk(bytes) : bytes, drip, false);
}

void http_connection::endless_body(const std::string& bytes) {
  write(chunked_ ? as_chunk(bytes) : bytes, milliseconds{0}, true);
}

void http_connection::finish() {
  on_gone_.clear();
  if (chunked_)
    write("0\r\n\r\n", milliseconds{0}, false);
  chunked_ = false;
  if (!keep_alive_)
    return close(ending::orderly);
  when_sent([self = shared_from_this()] { self->read(); });
}

void http_connection::respond(int status, const http_fields& fields,
                              const std::string& text) {
  head(status, fields, text.size());
  body(text);
  finish();
}

void http_connection::close(ending how) {
  when_sent([self = shared_from_this(), how] {
    if (self->gone_)
      return;
    boost::system::error_code ignored;
    auto& socket = self->writer_->stream();
    if (how == ending::reset)
      socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
    else
      socket.shutdown(boost::asio::socket_base::shutdown_send, ignored);
    self->be_gone();
  });
}

void http_connection::when_sent(std::function<void()> then) {
  piece mark;
  mark.then = std::move(then);
  writer_->write(std::move(mark));
}

void http_connection::on_gone(std::function<void()> what) {
  if (gone_)
    return what();
  on_gone_.push_back(std::move(what));
}

} // namespace mcpool::testkit::fake_server
