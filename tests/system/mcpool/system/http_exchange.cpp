// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/http_exchange.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <chrono>

namespace mcpool::system {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::asio::ip::tcp;

tcp::endpoint at(std::uint16_t port) {
  return {boost::asio::ip::address_v4::loopback(), port};
}

std::string exchange(std::uint16_t port, http::request<http::string_body> ask) {
  boost::asio::io_context io;
  beast::tcp_stream stream{io};
  beast::flat_buffer buffer;
  http::response<http::string_body> answer;
  ask.set(http::field::host, "127.0.0.1");
  ask.set(http::field::connection, "close");
  ask.prepare_payload();
  stream.expires_after(std::chrono::seconds{10});
  auto on_read = [](beast::error_code, std::size_t) {};
  auto on_write = [&](beast::error_code failed, std::size_t) {
    if (!failed)
      http::async_read(stream, buffer, answer, on_read);
  };
  stream.async_connect(at(port), [&](beast::error_code failed) {
    if (!failed)
      http::async_write(stream, ask, on_write);
  });
  io.run();
  return answer.body();
}

} // namespace

std::uint16_t free_port() {
  boost::asio::io_context io;
  tcp::acceptor probe{io, at(0), false};
  return probe.local_endpoint().port();
}

bool listens(std::uint16_t port) {
  boost::asio::io_context io;
  tcp::socket probe{io};
  boost::system::error_code failed;
  probe.connect(at(port), failed);
  return !failed;
}

std::string http_get(std::uint16_t port, const std::string& path) {
  return exchange(port, {http::verb::get, path, 11});
}

std::string http_post(std::uint16_t port, const std::string& path,
                      const std::string& body) {
  return exchange(port, {http::verb::post, path, 11, body});
}

} // namespace mcpool::system
