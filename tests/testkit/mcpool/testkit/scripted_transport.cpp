// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/scripted_transport.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/json_write.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mcpool::testkit {

server_habits silent() {
  server_habits out;
  out.opens = out.initializes = out.answers = out.closes = false;
  return out;
}

server_habits unanswering() {
  server_habits out;
  out.answers = false;
  return out;
}

// -- the transport ------------------------------------------------------------

// What the CONNECTION holds; the session stays with the test.
class scripted_front : public transport::transport {
public:
  explicit scripted_front(std::shared_ptr<scripted_session> session)
    : session_(std::move(session)) {}

  ~scripted_front() override { session_->on_dropped(); }

  void open() override { session_->on_open(); }

  void send(mcpool::transport::outgoing x) override {
    session_->on_send(std::move(x));
  }

  void established(std::string protocol_version) override {
    session_->on_established(std::move(protocol_version));
  }

  void forget(std::int64_t id) override { session_->on_forget(id); }

  void close() override { session_->on_close(); }

private:
  std::shared_ptr<scripted_session> session_;
};

scripted_session::scripted_session(
  scripted_network& network, config::server_config config,
  std::shared_ptr<transport::listener> listener)
  : network_(&network),
    config_(std::move(config)),
    listener_(std::move(listener)) {}

void scripted_session::on_open() {
  EXPECT_EQ(stage_, stage::made) << "open() came twice";
  stage_ = stage::opening;
  auto& server = network_->servers_[config_.name.value];
  ++server.opened;
  server.max_live = std::max(server.max_live, ++server.live);
  const auto& habits = network_->habits(config_.name.value);
  if (habits.refuses)
    later([why = *habits.refuses,
           is_missing = habits.is_missing](scripted_session& self) {
      if (is_missing)
        self.miss();
      self.end(why);
    });
  else if (habits.opens)
    later([](scripted_session& self) { self.open_up(); });
}

void scripted_session::on_send(transport::outgoing x) {
  if (ended())
    return;
  EXPECT_EQ(stage_, stage::open) << "send() outside of on_open and close()";
  auto messages = protocol::decode(x.text);
  if (!messages || messages->size() != 1) {
    ADD_FAILURE() << "cannot be decoded: " << x.text.view();
    return;
  }
  sent_message out{x.kind, x.request_id, messages->front()};
  auto is_request = out.message.kind == protocol::message_kind::request;
  EXPECT_EQ(is_request ? out.message.number.value_or(0) : 0, x.request_id)
    << "the transport and the server see different ids: " << x.text.view();
  if (is_request)
    ids_.insert(x.request_id);
  sent_.push_back(out);
  if (!serve(out))
    inbox_.push_back(std::move(out));
}

void scripted_session::on_established(std::string version) {
  if (ended())
    return;
  EXPECT_EQ(stage_, stage::open);
  EXPECT_GT(count("initialize"), 0u) << "established() before the handshake";
  established_ = std::move(version);
}

void scripted_session::on_forget(std::int64_t id) {
  EXPECT_EQ(ids_.count(id), 1u) << "forget() of what was never sent: " << id;
  forgotten_.insert(id);
}

void scripted_session::on_close() {
  if (ended())
    return;
  EXPECT_TRUE(stage_ == stage::opening || stage_ == stage::open)
    << "close() came twice, or without open()";
  stage_ = stage::closing;
  if (network_->habits(config_.name.value).closes)
    later([](scripted_session& self) {
      self.end(make_refusal(errc::cancelled, "closed"));
    });
}

// A transport that nobody holds ends in the background, and tells nobody.
void scripted_session::on_dropped() {
  listener_.reset();
  if (stage_ == stage::opening || stage_ == stage::open)
    on_close();
}

// -- habits -------------------------------------------------------------------

bool scripted_session::serve(const sent_message& x) {
  using kind = transport::outgoing_kind;
  const auto& habits = network_->habits(config_.name.value);
  const auto& method = x.message.method;
  if (method == "notifications/initialized")
    return habits.initializes;
  if (method == "notifications/cancelled")
    return habits.answers;
  if (x.kind == kind::initialize && habits.hangs)
    return true;
  if (x.kind == kind::initialize && habits.initializes) {
    later([id = x.id, text = habits.greeting](scripted_session& self) {
      self.answer(id, text);
    });
    return true;
  }
  if (x.kind != kind::request || !habits.answers)
    return false;
  later([x](scripted_session& self) { self.answer_by_habit(x); });
  return true;
}

void scripted_session::answer_by_habit(const sent_message& x) {
  if (auto serve = network_->habits(config_.name.value).serve)
    return serve(*this, x);
  auto params = x.message.params.empty() ? "{}" : x.message.params.str();
  answer(x.id, cat(R"({"method":")", x.message.method, R"(","params":)", params,
                   "}"));
}

void scripted_session::later(std::function<void(scripted_session&)> f) {
  for (const auto& x : network_->servers_[config_.name.value].sessions)
    if (x.get() == this)
      network_->queue_.push_back([x, f = std::move(f)] { f(*x); });
}

// -- the test -----------------------------------------------------------------

sent_message scripted_session::take(std::string_view method) {
  auto out = take();
  EXPECT_EQ(out.message.method, method);
  return out;
}

