// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_read.hpp>

#include <charconv>
#include <cmath>

namespace mcpool::protocol {

namespace {

// The largest integer up to which `double` has every one.
constexpr double exact = 9007199254740992.0;

bool is_number_start(char c) {
  return c == '-' || (c >= '0' && c <= '9');
}

void append_utf8(std::string& out, std::uint32_t code) {
  auto tail = [&out, code](unsigned shift) {
    out += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80)
    return out.push_back(static_cast<char>(code));
  if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    tail(6);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

// Takes the digits of `\uXXXX` from the front of `text`; nothing if there are
// no four of them.
std::optional<std::uint32_t> take_code(std::string_view& text) {
  if (text.size() < 4)
    return std::nullopt;
  std::uint32_t out = 0;
  auto end = text.data() + 4;
  if (std::from_chars(text.data(), end, out, 16).ptr != end)
    return std::nullopt;
  text.remove_prefix(4);
  return out;
}

// Takes the second half of a surrogate pair from the front of `text`.
std::optional<std::uint32_t> take_low_half(std::string_view& text) {
  auto rest = text;
  if (rest.substr(0, 2) != "\\u")
    return std::nullopt;
  rest.remove_prefix(2);
  auto low = take_code(rest);
  if (!low || *low < 0xdc00 || *low > 0xdfff)
    return std::nullopt;
  text = rest;
  return low;
}

void append_code(std::string& out, std::string_view& text) {
  constexpr std::uint32_t replacement = 0xfffd;
  auto code = take_code(text).value_or(replacement);
  if (code < 0xd800 || code > 0xdfff)
    return append_utf8(out, code);
  auto low = code < 0xdc00 ? take_low_half(text) : std::nullopt;
  append_utf8(out, low ? 0x10000 + ((code - 0xd800) << 10) + (*low - 0xdc00)
                       : replacement);
}

// Takes an escape, whose backslash is gone, from the front of `text`.
void append_escape(std::string& out, std::string_view& text) {
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  auto letter = text.front();
  text.remove_prefix(1);
  if (letter == 'u')
    return append_code(out, text);
  auto i = letters.find(letter);
  out += i == letters.npos ? letter : meanings[i];
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (;;) {
    auto backslash = text.find('\\');
    out += text.substr(0, backslash);
    if (backslash == text.npos || backslash + 1 == text.size())
      return out;
    text.remove_prefix(backslash + 1);
    append_escape(out, text);
  }
}

} // namespace

json_kind kind_of(std::string_view value) noexcept {
  if (value.empty())
    return json_kind::none;
  switch (value.front()) {
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case '"': return json_kind::string;
    case 't': return json_kind::boolean;
    case 'f': return json_kind::boolean;
    case 'n': return json_kind::null;
    default: break;
  }
  return is_number_start(value.front()) ? json_kind::number : json_kind::none;
}

bool is_absent(std::string_view value) noexcept {
  return value.empty() || value == "null";
}

std::optional<std::string> read_string(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"')
    return std::nullopt;
  return unescape(value.substr(1, value.size() - 2));
}

std::string string_or_empty(std::string_view value) {
  return read_string(value).value_or(std::string{});
}

std::optional<std::int64_t> read_integer(std::string_view value) noexcept {
  std::int64_t out = 0;
  auto end = value.data() + value.size();
  auto [stop, code] = std::from_chars(value.data(), end, out);
  if (code == std::errc{} && stop == end)
    return out;
  if (value.find_first_of(".eE") == value.npos)
    return std::nullopt;
  auto x = read_number(value);
  if (!x || std::trunc(*x) != *x || std::fabs(*x) > exact)
    return std::nullopt;
  return static_cast<std::int64_t>(*x);
}

std::optional<double> read_number(std::string_view value) noexcept {
  if (kind_of(value) != json_kind::number)
    return std::nullopt;
  double out = 0;
  auto end = value.data() + value.size();
  auto [stop, code] = std::from_chars(value.data(), end, out);
  if (code != std::errc{} || stop != end || !std::isfinite(out))
    return std::nullopt;
  return out;
}

std::optional<bool> read_bool(std::string_view value) noexcept {
  if (value == "true")
    return true;
  if (value == "false")
    return false;
  return std::nullopt;
}

} // namespace mcpool::protocol
