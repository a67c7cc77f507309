// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/near_miss.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace mcpool::config {

namespace {

// Nobody means a known word by one that is longer.
constexpr std::size_t longest_word = 64;

std::string plain(std::string_view word) {
  std::string out;
  for (auto c : word)
    if (c != '_' && c != '-')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The optimal string alignment distance. Three rows are enough, since a swap
// looks two rows back.
std::size_t distance(const std::string& a, const std::string& b) {
  using row = std::array<std::size_t, longest_word + 1>;
  row before{}, last{}, now{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

} // namespace

std::optional<std::string_view>
near_miss(std::string_view written,
          const std::vector<std::string_view>& known) {
  if (written.size() > longest_word)
    return std::nullopt;
  auto word = plain(written);
  std::optional<std::string_view> best;
  auto bound = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto candidate : known) {
    if (candidate.size() > longest_word)
      continue;
    if (auto found = distance(word, plain(candidate)); found < bound) {
      bound = found;
      best = candidate;
    }
  }
  return best;
}

} // namespace mcpool::config
