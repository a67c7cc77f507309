// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/time.hpp>

#include <mcpool/core/cat.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace mcpool {
inline namespace core {

namespace {

using namespace std::chrono_literals;

struct unit {
  std::string_view name;
  duration length;
};

// From the largest to the smallest: formatting takes the first that divides.
constexpr std::array<unit, 7> units{{{"d", 24h},
                                     {"h", 1h},
                                     {"m", 1min},
                                     {"s", 1s},
                                     {"ms", 1ms},
                                     {"us", 1us},
                                     {"ns", 1ns}}};

constexpr auto longest = duration{365 * 24h};

std::optional<duration> length_of(std::string_view name) {
  if (name.empty())
    return duration{1ms};
  for (const auto& x : units)
    if (x.name == name)
      return x.length;
  return std::nullopt;
}

bool is_number(std::string_view text) {
  auto point = text.find('.');
  auto whole = text.substr(0, point);
  auto digits = [](std::string_view x) {
    return !x.empty() && x.size() <= 18
           && x.find_first_not_of("0123456789") == x.npos;
  };
  return digits(whole)
         && (point == text.npos || digits(text.substr(point + 1)));
}

refusal bad_duration(std::string_view text, std::string_view why) {
  return make_refusal(errc::invalid_config,
                      cat("'", text, "' is no duration: ", why));
}

} // namespace

result<duration> parse_duration(std::string_view text) {
  auto split = text.find_first_not_of("0123456789.");
  auto number = text.substr(0, split);
  auto name = split == text.npos ? std::string_view{} : text.substr(split);
  auto length = length_of(name);
  if (!is_number(number) || !length)
    return bad_duration(text, "write a number with one of the units ms, s, m, "
                              "h, d, for example \"30s\"");
  auto count = std::strtold(std::string{number}.c_str(), nullptr)
               * static_cast<long double>(length->count());
  if (count > static_cast<long double>(longest.count()))
    return bad_duration(text, "the longest is 365d");
  return duration{std::llround(count)};
}

std::string format_duration(duration d) {
  if (d == duration::zero())
    return "0ms";
  for (const auto& x : units)
    if (d % x.length == duration::zero())
      return cat(d / x.length, x.name);
  return cat(d.count(), "ns");
}

} // namespace core
} // namespace mcpool
