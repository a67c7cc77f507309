// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/doubtful_origins.hpp>

#include <algorithm>
#include <iterator>

namespace mcpool::transport {

void doubtful_origins::add(const std::string& origin, clock::time_point now) {
  drop_old(now);
  if (since_.size() == max_size && since_.count(origin) == 0)
    drop_oldest();
  since_[origin] = now;
}

std::optional<doubtful_origins::clock::duration>
doubtful_origins::age(const std::string& origin, clock::time_point now) const {
  auto pos = since_.find(origin);
  if (pos == since_.end() || now - pos->second > longest)
    return std::nullopt;
  return now - pos->second;
}

void doubtful_origins::drop_old(clock::time_point now) {
  for (auto i = since_.begin(); i != since_.end();)
    i = now - i->second > longest ? since_.erase(i) : std::next(i);
}

void doubtful_origins::drop_oldest() {
  since_.erase(std::min_element(
    since_.begin(), since_.end(),
    [](const auto& a, const auto& b) { return a.second < b.second; }));
}

} // namespace mcpool::transport
