// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/stdio.hpp>

#include <mcpool/transport/stdio_session.hpp>

#include <utility>

namespace mcpool::transport {

namespace {

/// The handle: brings every call to the loop's thread.
class stdio : public transport {
public:
  stdio(io_loop& loop, std::shared_ptr<stdio_session> session)
    : loop_(loop),
      session_(std::move(session)) {}

  ~stdio() override {
    post([](stdio_session& x) { x.abandon(); });
  }

  void open() override {
    post([](stdio_session& x) { x.open(); });
  }

  void send(outgoing x) override {
    post([x = std::move(x)](stdio_session& to) { to.send(x); });
  }

  // All revisions are the same on a pipe.
  void established(std::string) override {}

  void forget(std::int64_t id) override {
    post([id](stdio_session& x) { x.forget(id); });
  }

  void close() override {
    post([](stdio_session& x) { x.close(); });
  }

private:
  template <class F>
  void post(F f) {
    loop_.post([f = std::move(f), to = session_] { f(*to); });
  }

  io_loop& loop_;
  std::shared_ptr<stdio_session> session_;
};

} // namespace

std::shared_ptr<transport> make_stdio(io_loop& loop,
                                      std::shared_ptr<process_guard> guard,
                                      const config::server_config& config,
                                      std::shared_ptr<listener> listener) {
  return std::make_shared<stdio>(
    loop, std::make_shared<stdio_session>(loop, std::move(guard), config,
                                          std::move(listener)));
}

} // namespace mcpool::transport
