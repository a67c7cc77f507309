// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string_view>

namespace mcpool::protocol {

/// The length, 2 to 4, of the UTF-8 sequence of more than one byte that `text`
/// begins with (RFC 3629, section 4); 0 if there is no valid one: overlong
/// forms, surrogates, code points past U+10FFFF, a missing rest.
inline std::size_t utf8_length(std::string_view text) noexcept {
  auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  auto within = [&byte](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  auto tail = [&within](std::size_t i) { return within(i, 0x80, 0xbf); };
  auto first = byte(0);
  if (first >= 0xc2 && first <= 0xdf)
    return tail(1) ? 2 : 0;
  if ((first & 0xf0) == 0xe0) {
    auto low = first == 0xe0 ? 0xa0u : 0x80u;
    auto high = first == 0xed ? 0x9fu : 0xbfu;
    return within(1, low, high) && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    auto low = first == 0xf0 ? 0x90u : 0x80u;
    auto high = first == 0xf4 ? 0x8fu : 0xbfu;
    return within(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

} // namespace mcpool::protocol
