// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/messages/build.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/core/version.hpp>
#include <mcpool/messages/types.hpp>

#include <boost/mp11/algorithm.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <typeinfo>
#include <utility>
#include <vector>

namespace mcpool::messages {

namespace {

// -- a type as text -----------------------------------------------------------

template <class T, class Member>
void append_member(std::string& out, Member T::*);

template <class T>
struct spelling {
  static void append_to(std::string& out) {
    out += typeid(T).name();
    if constexpr (is_described_struct<T>)
      boost::mp11::mp_for_each<members_of<T>>([&out](auto d) {
        out += cat(" ", d.name, ":");
        append_member(out, d.pointer);
      });
    else if constexpr (is_described_enum<T>)
      boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&out](auto d) {
          out += cat(" ", d.name, "=", static_cast<std::int64_t>(d.value));
        });
    out += ';';
  }
};

template <class T>
struct spelling<std::optional<T>> {
  static void append_to(std::string& out) {
    out += '?';
    spelling<T>::append_to(out);
  }
};

template <class T>
struct spelling<std::vector<T>> {
  static void append_to(std::string& out) {
    out += '*';
    spelling<T>::append_to(out);
  }
};

template <class T, std::size_t N>
struct spelling<std::array<T, N>> {
  static void append_to(std::string& out) {
    out += cat(N, "*");
    spelling<T>::append_to(out);
  }
};

template <class K, class V>
struct spelling<std::map<K, V>> {
  static void append_to(std::string& out) {
    out += '>';
    spelling<K>::append_to(out);
    spelling<V>::append_to(out);
  }
};

template <class T, class Member>
void append_member(std::string& out, Member T::*) {
  spelling<Member>::append_to(out);
}

// -- all of them --------------------------------------------------------------

constexpr std::size_t first_id = caf::id_block::mcpool_engine::begin;
constexpr std::size_t end_id = caf::id_block::mcpool_messages::end;

template <std::size_t... Offsets>
std::string spell_types(std::index_sequence<Offsets...>) {
  std::string out;
  (spelling<typename caf::type_by_id<first_id + Offsets>::type>::append_to(out),
   ...);
  return out;
}

// FNV-1a with 64 bits: it meets mistakes, not enemies.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t out = 0xcbf29ce484222325;
  for (auto c : text)
    out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return out;
}

std::string hexadecimal(std::uint64_t x) {
  constexpr auto digits = "0123456789abcdef";
  std::string out;
  for (auto shift = 60; shift >= 0; shift -= 4)
    out += digits[x >> shift & 0xf];
  return out;
}

std::string to_string(const build& x) {
  return cat("version ", x.version, " with messages ", x.types);
}

} // namespace

const build& this_build() {
  static const build out{std::string{version},
                         hexadecimal(hash_of(spell_types(
                           std::make_index_sequence<end_id - first_id>{})))};
  return out;
}

result<void> check_build(const build& ours, const build& theirs,
                         std::string_view where) {
  if (ours.version == theirs.version && ours.types == theirs.types)
    return {};
  return make_refusal(errc::unsupported_version,
                      cat("the service at ", where,
                          " is another build of mcpool: ", to_string(theirs),
                          ", this is ", to_string(ours),
                          "; both sides must be the same build"));
}

} // namespace mcpool::messages
