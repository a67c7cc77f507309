// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>

#include <string_view>
#include <type_traits>

namespace mcpool {
inline namespace core {

/// The public data members of a described struct, as a list of descriptors.
template <class T>
using members_of
  = boost::describe::describe_members<T, boost::describe::mod_public>;

/// True for structs with `BOOST_DESCRIBE_STRUCT`.
template <class T>
inline constexpr bool is_described_struct
  = std::conjunction_v<std::is_class<T>,
                       boost::describe::has_describe_members<T>>;

/// True for enums with `BOOST_DESCRIBE_ENUM`.
template <class T>
inline constexpr bool is_described_enum
  = std::conjunction_v<std::is_enum<T>,
                       boost::describe::has_describe_enumerators<T>>;

/// The name of an enumerator; `"?"` for a value that has none.
template <class E, std::enable_if_t<is_described_enum<E>, int> = 0>
std::string_view name_of(E x) noexcept {
  return boost::describe::enum_to_string(x, "?");
}

} // namespace core
} // namespace mcpool
