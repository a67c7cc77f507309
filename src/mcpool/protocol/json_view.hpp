// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/core/fingerprint.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/result.hpp>
#include <mcpool/core/secret.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/mp11/algorithm.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// Described structs and enums as JSON, for what people and scripts read:
/// `--json`, dumps, diagnostics.
///
/// A struct is an object with its members in their order and under their names;
/// an absent optional is left out. An enum is the name of its value. A duration
/// is a number of milliseconds and its member's name gets the suffix `_ms`; an
/// instant is `"2026-01-31T12:00:00.000Z"`, or null if it is not set. An owner
/// scope, a server name and a fingerprint are what `to_string` prints, ids of
/// calls and permits are numbers, a secret is `"***"`. Shared text is embedded
/// as JSON if it is JSON, and is a string if not.

namespace mcpool::protocol {

/// An object keeps the order of its members.
using json_value = nlohmann::ordered_json;

/// Prints an instant in UTC with milliseconds.
std::string format_instant(time_point x);

/// Reads what `format_instant` prints; nothing for other texts.
std::optional<time_point> parse_instant(std::string_view text);

namespace detail {

template <class T>
inline constexpr bool is_duration = false;

template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

template <class T>
inline constexpr bool is_duration<std::optional<T>> = is_duration<T>;

template <class T>
inline constexpr bool is_optional = false;

template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;

template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_map = false;

template <class K, class V>
inline constexpr bool is_map<std::map<K, V>> = true;

template <class T, class... Ts>
inline constexpr bool is_one_of = (std::is_same_v<T, Ts> || ...);

template <class T>
inline constexpr bool is_number_id = is_one_of<T, call_id, permit_id>;

template <class T>
inline constexpr bool prints_itself
  = is_one_of<T, owner_scope, server_name, fingerprint, secret>;

/// What a member is called: durations say their unit.
template <class Descriptor, class Member>
std::string member_key(Descriptor) {
  return is_duration<Member> ? cat(Descriptor::name, "_ms")
                             : std::string{Descriptor::name};
}

/// The type of a described member.
template <class T, class Descriptor>
using member_type
  = std::decay_t<decltype(std::declval<T&>().*Descriptor::pointer)>;

inline std::string key_text(const std::string& x) {
  return x;
}

template <class K>
std::string key_text(const K& x) {
  return to_string(x);
}

/// Shared text as the JSON that it holds, or as a string.
json_value embed(const shared_text& x);

json_value milliseconds(std::chrono::nanoseconds x);

template <class T>
json_value write(const T& x);

template <class T>
json_value write_struct(const T& x) {
  auto out = json_value::object();
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    using type = member_type<T, decltype(d)>;
    if constexpr (is_optional<type>)
      if (!(x.*d.pointer))
        return;
    out[member_key<decltype(d), type>(d)] = write(x.*d.pointer);
  });
  return out;
}

template <class T>
json_value write_list(const T& xs) {
  auto out = json_value::array();
  for (const auto& x : xs)
    out.push_back(write(x));
  return out;
}

template <class T>
json_value write_map(const T& xs) {
  auto out = json_value::object();
  for (const auto& [key, value] : xs)
    out[key_text(key)] = write(value);
  return out;
}

template <class T>
json_value write(const T& x) {
  if constexpr (is_optional<T>)
    return x ? write(*x) : json_value{};
  else if constexpr (is_duration<T>)
    return milliseconds(x);
  else if constexpr (std::is_same_v<T, time_point>)
    return x == time_point{} ? json_value{} : json_value(format_instant(x));
  else if constexpr (std::is_same_v<T, shared_text>)
    return embed(x);
  else if constexpr (is_number_id<T>)
    return x.value;
  else if constexpr (prints_itself<T>)
    return to_string(x);
  else if constexpr (is_described_enum<T>)
    return std::string{name_of(x)};
  else if constexpr (is_vector<T>)
    return write_list(x);
  else if constexpr (is_map<T>)
    return write_map(x);
  else if constexpr (is_described_struct<T>)
    return write_struct(x);
  else
    return x;
}

/// Where a value stands, for errors: `limits.pages`, `args[2]`.
using json_path = std::string;

refusal bad_json(const json_path& where, std::string_view why);

result<void> read_text(const json_value& in, owner_scope& out,
                       const json_path& where);
result<void> read_text(const json_value& in, server_name& out,
                       const json_path& where);
result<void> read_text(const json_value& in, fingerprint& out,
                       const json_path& where);
result<void> read_text(const json_value& in, secret& out,
                       const json_path& where);
result<void> read_text(const json_value& in, std::string& out,
                       const json_path& where);
result<void> read_instant(const json_value& in, time_point& out,
                          const json_path& where);
result<std::chrono::nanoseconds> read_duration(const json_value& in,
                                               const json_path& where);
shared_text unembed(const json_value& in);

template <class T>
result<void> read(const json_value& in, T& out, const json_path& where);

/// True if `T` has the integer that `in` holds.
template <class T>
bool holds(const json_value& in) {
  using limits = std::numeric_limits<T>;
  if (in.is_number_unsigned())
    return in.get<std::uint64_t>() <= static_cast<std::uint64_t>(limits::max());
  auto x = in.get<std::int64_t>();
  if constexpr (std::is_unsigned_v<T>)
    return x >= 0 && static_cast<std::uint64_t>(x) <= limits::max();
  else
    return x >= limits::min() && x <= limits::max();
}

