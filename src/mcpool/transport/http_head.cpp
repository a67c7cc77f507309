// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_head.hpp>

#include <curl/curl.h>
#include <algorithm>
#include <charconv>

namespace mcpool::transport {

namespace {

using namespace std::chrono_literals;

constexpr duration longest_retry_after = 24h;

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool starts_with(std::string_view text, std::string_view prefix) noexcept {
  return text.substr(0, prefix.size()) == prefix;
}

int parse_status(std::string_view line) noexcept {
  auto blank = line.find(' ');
  if (blank == std::string_view::npos)
    return 0;
  auto digits = line.substr(blank + 1, 3);
  int out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

duration seconds_of(std::string_view digits) noexcept {
  std::int64_t out = 0;
  auto status
    = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (status.ec != std::errc{} || out > 24 * 3600)
    return longest_retry_after;
  return std::chrono::seconds{out};
}

} // namespace

void http_head::clear() noexcept {
  lines_.clear();
  bytes_ = 0;
  status_ = 0;
  complete_ = false;
}

bool http_head::add_line(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > max_bytes)
    return false;
  if (complete_)
    return true; // a trailer
  if (starts_with(line, "HTTP/"))
    begin_answer(line);
  else if (line == "\r\n" || line == "\n")
    complete_ = status_ >= 200;
  else
    lines_ += line;
  return true;
}

void http_head::begin_answer(std::string_view line) {
  lines_.clear();
  status_ = parse_status(line);
}

std::string_view http_head::find(std::string_view name) const noexcept {
  std::string_view rest = lines_;
  while (!rest.empty()) {
    auto end = std::min(rest.find('\n'), rest.size() - 1);
    auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    auto colon = line.find(':');
    if (colon == name.size() && same_ignoring_case(line.substr(0, colon), name))
      return trimmed(line.substr(colon + 1));
  }
  return {};
}

std::string http_head::media_type() const {
  auto value = find("content-type");
  std::string out{trimmed(value.substr(0, value.find(';')))};
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::optional<duration> http_head::retry_after(time_point now) const {
  auto value = find("retry-after");
  if (all_digits(value))
    return seconds_of(value);
  if (value.empty())
    return std::nullopt;
  auto at = curl_getdate(std::string{value}.c_str(), nullptr);
  if (at < 0)
    return std::nullopt;
  auto wait = time_point{std::chrono::seconds{at}} - now;
  return std::clamp(wait, duration{0}, longest_retry_after);
}

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
  auto same = [](char x, char y) { return lower(x) == lower(y); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

std::string_view trimmed(std::string_view text) noexcept {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string printable_sample(std::string_view text, std::size_t limit) {
  constexpr std::string_view cut = "...";
  std::string out;
  for (auto c : trimmed(text.substr(0, 4 * limit))) {
    auto blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (blank && !out.empty() && out.back() == ' ')
      continue;
    out += blank ? ' ' : c > 0x20 && c < 0x7F ? c : '?';
  }
  if (out.size() > limit)
    out.replace(limit - cut.size(), out.npos, cut);
  return out;
}

} // namespace mcpool::transport
