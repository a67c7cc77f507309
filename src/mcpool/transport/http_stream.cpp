// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_stream.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/transport/http_session.hpp>

#include <chrono>
#include <new>
#include <random>
#include <utility>

namespace mcpool::transport {

namespace {

constexpr std::size_t longest_refusal = 4096;

double random_fraction() {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
}

time_point now() {
  return std::chrono::time_point_cast<duration>(
    std::chrono::system_clock::now());
}

bool may_change_by_itself(int status) noexcept {
  return status == 408 || status == 429 || (status >= 500 && status != 501);
}

} // namespace

http_stream::http_stream(std::shared_ptr<http_session> session,
                         std::shared_ptr<http_stream_owner> owner, purpose what,
                         std::string session_id, event_reader reader)
  : session_(std::move(session)),
    owner_(std::move(owner)),
    what_(what),
    session_id_(std::move(session_id)),
    reader_(std::move(reader)),
    timer_(session_->loop().context()) {}

void http_stream::open() {
  if (!owner_)
    return;
  auto target = session_->stream_target(session_id_, reader_.last_event_id());
  if (!target)
    return end({target.error(), delivery::maybe_sent}, false);
  head_.clear();
  is_stream_ = false;
  body_.clear();
  spoiled_.reset();
  reader_.restart();
  http_request request;
  request.method = http_method::get;
  request.target = std::move(*target);
  request.idle_timeout = session_->config().stream_idle_timeout;
  exchange_ = session_->client()->start(std::move(request), shared_from_this());
}

void http_stream::open_later() {
  timer_.expires_after(reader_.delay().next(random_fraction()));
  timer_.async_wait([self = shared_from_this()](boost::system::error_code ec) {
    if (!ec)
      self->open();
  });
}

void http_stream::stop() {
  timer_.cancel();
  auto id = std::exchange(exchange_, 0);
  if (auto client = session_->client())
    client->cancel(id);
  owner_.reset();
}

void http_stream::on_head(const http_head& head) {
  head_ = head;
  is_stream_ = head.ok() && head.media_type() == "text/event-stream";
  worked_ = worked_ || is_stream_;
}

http_flow http_stream::on_body(std::string_view bytes) {
  if (!is_stream_) {
    body_ += bytes.substr(0, longest_refusal - body_.size());
    return body_.size() < longest_refusal ? http_flow::more : http_flow::stop;
  }
  auto keep = shared_from_this();
  try {
    if (auto status = reader_.feed(bytes, *this); !status)
      spoiled_ = status.error();
  } catch (const std::bad_alloc&) {
    spoiled_ = make_refusal(errc::payload_too_large,
                            "there is not enough memory for an event");
  }
  return spoiled_ || !owner_ ? http_flow::stop : http_flow::more;
}

// Silence is no failure: the stream may just have nothing to say.
void http_stream::on_done(const http_outcome& outcome) {
  exchange_ = 0;
  if (!owner_)
    return;
  if (spoiled_)
    return retry_after_failure({*spoiled_, delivery::maybe_sent});
  if (is_stream_)
    return open_later();
  if (head_.complete())
    return on_refused();
  if (outcome.how == http_outcome::ending::timed_out && worked_)
    return open_later();
  retry_after_failure({outcome.why, delivery::maybe_sent});
}

void http_stream::on_refused() {
  auto origin = origin_of(session_->config().url);
  auto why = failure_of(head_, origin ? *origin : std::string{}, body_, now());
  if (head_.ok())
    why.why.text = cat(why.why.text, " (", head_.media_type(),
                       ") where an event stream belongs");
  if (shows_lost_session())
    return end(why, true);
  if (!may_change_by_itself(head_.status()))
    return end(why, false);
  retry_after_failure(std::move(why));
}

// A server without this stream may answer 400 or 404 too: it only means the
// session where the server is known to have such streams.
bool http_stream::shows_lost_session() const {
  auto has_streams = worked_ || what_ == purpose::resumption;
  return has_streams && !session_id_.empty()
         && says_session_lost(head_.status(), body_);
}

void http_stream::retry_after_failure(http_failure why) {
  reader_.delay().on_failure();
  if (reader_.delay().exhausted())
    return end(why, false);
  log::transport::debug("stream-retry", session_->config().name,
                        ": the event stream is opened again: ", why.why.text);
  open_later();
}

void http_stream::end(const http_failure& why, bool session_gone) {
  if (auto owner = std::exchange(owner_, nullptr))
    owner->on_stream_end(why, session_gone);
}

void http_stream::on_message(protocol::message x) {
  if (owner_)
    owner_->on_stream_message(std::move(x));
}

void http_stream::on_noise(std::string sample) {
  if (owner_)
    owner_->on_stream_noise(std::move(sample));
}

} // namespace mcpool::transport
