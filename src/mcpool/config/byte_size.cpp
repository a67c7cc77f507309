// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/byte_size.hpp>

#include <mcpool/core/cat.hpp>

#include <array>
#include <charconv>
#include <limits>

namespace mcpool::config {

namespace {

struct unit {
  std::string_view name;
  std::uint64_t size;
};

// From the largest to the smallest: formatting takes the first that divides.
constexpr std::array<unit, 7> units{{{"GiB", 1ull << 30},
                                     {"GB", 1'000'000'000},
                                     {"MiB", 1ull << 20},
                                     {"MB", 1'000'000},
                                     {"KiB", 1ull << 10},
                                     {"kB", 1000},
                                     {"B", 1}}};

std::uint64_t size_of(std::string_view name) {
  if (name.empty())
    return 1;
  for (const auto& x : units)
    if (x.name == name)
      return x.size;
  return 0;
}

} // namespace

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  std::uint64_t count = 0;
  auto end = text.data() + text.size();
  auto [rest, failed] = std::from_chars(text.data(), end, count);
  auto size = size_of({rest, static_cast<std::size_t>(end - rest)});
  if (failed != std::errc{} || size == 0
      || count > std::numeric_limits<std::uint64_t>::max() / size)
    return std::nullopt;
  return count * size;
}

std::string format_bytes(std::uint64_t n) {
  for (const auto& x : units)
    if (n > 0 && n % x.size == 0)
      return cat(n / x.size, x.name);
  return "0B";
}

} // namespace mcpool::config
