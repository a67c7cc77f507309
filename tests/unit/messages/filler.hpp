// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/describe.hpp>
#include <mcpool/core/secret.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/testing.hpp>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>

#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace mcpool::messages {

/// Gives every field of a message a value that it has not by itself and that no
/// other field has, as far as its type allows. Follows the description of the
/// structs, so a new field is filled, too.
class filler {
public:
  /// What every secret contains, and nothing else.
  static constexpr const char* password = "hunter";

  explicit filler(engine::testing::deterministic& harness)
    : harness_(harness) {}

  filler(const filler&) = delete;
  filler& operator=(const filler&) = delete;

  /// Ends the actors that messages were filled with.
  ~filler();

  template <class T>
  void fill(T& x) {
    if constexpr (is_described_struct<T>)
      boost::mp11::mp_for_each<members_of<T>>(
        [&](auto d) { fill(x.*d.pointer); });
    else if constexpr (std::is_enum_v<T>)
      x = another(x);
    else if constexpr (std::is_same_v<T, bool>)
      x = !x;
    else if constexpr (std::is_arithmetic_v<T>)
      x = static_cast<T>(next());
    else
      x = caf::actor_cast<T>(any_actor());
  }

  void fill(std::string& x) { x = text("text"); }

  void fill(secret& x) { x = secret{text(password)}; }

  void fill(shared_text& x) { x = shared_text{text("json")}; }

  void fill(duration& x) { x = duration{next()}; }

  void fill(time_point& x) { x = time_point{duration{next()}}; }

  void fill(deadline& x) { fill(x.at); }

  template <class T>
  void fill(std::optional<T>& x) {
    fill(x.emplace());
  }

  template <class T>
  void fill(std::vector<T>& x) {
    x.resize(2);
    for (auto& y : x)
      fill(y);
  }

  template <class T, std::size_t N>
  void fill(std::array<T, N>& x) {
    for (auto& y : x)
      fill(y);
  }

  template <class K, class V>
  void fill(std::map<K, V>& x) {
    for (int i = 0; i < 2; ++i) {
      K key{};
      fill(key);
      fill(x[key]);
    }
  }

private:
  // Above every default that a field of a message has in small numbers.
  std::uint8_t next() {
    last_ = last_ == 250 ? 101 : last_ + 1;
    return static_cast<std::uint8_t>(last_);
  }

  std::string text(const char* prefix) {
    return std::string{prefix} + "-" + std::to_string(next());
  }

  template <class E>
  static E another(E x) {
    auto out = x;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto d) { out = d.value == x ? out : d.value; });
    return out;
  }

  const caf::actor& any_actor();

  engine::testing::deterministic& harness_;
  std::vector<caf::actor> actors_;
  int last_ = 100;
};

} // namespace mcpool::messages
