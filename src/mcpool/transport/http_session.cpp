// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_session.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/transport/endpoint.hpp>
#include <mcpool/transport/http_exchange.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mcpool::transport {

namespace {

using namespace std::chrono_literals;

// How long the GET stream waits for the first one-way message.
constexpr duration longest_wait_for_notification = 200ms;

// How many lines that are no message are told.
constexpr std::uint32_t noise_per_second = 20;

// What the protocol and the client set themselves.
constexpr std::string_view reserved_fields[] = {
  "accept",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "last-event-id",
  "mcp-session-id",
  "transfer-encoding",
  "mcp-protocol-version",
};

bool is_reserved(std::string_view name) noexcept {
  return std::any_of(std::begin(reserved_fields), std::end(reserved_fields),
                     [name](auto x) { return same_ignoring_case(name, x); });
}

/// Waits for the answer to DELETE, whatever it is.
class deletion : public http_handler {
public:
  explicit deletion(std::shared_ptr<http_session> session)
    : session_(std::move(session)) {}

  void on_head(const http_head& head) override { status_ = head.status(); }

  http_flow on_body(std::string_view) override { return http_flow::stop; }

  void on_done(const http_outcome& outcome) override {
    auto known
      = (status_ >= 200 && status_ < 300) || status_ == 404 || status_ == 405;
    if (!known)
      log::transport::info("session-not-ended", session_->config().name,
                           ": the server did not confirm the end of the "
                           "session: ",
                           status_ ? cat("HTTP ", status_) : outcome.why.text);
    session_->on_deleted();
  }

private:
  std::shared_ptr<http_session> session_;
  int status_ = 0;
};

} // namespace

http_session::http_session(io_loop& loop, std::shared_ptr<http_client> client,
                           config::server_config config,
                           std::shared_ptr<listener> target)
  : loop_(loop),
    client_(std::move(client)),
    late_client_(client_),
    config_(std::move(config)),
    listener_(std::move(target)),
    noise_(noise_per_second),
    timer_(loop.context()) {}

http_session::~http_session() = default;

// -- the transport ------------------------------------------------------------

void http_session::open() {
  for (auto& [name, value] : config_.headers)
    if (is_reserved(name) || !is_valid({name, value}))
      log::transport::warning(
        "header-not-sent", config_.name, ": the header ",
        printable_sample(name), " of the configuration is not sent: ",
        is_reserved(name) ? "MCP sets it itself" : "it is malformed");
  if (listener_ && stage_ == stage::open)
    listener_->on_open();
}

void http_session::send(outgoing x) {
  if (stage_ != stage::open)
    return;
  if (!has_room_for(x))
    return fail(
      x, make_refusal(errc::busy,
                      cat(requests_.size() + others_.size(), " of ",
                          max_exchanges, " exchanges and ", unsent_bytes_,
                          " of ", max_unsent_bytes, " bytes in flight")));
  if (x.kind == outgoing_kind::initialize)
    begin_session();
  else if (lost_)
    return fail(x, make_refusal(errc::connection_lost,
                                "the session is lost and no new one was made"));
  unsent_bytes_ += x.text.size();
  if (x.kind == outgoing_kind::request && gate_ == gate::shut)
    held_.push_back(std::move(x));
  else
    start(std::move(x));
}

void http_session::established(std::string protocol_version) {
  if (stage_ != stage::open)
    return;
  version_ = std::move(protocol_version);
  post_target_.reset();
  established_ = true;
  gate_ = gate::armed;
  start_timer(longest_wait_for_notification, &http_session::open_gate);
  if (!others_.empty())
    shut_gate(**others_.begin());
}

void http_session::forget(std::int64_t id) {
  auto is_it = [id](const outgoing& x) { return x.request_id == id; };
  auto i = std::find_if(held_.begin(), held_.end(), is_it);
  if (i == held_.end())
    return end_forgotten(id);
  unsent_bytes_ -= i->text.size();
  held_.erase(i);
}

void http_session::close() {
  if (stage_ != stage::open)
    return;
  stage_ = stage::flushing;
  gate_ = gate::open;
  held_.clear();
  stop_stream();
  start_timer(config_.close_timeout, &http_session::abort_everything);
  abort_requests();
  close_if_flushed();
}

void http_session::abandon() {
  listener_.reset();
  close();
}

// -- targets ------------------------------------------------------------------

std::vector<http_field>
http_session::fields(const std::string& session_id) const {
  std::vector<http_field> out;
  auto has_agent = false;
  for (auto& [name, value] : config_.headers) {
    has_agent = has_agent || same_ignoring_case(name, "user-agent");
    if (!is_reserved(name))
      out.push_back({name, value});
  }
  if (!has_agent)
    out.push_back({"User-Agent", secret{"mcpool"}});
  if (!session_id.empty())
    out.push_back({"Mcp-Session-Id", secret{session_id}});
  return out;
}

