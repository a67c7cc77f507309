// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace mcpool {
inline namespace core {

namespace detail {

inline void append(std::string& out, std::string_view part) {
  out += part;
}

inline void append(std::string& out, char part) {
  out += part;
}

template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0>
void append(std::string& out, T part) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof(digits), part).ptr;
  out.append(digits, end);
}

template <class T, std::enable_if_t<
                     !std::is_convertible_v<
                       const T&, std::string_view> && !std::is_integral_v<T>,
                     int> = 0>
void append(std::string& out, const T& part) {
  out += to_string(part);
}

} // namespace detail

/// Joins `parts` to one text: strings and integers as they are, everything
/// else through its `to_string`.
template <class... Ts>
std::string cat(const Ts&... parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

} // namespace core
} // namespace mcpool
