// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/streamable_http.hpp>

#include <mcpool/transport/http_session.hpp>

#include <utility>

namespace mcpool::transport {

namespace {

/// The handle: brings every call to the loop, and closes what nobody holds.
class streamable_http : public transport {
public:
  streamable_http(io_loop& loop, std::shared_ptr<http_session> session)
    : loop_(loop),
      session_(std::move(session)) {}

  ~streamable_http() override {
    loop_.post([x = std::move(session_)] { x->abandon(); });
  }

  void open() override {
    loop_.post([x = session_] { x->open(); });
  }

  void send(outgoing x) override {
    loop_.post([session = session_, x = std::move(x)]() mutable {
      session->send(std::move(x));
    });
  }

  void established(std::string protocol_version) override {
    loop_.post([x = session_, version = std::move(protocol_version)]() mutable {
      x->established(std::move(version));
    });
  }

  void forget(std::int64_t id) override {
    loop_.post([x = session_, id] { x->forget(id); });
  }

  void close() override {
    loop_.post([x = session_] { x->close(); });
  }

private:
  io_loop& loop_;
  std::shared_ptr<http_session> session_;
};

} // namespace

std::shared_ptr<transport>
make_streamable_http(io_loop& loop, std::shared_ptr<http_client> client,
                     const config::server_config& config,
                     std::shared_ptr<listener> target) {
  auto session = std::make_shared<http_session>(loop, std::move(client), config,
                                                std::move(target));
  return std::make_shared<streamable_http>(loop, std::move(session));
}

} // namespace mcpool::transport