result<std::shared_ptr<const http_target>>
http_session::post_target(outgoing_kind kind) {
  auto first = kind == outgoing_kind::initialize;
  auto& known = first ? initialize_target_ : post_target_;
  if (known)
    return known;
  auto all = fields(first ? std::string{} : session_id_);
  all.push_back({"Content-Type", secret{"application/json"}});
  all.push_back({"Accept", secret{"application/json, text/event-stream"}});
  if (!first && !version_.empty())
    all.push_back({"MCP-Protocol-Version", secret{version_}});
  auto made = http_target::make(config_.url, all, connect_limit(config_));
  if (made)
    known = *made;
  return made;
}

result<std::shared_ptr<const http_target>>
http_session::stream_target(const std::string& session_id,
                            const std::string& last_event_id) const {
  auto all = fields(session_id);
  all.push_back({"Accept", secret{"text/event-stream"}});
  if (!version_.empty())
    all.push_back({"MCP-Protocol-Version", secret{version_}});
  if (!last_event_id.empty())
    all.push_back({"Last-Event-ID", secret{last_event_id}});
  if (!is_valid(all.back()))
    return make_refusal(errc::protocol_violation,
                        "the server gave an event id that fits no header");
  return http_target::make(config_.url, all, connect_limit(config_));
}

// -- the session --------------------------------------------------------------

void http_session::begin_session() {
  drop_session();
  ++epoch_;
  lost_ = false;
  established_ = false;
  version_.clear();
}

// The server is told, unless it is the one that told us.
void http_session::drop_session() {
  stop_stream();
  gate_ = gate::open;
  first_notification_ = nullptr;
  stop_timer();
  if (!session_id_.empty())
    delete_session(session_id_);
  session_id_.clear();
  post_target_.reset();
}

bool http_session::on_session_begun(const std::string& id,
                                    std::uint64_t epoch) {
  if (epoch != epoch_)
    return false;
  session_id_ = id;
  post_target_.reset();
  return true;
}

void http_session::on_session_gone(std::uint64_t epoch) {
  if (epoch != epoch_ || lost_)
    return;
  lost_ = true;
  session_id_.clear();
  post_target_.reset();
  stop_stream();
  if (listener_ && stage_ == stage::open)
    listener_->on_session_lost();
  open_gate();
}

void http_session::delete_session(const std::string& id) {
  auto all = fields(id);
  if (!version_.empty())
    all.push_back({"MCP-Protocol-Version", secret{version_}});
  auto target = http_target::make(config_.url, all, connect_limit(config_));
  auto by = client();
  if (!target || !by)
    return;
  http_request request;
  request.method = http_method::delete_;
  request.target = std::move(*target);
  request.timeout = config_.close_timeout;
  request.last = true;
  ++deletions_;
  by->start(std::move(request), std::make_shared<deletion>(shared_from_this()));
}

void http_session::on_deleted() {
  --deletions_;
  close_if_ended();
}

// -- exchanges ----------------------------------------------------------------

bool http_session::has_room_for(const outgoing& x) const noexcept {
  auto used = requests_.size() + others_.size() + held_.size();
  return used < max_exchanges
         && (unsent_bytes_ == 0
             || unsent_bytes_ + x.text.size() <= max_unsent_bytes);
}

void http_session::start(outgoing x) {
  auto id = x.request_id;
  auto one_way = x.kind == outgoing_kind::one_way;
  auto made = std::make_shared<http_exchange>(shared_from_this(), std::move(x));
  auto added = one_way ? others_.insert(made).second
                       : requests_.emplace(id, made).second;
  if (!added) {
    unsent_bytes_ -= made->message().text.size();
    return fail(made->message(),
                make_refusal(errc::internal_error,
                             cat("request ", id, " is running already")));
  }
  if (auto status = made->start(); !status) {
    fail(made->message(), status.error());
    return on_end(*made);
  }
  if (one_way && gate_ == gate::armed)
    shut_gate(*made);
}

void http_session::fail(const outgoing& x, refusal why) {
  why.text = cat(config_.name, ": ", why.text);
  if (x.kind == outgoing_kind::one_way)
    log::transport::warning("message-not-sent", why.text);
  else
    tell_failure(x.request_id, {std::move(why), delivery::not_sent});
}

