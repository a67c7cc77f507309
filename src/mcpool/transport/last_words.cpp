// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/last_words.hpp>

#include <mcpool/core/log.hpp>
#include <mcpool/transport/printable.hpp>

#include <algorithm>
#include <utility>

namespace mcpool::transport {

namespace {

constexpr std::size_t max_line = 8 * 1024;
constexpr std::size_t max_kept = 500;
constexpr std::uint32_t lines_per_second = 100;

bool is_blank(std::string_view x) {
  return x.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

last_words::last_words(server_name server)
  : server_(std::move(server)),
    gate_(lines_per_second) {}

void last_words::feed(std::string_view bytes) {
  for (;;) {
    auto end = bytes.find('\n');
    append(bytes.substr(0, end));
    if (end == std::string_view::npos)
      return;
    end_line();
    bytes.remove_prefix(end + 1);
  }
}

void last_words::finish() {
  end_line();
}

std::string last_words::text() const {
  std::string out;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    auto& line = kept_[(next_ + i) % kept_.size()];
    if (line.empty())
      continue;
    if (!out.empty())
      out += " | ";
    out += printable(line, max_kept);
  }
  return out;
}

void last_words::append(std::string_view part) {
  auto room = max_line - line_.size();
  cut_ = cut_ || part.size() > room;
  line_ += part.substr(0, room);
}

void last_words::end_line() {
  if (!line_.empty() && line_.back() == '\r')
    line_.pop_back();
  if (!is_blank(line_)) {
    log_line();
    // One byte more shows that there was more.
    kept_[next_].assign(line_, 0, max_kept + 1);
    next_ = (next_ + 1) % kept_.size();
  }
  line_.clear();
  cut_ = false;
}

void last_words::log_line() {
  if (!log::enabled(log::level::info) || !gate_.admit(rate_gate::clock::now()))
    return;
  if (auto held = gate_.take_held(); held > 0)
    log::server::info("stderr", server_, ": ... ", held, " lines left out");
  log::server::info("stderr", server_, ": ", printable(line_, 4 * max_line),
                    cut_ ? "..." : "");
}

} // namespace mcpool::transport
