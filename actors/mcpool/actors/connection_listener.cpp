// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection_listener.hpp>

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/engine/ask.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

#include <utility>
#include <vector>

namespace mcpool::actors {

namespace {

class connection_listener : public transport::listener {
public:
  explicit connection_listener(const caf::actor& connection)
    : connection_(connection.address()) {}

  void on_open() override { tell(opened{}); }

  void on_message(protocol::message x) override { tell(std::move(x)); }

  void on_messages(std::vector<protocol::message> x) override {
    tell(std::move(x));
  }

  void on_unreachable() override { tell(unreachable{}); }

  void on_failure(std::int64_t id, refusal why,
                  transport::delivery sent) override {
    tell(exchange_failed{id, std::move(why), sent});
  }

  void on_unsent(std::vector<std::int64_t> ids) override {
    tell(unsent{std::move(ids)});
  }

  void on_session_lost() override { tell(session_lost{}); }

  void on_noise(std::string sample) override { tell(noise{std::move(sample)}); }

  void on_close(refusal why) override { tell(closed{std::move(why)}); }

private:
  template <class T>
  void tell(T x) {
    auto to = caf::actor_cast<caf::actor>(connection_);
    if (!to)
      return;
    using content = transport_event::content;
    engine::post(
      to, transport_event{std::make_shared<const content>(std::move(x))});
  }

  caf::actor_addr connection_;
};

} // namespace

std::shared_ptr<transport::listener>
make_connection_listener(const caf::actor& connection) {
  return std::make_shared<connection_listener>(connection);
}

} // namespace mcpool::actors