void http_session::on_end(http_exchange& x) {
  unsent_bytes_ -= x.message().text.size();
  auto keep = x.shared_from_this();
  on_accepted(x);
  if (x.message().kind == outgoing_kind::one_way)
    others_.erase(keep);
  else
    requests_.erase(x.message().request_id);
  close_if_flushed();
}

void http_session::end_forgotten(std::int64_t id) {
  auto i = requests_.find(id);
  if (i == requests_.end())
    return;
  auto x = i->second;
  if (x->message().kind == outgoing_kind::initialize)
    return x->abandon(config_.init_timeout);
  x->cancel();
  on_end(*x);
}

// -- after the handshake ------------------------------------------------------

void http_session::shut_gate(http_exchange& x) {
  gate_ = gate::shut;
  first_notification_ = &x;
  start_timer(config_.init_timeout, &http_session::open_gate);
}

void http_session::on_accepted(http_exchange& x) {
  if (&x == first_notification_)
    open_gate();
}

void http_session::open_gate() {
  if (gate_ == gate::open)
    return;
  gate_ = gate::open;
  first_notification_ = nullptr;
  stop_timer();
  for (auto& x : std::exchange(held_, {})) {
    unsent_bytes_ -= x.text.size();
    send(std::move(x));
  }
  open_stream();
}

void http_session::open_stream() {
  if (stream_ || !established_ || lost_ || stage_ != stage::open)
    return;
  event_reader reader{static_cast<std::size_t>(config_.max_message_bytes)};
  stream_ = std::make_shared<http_stream>(
    shared_from_this(), shared_from_this(), http_stream::purpose::standalone,
    session_id_, std::move(reader));
  stream_->open();
}

void http_session::stop_stream() {
  established_ = false;
  if (auto stream = std::exchange(stream_, nullptr))
    stream->stop();
}

void http_session::on_stream_message(protocol::message x) {
  tell(std::move(x));
}

void http_session::on_stream_noise(std::string sample) {
  tell_noise(std::move(sample));
}

void http_session::on_stream_end(const http_failure& why, bool session_gone) {
  stream_.reset();
  log::transport::debug("no-stream", config_.name,
                        ": the server offers no event stream: ", why.why.text);
  if (session_gone)
    on_session_gone(epoch_);
}

// -- the listener -------------------------------------------------------------

void http_session::tell(protocol::message x) {
  if (listener_ && stage_ == stage::open)
    listener_->on_message(std::move(x));
}

void http_session::tell_noise(std::string sample) {
  if (listener_ && stage_ == stage::open
      && noise_.admit(rate_gate::clock::now()))
    listener_->on_noise(std::move(sample));
}

void http_session::tell_failure(std::int64_t id, http_failure x) {
  if (!listener_ || stage_ != stage::open)
    return;
  if (x.unreachable)
    listener_->on_unreachable();
  listener_->on_failure(id, std::move(x.why), x.sent);
}

// -- the end ------------------------------------------------------------------

void http_session::start_timer(duration limit, void (http_session::*next)()) {
  auto turn = ++timer_turn_;
  timer_.expires_after(limit);
  timer_.async_wait(
    [self = shared_from_this(), next, turn](boost::system::error_code ec) {
      if (!ec && turn == self->timer_turn_)
        ((*self).*next)();
    });
}

void http_session::stop_timer() {
  ++timer_turn_;
  timer_.cancel();
}

// An `initialize` goes on: it may open a session that has to be ended. If there
// is one already, it finishes here and leaves `requests_` by itself.
void http_session::abort_requests() {
  for (auto i = requests_.begin(); i != requests_.end();) {
    auto x = i->second;
    if (x->message().kind == outgoing_kind::initialize) {
      ++i;
      x->abandon(config_.init_timeout);
    } else {
      x->cancel();
      i = requests_.erase(i);
    }
  }
}

void http_session::close_if_flushed() {
  if (stage_ == stage::flushing && requests_.empty() && others_.empty())
    end_session();
}

// Nobody waits for an `initialize` any longer; it goes on by itself, so that a
// session that it opens late is ended.
void http_session::abort_everything() {
  for (auto& x : std::exchange(others_, {}))
    x->cancel();
  for (auto& [id, x] : std::exchange(requests_, {}))
    if (x->message().kind != outgoing_kind::initialize)
      x->cancel();
  close_if_flushed();
}

void http_session::end_session() {
  stage_ = stage::ending;
  drop_session();
  close_if_ended();
}

void http_session::close_if_ended() {
  if (stage_ != stage::ending || deletions_ > 0)
    return;
  stage_ = stage::closed;
  client_ = nullptr;
  if (auto target = std::exchange(listener_, nullptr))
    target->on_close(
      make_refusal(errc::cancelled, cat(config_.name, ": closed")));
}

} // namespace mcpool::transport