/// Numbers are read exactly: no fractions for integers, nothing out of range.
template <class T>
result<void> read_number(const json_value& in, T& out, const json_path& where) {
  if constexpr (std::is_same_v<T, bool>) {
    if (!in.is_boolean())
      return bad_json(where, "must be true or false");
    out = in.get<bool>();
  } else if constexpr (std::is_floating_point_v<T>) {
    if (!in.is_number())
      return bad_json(where, "must be a number");
    out = in.get<T>();
  } else {
    if (!in.is_number_integer())
      return bad_json(where, "must be an integer");
    if (!holds<T>(in))
      return bad_json(where, "is out of range");
    out = in.get<T>();
  }
  return {};
}

template <class T>
result<void> read_enum(const json_value& in, T& out, const json_path& where) {
  if (!in.is_string()
      || !boost::describe::enum_from_string(
        in.get_ref<const std::string&>().c_str(), out))
    return bad_json(where, "is none of the values it can have");
  return {};
}

template <class T>
result<void> read_list(const json_value& in, std::vector<T>& out,
                       const json_path& where) {
  if (!in.is_array())
    return bad_json(where, "must be an array");
  out.clear();
  for (const auto& x : in) {
    auto& last = out.emplace_back();
    if (auto r = read(x, last, cat(where, "[", out.size() - 1, "]")); !r)
      return r;
  }
  return {};
}

template <class K, class V>
result<void> read_map(const json_value& in, std::map<K, V>& out,
                      const json_path& where) {
  if (!in.is_object())
    return bad_json(where, "must be an object");
  out.clear();
  for (const auto& [name, value] : in.items()) {
    auto here = cat(where, where.empty() ? "" : ".", name);
    K key;
    if (auto r = read_text(json_value(name), key, here); !r)
      return r;
    if (auto r = read(value, out[std::move(key)], here); !r)
      return r;
  }
  return {};
}

template <class T>
bool is_member(const std::string& key) {
  auto found = false;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    found
      = found || key == member_key<decltype(d), member_type<T, decltype(d)>>(d);
  });
  return found;
}

template <class T>
result<void> read_struct(const json_value& in, T& out, const json_path& where) {
  if (!in.is_object())
    return bad_json(where, "must be an object");
  auto prefix = where.empty() ? where : cat(where, ".");
  for (const auto& [name, value] : in.items())
    if (!is_member<T>(name))
      return bad_json(cat(prefix, name), "is unknown");
  result<void> status;
  boost::mp11::mp_for_each<members_of<T>>([&](auto d) {
    auto key = member_key<decltype(d), member_type<T, decltype(d)>>(d);
    auto found = in.find(key);
    if (status && found != in.end())
      status = read(*found, out.*d.pointer, cat(prefix, key));
  });
  return status;
}

template <class T>
result<void> read(const json_value& in, T& out, const json_path& where) {
  if constexpr (is_optional<T>) {
    if (in.is_null())
      return out.reset(), result<void>{};
    return read(in, out.emplace(), where);
  } else if constexpr (is_duration<T>) {
    auto x = read_duration(in, where);
    if (!x)
      return x.error();
    out = std::chrono::duration_cast<T>(*x);
    return {};
  } else if constexpr (std::is_same_v<T, time_point>) {
    return read_instant(in, out, where);
  } else if constexpr (std::is_same_v<T, shared_text>) {
    out = unembed(in);
    return {};
  } else if constexpr (is_number_id<T>) {
    return read_number(in, out.value, where);
  } else if constexpr (prints_itself<T> || std::is_same_v<T, std::string>) {
    return read_text(in, out, where);
  } else if constexpr (is_described_enum<T>) {
    return read_enum(in, out, where);
  } else if constexpr (is_vector<T>) {
    return read_list(in, out, where);
  } else if constexpr (is_map<T>) {
    return read_map(in, out, where);
  } else if constexpr (is_described_struct<T>) {
    return read_struct(in, out, where);
  } else {
    return read_number(in, out, where);
  }
}

std::string dump(const json_value& x, int indent);
result<json_value> parse(std::string_view text);

} // namespace detail

/// `x` as a JSON value.
template <class T>
json_value to_json(const T& x) {
  return detail::write(x);
}

/// `x` as JSON text: on one line, or with `indent` blanks per level. What is no
/// UTF-8 becomes U+FFFD.
template <class T>
std::string to_json_text(const T& x, int indent = -1) {
  return detail::dump(detail::write(x), indent);
}

/// Reads what `to_json` wrote; members that are absent keep their defaults, and
/// a secret is taken as it stands. Fails with `invalid_request` and the member
/// for unknown members, other types and values out of range.
template <class T>
result<T> from_json(const json_value& x) {
  T out{};
  if (auto r = detail::read(x, out, {}); !r)
    return r.error();
  return out;
}

/// The same for text; JSON of more than 128 levels is refused.
template <class T>
result<T> from_json_text(std::string_view text) {
  auto x = detail::parse(text);
  if (!x)
    return x.error();
  return from_json<T>(*x);
}

} // namespace mcpool::protocol
