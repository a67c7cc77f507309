// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/printable.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/utf8.hpp>

namespace mcpool::transport {

namespace {

constexpr std::string_view cut_mark = "...";

/// The length of the printable character that `text` starts with, or 0. U+0080
/// to U+009F are control characters.
std::size_t character(std::string_view text) {
  if (text[0] >= ' ' && text[0] <= '~')
    return 1;
  auto length = protocol::utf8_length(text);
  auto control = length == 2 && text[0] == '\xc2'
                 && static_cast<unsigned char>(text[1]) < 0xa0;
  return control ? 0 : length;
}

std::string escaped(char x) {
  constexpr char digits[] = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(x);
  return cat("\\x", digits[byte >> 4], digits[byte & 15]);
}

} // namespace

std::string printable(std::string_view text, std::size_t max_bytes) {
  std::string out;
  std::size_t cut = 0; // Where the mark fits.
  while (!text.empty()) {
    auto length = character(text);
    auto part = length > 0 ? std::string{text.substr(0, length)}
                           : escaped(text.front());
    if (out.size() + part.size() > max_bytes)
      return out.substr(0, cut).append(cut_mark.substr(0, max_bytes));
    out += part;
    if (out.size() + cut_mark.size() <= max_bytes)
      cut = out.size();
    text.remove_prefix(length > 0 ? length : 1);
  }
  return out;
}

} // namespace mcpool::transport
