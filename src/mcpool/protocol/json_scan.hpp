// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::protocol {

/// What a scan accepts at most.
struct scan_limits {
  /// Arrays and objects inside each other, the outermost included; what exceeds
  /// 1024 counts as 1024.
  std::size_t depth = 128;
  /// Members or elements of the outermost object or array.
  std::size_t items = 100'000;
};

/// One member of an object, as slices of the text that was scanned.
struct json_member {
  /// The name, with its escapes resolved.
  std::string key;
  /// The value as JSON text, without the blanks around it; never empty.
  std::string_view value;
  /// Name and value as they stand in the text, `"name": value`.
  std::string_view text;
};

/// Checks the whole of `json` against RFC 8259 and returns the members of the
/// object that it must be, in their order. Builds no tree: the values are
/// slices of `json` and live as long as it does.
///
/// UTF-8 is validated; a lone surrogate in an escape is valid JSON and
/// accepted. Fails with `protocol_violation`, naming the position, for anything
/// that is no JSON, for a name that occurs twice and for another kind of value,
/// and with `payload_too_large` past a limit.
result<std::vector<json_member>> scan_object(std::string_view json,
                                             const scan_limits& limits = {});

/// The same for an array: returns its elements.
result<std::vector<std::string_view>>
scan_array(std::string_view json, const scan_limits& limits = {});

/// The same for any value: only checks it.
result<void> check_json(std::string_view json, const scan_limits& limits = {});

/// The value of the member `key`; empty if there is none.
std::string_view find_member(const std::vector<json_member>& members,
                             std::string_view key) noexcept;

} // namespace mcpool::protocol
