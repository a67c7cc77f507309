// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_exchange.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/transport/http_session.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <new>
#include <utility>

namespace mcpool::transport {

namespace {

using namespace std::chrono_literals;

// Of an error: enough for any JSON-RPC error worth reading.
constexpr std::size_t longest_error = 64 * 1024;

// Of a body that is no answer: enough for the sample in the error.
constexpr std::size_t longest_sample = 1024;

// What may follow the acceptance of a one-way message before we hang up.
constexpr std::size_t longest_ignored = 64 * 1024;

// Memory is reserved for what a server announces, up to this much.
constexpr std::size_t largest_reserve = 1024 * 1024;

constexpr std::size_t longest_session_id = 1024;

// A server should end its stream after the answer; ours ends in any case.
constexpr duration linger = 2s;

bool is_visible_ascii(std::string_view x) noexcept {
  auto visible = [](char c) { return c >= 0x21 && c <= 0x7E; };
  return !x.empty() && x.size() <= longest_session_id
         && std::all_of(x.begin(), x.end(), visible);
}

bool is_json(std::string_view type) noexcept {
  constexpr std::string_view suffix = "+json";
  return type == "application/json"
         || (type.size() > suffix.size()
             && type.substr(type.size() - suffix.size()) == suffix);
}

std::size_t announced_size(const http_head& head) noexcept {
  auto value = head.find("content-length");
  std::size_t out = 0;
  std::from_chars(value.data(), value.data() + value.size(), out);
  return out;
}

bool may_hold_the_answer(int status) noexcept {
  return status >= 400 && status < 500 && status != 401 && status != 403
         && status != 408 && status != 429;
}

time_point now() {
  return std::chrono::time_point_cast<duration>(
    std::chrono::system_clock::now());
}

} // namespace

http_exchange::http_exchange(std::shared_ptr<http_session> session, outgoing x)
  : session_(std::move(session)),
    message_(std::move(x)),
    epoch_(session_->epoch()),
    had_session_(message_.kind != outgoing_kind::initialize
                 && !session_->session_id().empty()) {}

result<void> http_exchange::start() {
  auto target = session_->post_target(message_.kind);
  if (!target)
    return target.error();
  http_request request;
  request.target = std::move(*target);
  request.body = message_.text;
  request.tries = message_.kind == outgoing_kind::initialize;
  // Somebody above waits for the answer to a request, and for how long.
  if (message_.kind == outgoing_kind::one_way)
    request.timeout = session_->config().timeout;
  exchange_ = session_->client()->start(std::move(request), shared_from_this());
  return {};
}

// A session that was offered and not taken is nobody's: it is ended.
void http_exchange::cancel() {
  finished_ = true;
  if (!offered_.empty())
    session_->delete_session(std::exchange(offered_, {}));
  auto id = std::exchange(exchange_, 0);
  if (auto client = session_->client())
    client->cancel(id);
  if (auto stream = std::exchange(stream_, nullptr))
    stream->stop();
}

void http_exchange::abandon(duration limit) {
  abandoned_ = true;
  if (stream_ || !offered_.empty())
    return finish();
  end_within(limit);
}

// -- the answer ---------------------------------------------------------------

// Without the memory for what a kind needs there was no answer.
void http_exchange::on_head(const http_head& head) {
  status_ = head.status();
  auto kind = kind_of(head);
  if (kind == body_kind::error || kind == body_kind::foreign)
    head_ = std::make_unique<http_head>(head);
  if (kind == body_kind::events)
    reader_
      = std::make_unique<event_reader>(session_->config().max_message_bytes);
  if (kind == body_kind::json)
    body_.reserve(std::min(announced_size(head), largest_reserve));
  kind_ = kind;
  if (head.ok() && message_.kind == outgoing_kind::initialize)
    take_session_id(head);
  if (abandoned_ && !offered_.empty())
    return finish();
  if (kind_ == body_kind::ignored)
    on_accepted();
}

http_exchange::body_kind http_exchange::kind_of(const http_head& head) const {
  if (!head.ok())
    return body_kind::error;
  if (message_.kind == outgoing_kind::one_way)
    return body_kind::ignored;
  auto type = head.media_type();
  if (type == "text/event-stream")
    return body_kind::events;
  // An empty body needs no type; on_complete() looks at it.
  return type.empty() || is_json(type) ? body_kind::json : body_kind::foreign;
}

void http_exchange::take_session_id(const http_head& head) {
  auto id = head.find("mcp-session-id");
  if (is_visible_ascii(id))
    offered_ = id;
  else if (!id.empty())
    log::transport::warning("bad-session-id", session_->config().name,
                            ": the server sent a session id of ", id.size(),
                            " bytes that is no visible ASCII; it is ignored");
}

// Some servers promise a body that never comes.
void http_exchange::on_accepted() {
  end_within(linger);
  session_->on_accepted(*this);
}

// The caller is no C++.
http_flow http_exchange::on_body(std::string_view bytes) {
  try {
    return take_body(bytes);
  } catch (const std::bad_alloc&) {
    spoiled_ = out_of_memory();
    return http_flow::stop;
  }
}

// What it sent so far is what takes the memory.
refusal http_exchange::out_of_memory() {
  body_ = std::string{};
  return make_refusal(
    errc::payload_too_large,
    cat("there is not enough memory for the answer of ", origin()));
}

http_flow http_exchange::take_body(std::string_view bytes) {
  switch (kind_) {
    case body_kind::json: return on_json(bytes);
    case body_kind::events: return on_events(bytes);
    case body_kind::error: return keep_beginning(bytes, longest_error);
    case body_kind::foreign: return keep_beginning(bytes, longest_sample);
    default: break;
  }
  ignored_ += bytes.size();
  return ignored_ > longest_ignored ? http_flow::stop : http_flow::more;
}

http_flow http_exchange::on_json(std::string_view bytes) {
  auto limit = session_->config().max_message_bytes;
  if (body_.size() + bytes.size() > limit) {
    spoiled_ = make_refusal(errc::payload_too_large,
                            cat(origin(), " sent an answer of more than ",
                                limit, " bytes (maxMessageBytes)"));
    return http_flow::stop;
  }
  body_ += bytes;
  return http_flow::more;
}

http_flow http_exchange::on_events(std::string_view bytes) {
  auto resumable = !reader_->last_event_id().empty();
  if (auto status = reader_->feed(bytes, *this); !status) {
    spoiled_ = status.error();
    return http_flow::stop;
  }
  // From here on silence can be told from a connection that died.
  if (!resumable && !reader_->last_event_id().empty())
    if (auto client = session_->client())
      client->end_when_idle(exchange_, session_->config().stream_idle_timeout);
  return http_flow::more;
}

http_flow http_exchange::keep_beginning(std::string_view bytes,
                                        std::size_t limit) {
  body_ += bytes.substr(0, limit - body_.size());
  return body_.size() < limit ? http_flow::more : http_flow::stop;
}

void http_exchange::on_message(protocol::message x) {
  auto is_answer = x.kind == protocol::message_kind::result
                   || x.kind == protocol::message_kind::error;
  if (is_answer && message_.request_id != 0
      && x.number == message_.request_id) {
    if (std::exchange(answered_, true))
      return;
    on_answered(x);
  } else if (x.kind == protocol::message_kind::error && !x.number) {
    said_ = printable_sample(x.error.message);
    return;
  }
  if (!abandoned_ && !finished_)
    session_->tell(std::move(x));
}

void http_exchange::on_noise(std::string sample) {
  if (!abandoned_ && !finished_)
    session_->tell_noise(std::move(sample));
}

void http_exchange::on_answered(const protocol::message& x) {
  end_within(linger);
  if (message_.kind != outgoing_kind::initialize
      || x.kind != protocol::message_kind::result)
    return;
  if (!abandoned_ && session_->on_session_begun(offered_, epoch_))
    offered_.clear();
}

// -- the end of the POST ------------------------------------------------------

void http_exchange::on_done(const http_outcome& outcome) {
  using ending = http_outcome::ending;
  exchange_ = 0;
  if (finished_)
    return;
  auto keep = shared_from_this();
  if (spoiled_ && !answered_)
    return fail({*spoiled_, delivery::maybe_sent});
  auto broke
    = outcome.how == ending::broken || outcome.how == ending::timed_out;
  if (answered_ || (kind_ == body_kind::ignored))
    return finish();
  if (!broke || kind_ == body_kind::error || kind_ == body_kind::foreign) {
    try {
      return on_complete();
    } catch (const std::bad_alloc&) {
      return fail({out_of_memory(), delivery::maybe_sent});
    }
  }
  if (!resume())
    fail({outcome.why, outcome.sent, outcome.unreachable});
}

void http_exchange::on_complete() {
  switch (kind_) {
    case body_kind::json: return read_json();
    case body_kind::error: return on_error_status();
    case body_kind::foreign: return on_foreign();
    default: break;
  }
  if (!resume())
    fail(errc::connection_lost,
         cat(origin(), " ended its event stream without the answer",
             said_.empty() ? "" : ": ", said_),
         delivery::maybe_sent);
}

void http_exchange::read_json() {
  if (trimmed(body_).empty())
    return on_no_answer();
  shared_text text{std::move(body_)};
  auto limit = session_->config().max_message_bytes;
  if (auto status = read_messages(text, limit, *this); !status)
    return fail(status.error().code,
                cat(origin(), " answered HTTP ", status_,
                    " with what is no JSON-RPC: ", status.error().text, ": ",
                    printable_sample(text.view())),
                delivery::maybe_sent);
  if (!answered_)
    return on_no_answer();
  finish();
}

void http_exchange::on_no_answer() {
  fail(errc::protocol_violation,
       cat(origin(), " answered HTTP ", status_,
           " without the answer to the request", said_.empty() ? "" : ": ",
           said_),
       delivery::maybe_sent);
}

void http_exchange::on_foreign() {
  auto type = head_->media_type();
  fail(
    errc::protocol_violation,
    cat(
      origin(), " answered HTTP ", status_, " with ", printable_sample(type),
      ", which is neither JSON nor an event stream: ", printable_sample(body_)),
    delivery::maybe_sent);
}

// What the status says about session, login and load counts more than a
// JSON-RPC error in the body; otherwise an error with our id is the answer.
void http_exchange::on_error_status() {
  auto why = failure_of(*head_, origin(), body_, now());
  if (had_session_ && says_session_lost(status_, body_)) {
    session_->on_session_gone(epoch_);
    why.why.code = errc::connection_lost;
    why.why.text
      = cat("the server does not know the session any more: ", why.why.text);
    return fail(std::move(why));
  }
  if (may_hold_the_answer(status_) && is_json(head_->media_type()))
    if (read_messages(shared_text{body_}, longest_error, *this) && answered_)
      return finish();
  fail(std::move(why));
}

// -- resumption ---------------------------------------------------------------

// Without an event id, or in another session, there is nothing to go on from,
// and what nobody waits for ends here.
bool http_exchange::resume() {
  auto session_is_there
    = message_.kind == outgoing_kind::initialize || epoch_ == session_->epoch();
  if (abandoned_ || !reader_ || reader_->last_event_id().empty()
      || !session_is_there)
    return false;
  auto& id = message_.kind == outgoing_kind::initialize
               ? offered_
               : session_->session_id();
  if (had_session_ && id.empty())
    return false; // it was lost meanwhile
  stream_ = std::make_shared<http_stream>(session_, shared_from_this(),
                                          http_stream::purpose::resumption, id,
                                          std::move(*reader_));
  stream_->open_later();
  return true;
}

void http_exchange::on_stream_message(protocol::message x) {
  auto keep = shared_from_this();
  on_message(std::move(x));
  if (answered_ && !finished_)
    finish();
}

void http_exchange::on_stream_noise(std::string sample) {
  on_noise(std::move(sample));
}

void http_exchange::on_stream_end(const http_failure& why, bool session_gone) {
  stream_.reset();
  if (session_gone)
    session_->on_session_gone(epoch_);
  fail(errc::connection_lost,
       cat("the answer broke off and could not be resumed: ", why.why.text),
       delivery::maybe_sent);
}

// -- endings ------------------------------------------------------------------

void http_exchange::fail(http_failure why) {
  if (finished_)
    return;
  why.why.text = cat(session_->config().name, ": ", why.why.text);
  if (message_.kind == outgoing_kind::one_way)
    log::transport::warning("message-not-accepted", why.why.text);
  else if (!abandoned_)
    session_->tell_failure(message_.request_id, std::move(why));
  finish();
}

void http_exchange::fail(errc code, std::string text, delivery sent) {
  fail({make_refusal(code, std::move(text)), sent});
}

void http_exchange::end_within(duration limit) {
  if (auto client = session_->client())
    client->end_within(exchange_, limit);
}

void http_exchange::finish() {
  auto keep = shared_from_this();
  cancel();
  session_->on_end(*this);
}

std::string http_exchange::origin() const {
  auto out = origin_of(session_->config().url);
  return out ? *out : std::string{"the server"};
}

} // namespace mcpool::transport
