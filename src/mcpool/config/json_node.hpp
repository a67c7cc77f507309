// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::config {

/// What a JSON value is.
enum class json_kind : std::uint8_t {
  null,
  boolean,
  number,
  text,
  array,
  object,
};

/// One value of a JSON file, with the line it begins on. Members of an object
/// keep their order and their duplicates.
struct json_node {
  json_kind kind = json_kind::null;
  /// The key, if this is the member of an object.
  std::string name;
  /// The text, the number as it was written, `true` or `false`.
  std::string text;
  /// Members or elements.
  std::vector<json_node> children;
  /// Counted from 1.
  std::uint32_t line = 0;
};

/// What `parse_json` made of a text.
struct json_outcome {
  json_node root;
  /// Why the text is no JSON, with the line; empty if it is.
  std::string problem;
  std::uint32_t line = 0;
};

/// At most this many values are read from one file.
inline constexpr std::size_t max_json_values = 200'000;

/// Reads JSON (RFC 8259) with the comments `// ...` and `/* ... */`.
json_outcome parse_json(std::string_view text);

/// Finds the first member of an object; null if there is none.
const json_node* find_member(const json_node& object, std::string_view name);

/// Says what a value is: `text`, `a number`, `an object`.
std::string_view describe(json_kind x);

} // namespace mcpool::config
