// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/finding_list.hpp>

#include <mcpool/config/load.hpp>
#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <limits>
#include <tuple>

namespace mcpool::config {

namespace {

constexpr std::size_t longest_quote = 80;

constexpr std::string_view word_characters
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-$";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Cuts between two characters of UTF-8.
std::string_view cut(std::string_view text) {
  if (text.size() <= longest_quote)
    return text;
  auto size = longest_quote;
  while (size > 0 && is_continuation(text[size]))
    --size;
  return text.substr(0, size);
}

std::string escaped(char c) {
  constexpr char digits[] = "0123456789abcdef";
  auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\')
    return {'\\', c};
  if (byte < 0x20 || byte == 0x7f)
    return {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
  return {c};
}

} // namespace

void finding_list::add(std::size_t file, finding x) {
  if (entries_.size() < max_findings)
    entries_.push_back({file, std::move(x)});
  else
    ++dropped_;
}

std::vector<finding> finding_list::take() {
  auto place = [](const entry& x) { return std::tie(x.file, x.what.line); };
  std::stable_sort(
    entries_.begin(), entries_.end(),
    [place](const entry& a, const entry& b) { return place(a) < place(b); });
  std::vector<finding> out;
  for (auto& x : entries_)
    out.push_back(std::move(x.what));
  if (dropped_ > 0)
    out.push_back({"", "", 0, cat("and ", dropped_, " findings more")});
  entries_.clear();
  return out;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  auto shown = cut(text);
  for (auto c : shown)
    out += escaped(c);
  return out + (shown.size() < text.size() ? "...\"" : "\"");
}

std::string member_path(std::string_view path, std::string_view key) {
  auto is_word = !key.empty() && key.size() <= longest_quote
                 && key.find_first_not_of(word_characters) == key.npos;
  if (!is_word)
    return cat(path, '[', in_quotes(key), ']');
  return cat(path, path.empty() ? "" : ".", key);
}

std::string element_path(std::string_view path, std::size_t index) {
  return cat(path, '[', index, ']');
}

} // namespace mcpool::config