sent_message scripted_session::take() {
  if (inbox_.empty()) {
    ADD_FAILURE() << "nothing was sent";
    return {};
  }
  auto out = std::move(inbox_.front());
  inbox_.pop_front();
  return out;
}

std::size_t scripted_session::count(const std::string& method) const {
  return std::count_if(sent_.begin(), sent_.end(), [&](const auto& x) {
    return x.message.method == method;
  });
}

// -- the server ---------------------------------------------------------------

void scripted_session::open_up() {
  if (stage_ != stage::opening)
    return;
  stage_ = stage::open;
  if (listener_)
    listener_->on_open();
}

void scripted_session::answer(std::int64_t id, std::string_view result) {
  say(protocol::encode_result(cat(id), result).view());
}

void scripted_session::greet() {
  answer(take("initialize").id, network_->habits(config_.name.value).greeting);
}

void scripted_session::refuse(std::int64_t id, std::int64_t code,
                              std::string_view text, std::string_view data) {
  auto more = data.empty() ? std::string{} : cat(R"(,"data":)", data);
  say(cat(R"({"jsonrpc":"2.0","id":)", id, R"(,"error":{"code":)", code,
          R"(,"message":)", protocol::quote(text), more, "}}"));
}

void scripted_session::notify(std::string_view method,
                              std::string_view params) {
  say(protocol::encode_notification(method, params).view());
}

void scripted_session::request(std::string_view id, std::string_view method) {
  say(cat(R"({"jsonrpc":"2.0","id":)", id, R"(,"method":")", method, "\"}"));
}

void scripted_session::say(std::string_view json) {
  auto messages = protocol::decode(shared_text{std::string{json}});
  if (!messages) {
    ADD_FAILURE() << "the script is wrong: " << messages.error().text;
    return;
  }
  if (!listener_ || ended())
    return;
  if (messages->size() == 1)
    listener_->on_message(std::move(messages->front()));
  else
    listener_->on_messages(std::move(*messages));
}

void scripted_session::fail(std::int64_t id, refusal why,
                            transport::delivery sent) {
  if (listener_ && !ended())
    listener_->on_failure(id, std::move(why), sent);
}

void scripted_session::leave_unsent(std::vector<std::int64_t> ids) {
  if (listener_ && !ended())
    listener_->on_unsent(std::move(ids));
}

void scripted_session::miss() {
  if (listener_ && !ended())
    listener_->on_unreachable();
}

void scripted_session::lose_session() {
  if (listener_ && !ended())
    listener_->on_session_lost();
}

void scripted_session::make_noise(std::string sample) {
  if (listener_ && !ended())
    listener_->on_noise(std::move(sample));
}

void scripted_session::end(refusal why) {
  if (ended())
    return;
  if (opened())
    --network_->servers_[config_.name.value].live;
  stage_ = stage::ended;
  if (auto to = std::exchange(listener_, nullptr))
    to->on_close(std::move(why));
}

// -- the network --------------------------------------------------------------

scripted_network::~scripted_network() {
  for (const auto& [name, server] : servers_)
    for (const auto& session : server.sessions)
      for (const auto& x : session->inbox_)
        ADD_FAILURE() << "'" << name << "' was sent what nobody expected: '"
                      << x.message.method << "', id " << x.id;
}

transport::transport_factory scripted_network::factory() {
  return [this](const config::server_config& config,
                std::shared_ptr<transport::listener> listener) {
    std::shared_ptr<scripted_session> session{
      new scripted_session{*this, config, std::move(listener)}};
    servers_[config.name.value].sessions.push_back(session);
    return std::make_shared<scripted_front>(std::move(session));
  };
}

std::size_t scripted_network::deliver() {
  std::size_t out = 0;
  for (; !queue_.empty(); ++out) {
    auto f = std::move(queue_.front());
    queue_.pop_front();
    f();
  }
  return out;
}

void scripted_network::after(duration delay, std::function<void()> f) {
  if (delay <= duration::zero())
    queue_.push_back(std::move(f));
  else
    delayed_.emplace(passed_ + delay, std::move(f));
}

void scripted_network::advance(duration by) {
  passed_ += by;
  while (!delayed_.empty() && delayed_.begin()->first <= passed_)
    queue_.push_back(std::move(delayed_.extract(delayed_.begin()).mapped()));
}

scripted_session& scripted_network::last(const std::string& server) {
  auto& all = servers_[server].sessions;
  if (all.empty())
    throw std::logic_error(cat("there is no session to '", server, "'"));
  return *all.back();
}

std::size_t scripted_network::max_live() const {
  std::size_t out = 0;
  for (const auto& [name, x] : servers_)
    out = std::max(out, x.max_live);
  return out;
}

std::size_t scripted_network::live() const {
  std::size_t out = 0;
  for (const auto& [name, x] : servers_)
    out += x.live;
  return out;
}

std::vector<std::string> scripted_network::live_servers() const {
  std::vector<std::string> out;
  for (const auto& [name, x] : servers_)
    if (x.live > 0)
      out.push_back(name);
  return out;
}

void scripted_network::ignore_rest() {
  for (auto& [name, server] : servers_)
    for (const auto& session : server.sessions)
      session->inbox_.clear();
}

} // namespace mcpool::testkit
