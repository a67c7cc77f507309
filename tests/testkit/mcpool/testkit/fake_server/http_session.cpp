// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_session.hpp>

#include <random>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::size_t max_streams = 256;
constexpr std::size_t max_open = 100'000;
constexpr std::size_t max_ended = 1'000'000;

std::string random_id() {
  static std::random_device source;
  static constexpr char digits[] = "0123456789abcdef";
  std::string id = "fake-";
  for (int i = 0; i < 4; ++i)
    for (auto [bits, n] = std::pair{source(), 0}; n < 8; ++n, bits >>= 4)
      id += digits[bits & 15U];
  return id;
}

} // namespace

std::shared_ptr<sse_stream> http_session::make_stream(const options& chosen) {
  auto key = "s" + std::to_string(++last_stream);
  auto made = std::make_shared<sse_stream>(key, chosen.priming, chosen.retry);
  streams.push_back(made);
  if (streams.size() > max_streams)
    streams.pop_front();
  return made;
}

std::shared_ptr<sse_stream>
http_session::find_stream(const std::string& key) const {
  for (auto& one : streams)
    if (one->key() == key)
      return one;
  return nullptr;
}

http_sessions::http_sessions(const options& chosen) : chosen_{chosen} {}

http_session_ptr http_sessions::make() {
  if (!chosen_.sessions && only_)
    return only_;
  auto made = std::make_shared<http_session>();
  made->core->number = last_number_ + 1;
  std::weak_ptr<http_session> weak = made;
  made->core->push = [weak](const std::string& text) {
    auto self = weak.lock();
    if (!self || !self->get_stream || !self->get_stream->attached())
      return false;
    self->get_stream->emit(text);
    return true;
  };
  if (chosen_.sessions)
    made->core->id = random_id();
  else
    only_ = made;
  return made;
}

bool http_sessions::open(const http_session_ptr& what) {
  if (open_.size() >= max_open)
    return false;
  if (!what->open)
    what->core->number = ++last_number_;
  what->open = true;
  open_[what->core->id] = what;
  return true;
}

http_session_ptr http_sessions::find(const std::string& id) const {
  auto found = open_.find(id);
  return found == open_.end() ? nullptr : found->second;
}

const http_sessions::end* http_sessions::find_end(const std::string& id) const {
  auto found = ended_.find(id);
  return found == ended_.end() ? nullptr : &found->second;
}

void http_sessions::close(const http_session_ptr& what, end why) {
  if (!open_.erase(what->core->id))
    return;
  what->open = false;
  if (ended_.size() < max_ended)
    ended_[what->core->id] = why;
}

std::deque<http_session_ptr> http_sessions::all() const {
  std::deque<http_session_ptr> found;
  for (auto& [id, one] : open_)
    found.push_back(one);
  return found;
}

} // namespace mcpool::testkit::fake_server
