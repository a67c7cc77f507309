// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/shared_text.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace mcpool::protocol::mcp {

/// Bounds of one listing over all its pages.
struct list_budget {
  std::uint32_t pages = 50;
  std::uint32_t items = 1000;
  /// Bytes of the results, as they came.
  std::uint64_t bytes = 5 * 1024 * 1024;
};

/// The member of its result in which a list method returns its items: `tools`
/// for `tools/list`. Empty if `method` is no list method.
std::string_view list_member(std::string_view method) noexcept;

/// Puts together the pages of a listing (MCP, "Pagination").
///
/// The items are copied as they came; they become one JSON array.
class paged_list {
public:
  /// For one of the methods that `list_member` knows.
  paged_list(std::string_view method, list_budget budget)
    : method_(method),
      budget_(budget) {}

  /// Takes the result of the next page. Returns the cursor to ask on with,
  /// which may be the empty string, or nothing when the list is complete.
  ///
  /// Fails with `protocol_violation` if the result has no items, the cursor is
  /// no string or comes a second time, and with `payload_too_large` and the
  /// numbers when a bound is exceeded. The listing is over then.
  result<std::optional<std::string>> feed(const shared_text& page);

  /// The items so far, as the text of a JSON array.
  shared_text items() const;

  /// How many items there are so far.
  std::size_t count() const noexcept { return count_; }

  /// How many pages were taken so far.
  std::size_t pages() const noexcept { return pages_; }

private:
  result<void> append(std::string_view array);
  result<std::optional<std::string>> next(std::string_view cursor);
  refusal exceeds(std::string_view what, std::uint64_t bound) const;

  std::string method_;
  list_budget budget_;
  /// The items, separated by commas.
  std::string text_;
  std::size_t count_ = 0;
  std::size_t pages_ = 0;
  std::uint64_t bytes_ = 0;
  /// Every cursor that was returned; at most one per page.
  std::set<std::string> cursors_;
};

} // namespace mcpool::protocol::mcp
