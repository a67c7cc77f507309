// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Reads single values that a scan has returned (`json_scan.hpp`). On text that
/// was not scanned these functions are safe, but may take it for valid.

namespace mcpool::protocol {

/// The kinds of JSON values (RFC 8259, section 3), and `none` for no text.
enum class json_kind : std::uint8_t {
  none,
  null,
  boolean,
  number,
  string,
  array,
  object,
};

/// The kind of a value.
json_kind kind_of(std::string_view value) noexcept;

/// True for a value that is absent or `null`: many servers write the one for
/// the other.
bool is_absent(std::string_view value) noexcept;

/// The text of a string with its escapes resolved; nothing for other kinds.
/// Lone surrogates become U+FFFD, so the outcome is always valid UTF-8.
std::optional<std::string> read_string(std::string_view value);

/// The text of a string; empty for other kinds.
std::string string_or_empty(std::string_view value);

/// A number that is an integer and fits, `7.0` and `7e0` included; nothing for
/// everything else.
std::optional<std::int64_t> read_integer(std::string_view value) noexcept;

/// A number within the range of `double`; nothing for everything else.
std::optional<double> read_number(std::string_view value) noexcept;

/// `true` or `false`; nothing for other kinds.
std::optional<bool> read_bool(std::string_view value) noexcept;

} // namespace mcpool::protocol
