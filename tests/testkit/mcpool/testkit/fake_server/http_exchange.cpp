// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_exchange.hpp>

#include <mcpool/testkit/fake_server/http_front.hpp>

#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::size_t endless_part = 16 * 1024;

std::string repeated(const reply& what) {
  return what.copies == 1 ? what.text : "[" + what.text + "," + what.text + "]";
}

} // namespace

http_exchange::http_exchange(http_front& front, http_connection::pointer from,
                             http_session_ptr who, kind what)
  : front_{front},
    from_{from},
    who_{std::move(who)},
    kind_{what} {}

void http_exchange::watch() {
  if (auto from = from_.lock())
    from->on_gone([self = shared_from_this()] { self->on_gone(); });
}

void http_exchange::send(const std::string& text) {
  if (!over())
    open_stream();
  if (stream_)
    stream_->emit(text);
}

void http_exchange::answer(const reply& what) {
  end();
  if (what.opens_session)
    front_.open_session(who_);
  if (wants_stream(what))
    open_stream();
  if (stream_)
    answer_in_stream(what);
  else
    answer_plainly(what);
}

void http_exchange::abandon() {
  end();
  if (stream_)
    stream_->finish();
  else
    close(ending::orderly);
}

void http_exchange::close(ending how) {
  if (auto from = from_.lock())
    from->close(how);
}

void http_exchange::break_stream(std::chrono::milliseconds retry) {
  if (over())
    return;
  open_stream();
  stream_->interrupt(retry);
}

void http_exchange::when_sent(std::function<void()> then) {
  auto from = from_.lock();
  if (!from)
    return then();
  from->when_sent(std::move(then));
}

void http_exchange::lose_session() {
  // Our own answer first: closing the session gives up what it runs.
  if (!over())
    answer(front_.dead_session_reply());
  front_.close_session(who_, http_sessions::end::dropped);
}

bool http_exchange::wants_stream(const reply& what) const {
  auto is_answer = !what.text.empty() && !what.is_plain_http();
  return is_answer && what.sse.value_or(front_.chosen().sse);
}

void http_exchange::open_stream() {
  auto from = from_.lock();
  if (stream_ || !from)
    return;
  if (kind_ == kind::initialize)
    front_.open_session(who_);
  stream_ = who_->make_stream(front_.chosen());
  stream_->open(from, session_field());
}

void http_exchange::answer_plainly(const reply& what) {
  auto from = from_.lock();
  if (!from)
    return;
  auto text = repeated(what);
  auto fields = what.opens_session ? session_field() : http_fields{};
  fields.insert(fields.end(), what.header.begin(), what.header.end());
  auto silent = what.text.empty() && !what.even_if_empty;
  if (!silent)
    fields.emplace_back("Content-Type", what.content_type.empty()
                                          ? "application/json"
                                          : what.content_type);
  auto status = what.status != 0 ? what.status : silent ? 202 : 200;
  if (what.how == shape::endless) {
    from->head(status, fields, std::nullopt);
    from->body(text.substr(0, text.size() / 2));
    return from->endless_body(std::string(endless_part, 'x'));
  }
  from->head(status, fields, text.size());
  if (what.how == shape::half)
    return from->body(text.substr(0, text.size() / 2), what.drip);
  from->body(text, what.drip);
  from->finish();
}

void http_exchange::answer_in_stream(const reply& what) {
  if (what.how != shape::whole)
    return stream_->emit_broken(what.text, what.how);
  for (int i = 0; i < what.copies; ++i)
    stream_->emit(what.text, what.drip);
  stream_->finish();
}

http_fields http_exchange::session_field() {
  auto named = kind_ == kind::initialize && !who_->core->id.empty();
  return named ? http_fields{{"Mcp-Session-Id", who_->core->id}}
               : http_fields{};
}

void http_exchange::on_gone() {
  if (over() || (stream_ && stream_->resumable()))
    return;
  end();
  auto& core = *who_->core;
  if (kind_ != kind::initialize || core.handshakes.empty())
    return;
  core.handshakes.pop_back();
  if (!core.id.empty())
    core.running.clear();
}

} // namespace mcpool::testkit::fake_server
