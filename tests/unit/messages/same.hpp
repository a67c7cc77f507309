// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/describe.hpp>

#include <boost/mp11/algorithm.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

// Compares messages member by member: they have no comparison of their own.

namespace mcpool::messages {

template <class T>
bool same(const T& a, const T& b);

template <class T>
bool same(const std::optional<T>& a, const std::optional<T>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  auto out = a.size() == b.size();
  for (std::size_t i = 0; out && i < a.size(); ++i)
    out = same(a[i], b[i]);
  return out;
}

template <class K, class V>
bool same(const std::map<K, V>& a, const std::map<K, V>& b) {
  auto out = a.size() == b.size();
  for (auto i = a.begin(), k = b.begin(); out && i != a.end(); ++i, ++k)
    out = same(i->first, k->first) && same(i->second, k->second);
  return out;
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (is_described_struct<T>) {
    auto out = true;
    boost::mp11::mp_for_each<members_of<T>>(
      [&](auto d) { out = out && same(a.*d.pointer, b.*d.pointer); });
    return out;
  } else {
    return a == b;
  }
}

} // namespace mcpool::messages
