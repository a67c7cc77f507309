// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_write.hpp>

#include <mcpool/protocol/utf8.hpp>

namespace mcpool::protocol {

namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view meanings = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789abcdef";
  out += '\\';
  if (auto i = meanings.find(c); i != meanings.npos) {
    out += letters[i];
  } else {
    out += "u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
}

// Appends what `text` begins with, and returns its length.
std::size_t append_first(std::string& out, std::string_view text) {
  auto c = static_cast<unsigned char>(text.front());
  if (c < 0x80) {
    if (c < 0x20 || c == '"' || c == '\\')
      append_escaped(out, text.front());
    else
      out += text.front();
    return 1;
  }
  if (auto length = utf8_length(text); length != 0) {
    out += text.substr(0, length);
    return length;
  }
  out += "\xef\xbf\xbd";
  return 1;
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  while (!text.empty())
    text.remove_prefix(append_first(out, text));
  out += '"';
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void append_one_line(std::string& out, std::string_view json) {
  if (json.find('\n') == json.npos && json.find('\r') == json.npos) {
    out += json;
    return;
  }
  for (auto c : json)
    if (c != '\n' && c != '\r')
      out += c;
}

} // namespace mcpool::protocol
