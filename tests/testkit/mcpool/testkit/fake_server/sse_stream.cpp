// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/sse_stream.hpp>

#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::size_t max_events = 1'000;
constexpr std::size_t endless_part = 16 * 1024;

http_fields sse_fields(http_fields more) {
  more.emplace_back("Content-Type", "text/event-stream");
  more.emplace_back("Cache-Control", "no-cache");
  return more;
}

// A line break inside the data starts another data line.
std::string data_lines(const std::string& text) {
  std::string lines = "data: ";
  for (char c : text) {
    lines += c;
    if (c == '\n')
      lines += "data: ";
  }
  return lines + "\n\n";
}

} // namespace

sse_stream::sse_stream(std::string key, bool resumable,
                       std::optional<milliseconds> retry)
  : key_{std::move(key)},
    resumable_{resumable},
    retry_{retry} {}

void sse_stream::open(const http_connection::pointer& where,
                      http_fields fields) {
  attach(where);
  where->head(200, sse_fields(std::move(fields)), std::nullopt);
  if (resumable_)
    where->body("id: " + key_ + "/" + std::to_string(next_++) + "\n"
                + retry_line() + "data: \n\n");
  else if (retry_)
    where->body(retry_line() + "\n");
}

void sse_stream::resume(const http_connection::pointer& where,
                        std::size_t last) {
  attach(where);
  where->head(200, sse_fields({}), std::nullopt);
  for (auto& one : events_)
    if (one.number > last)
      where->body(one.text);
  if (finished_)
    detach();
}

void sse_stream::hold(gauge::token what) {
  held_ = std::move(what);
}

void sse_stream::emit(const std::string& text, milliseconds drip) {
  auto number = next_;
  auto bytes = format(text);
  if (attached())
    where_.lock()->body(bytes, drip);
  if (!resumable_)
    return;
  events_.push_back({number, std::move(bytes)});
  if (events_.size() > max_events)
    events_.pop_front();
}

void sse_stream::emit_broken(const std::string& text, shape how) {
  if (!attached())
    return;
  auto where = where_.lock();
  where->body("data: " + text.substr(0, text.size() / 2));
  if (how == shape::endless)
    where->endless_body(std::string(endless_part, 'x'));
}

void sse_stream::interrupt(milliseconds retry) {
  retry_ = retry;
  if (attached()) {
    auto where = where_.lock();
    if (!std::exchange(resumable_, true))
      where->body("id: " + key_ + "/" + std::to_string(next_++) + "\n"
                  + retry_line() + "data: \n\n");
    else
      where->body(retry_line() + "\n");
  }
  detach();
}

void sse_stream::finish() {
  finished_ = true;
  detach();
}

bool sse_stream::attached() const {
  auto where = where_.lock();
  return where && !where->gone();
}

void sse_stream::attach(const http_connection::pointer& where) {
  detach();
  where_ = where;
}

void sse_stream::detach() {
  held_.reset();
  auto where = where_.lock();
  where_.reset();
  if (where && !where->gone())
    where->finish();
}

std::string sse_stream::format(const std::string& text) {
  auto number = next_++;
  auto id = resumable_ ? "id: " + key_ + "/" + std::to_string(number) + "\n"
                       : std::string{};
  return id + "event: message\n" + data_lines(text);
}

std::string sse_stream::retry_line() const {
  return retry_ ? "retry: " + std::to_string(retry_->count()) + "\n" : "";
}

} // namespace mcpool::testkit::fake_server
