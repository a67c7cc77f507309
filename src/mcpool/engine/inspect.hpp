// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/describe.hpp>
#include <mcpool/core/fingerprint.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/core/secret.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/generation.hpp>

#include <caf/detail/stringification_inspector.hpp>
#if MCPOOL_CAF1
#include <caf/default_enum_inspect.hpp>
#include <caf/inspector_access.hpp>
#else
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#endif

#include <boost/describe/enum_from_string.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <type_traits>

namespace mcpool::engine {

/// True for the inspector that prints: it must not see a secret.
template <class F>
inline constexpr bool is_printer
  = std::is_base_of_v<caf::detail::stringification_inspector, F>;

#if MCPOOL_CAF1

/// Shows a type as if it were the value that `get` returns and `set` takes.
template <class F, class Get, class Set>
bool inspect_as(F& f, Get get, Set set) {
  return f.apply(get, [&set](auto&& value) {
    set(std::move(value));
    return true;
  });
}

namespace detail {

template <class F, class T, template <class...> class L, class... D>
bool visit_fields(F& f, T& x, L<D...>) {
  return f.object(x).fields(f.field(D::name, x.*D::pointer)...);
}

} // namespace detail

#else

template <class F, class Get, class Set>
typename F::result_type inspect_as(F& f, Get get, Set set) {
  auto value = get();
  if constexpr (F::reads_state) {
    return f(value);
  } else {
    if (auto err = f(value))
      return err;
    set(std::move(value));
    return caf::none;
  }
}

/// Lets CAF 0.17 see a `std::optional` as a flag and a value.
template <class T>
struct optional_field {
  std::optional<T>* value;
};

template <class F, class T>
typename F::result_type inspect(F& f, optional_field<T>& x) {
  bool has = x.value->has_value();
  if constexpr (F::reads_state) {
    return has ? f(has, **x.value) : f(has);
  } else {
    if (auto err = f(has))
      return err;
    x.value->reset();
    return has ? f(x.value->emplace()) : caf::none;
  }
}

namespace detail {

template <class T>
T& as_field(T& x) {
  return x;
}

template <class T>
optional_field<T> as_field(std::optional<T>& x) {
  return {&x};
}

template <class F, class... Ts>
typename F::result_type apply_fields(F& f, Ts&&... fields) {
  return f(fields...);
}

template <class F, class T, template <class...> class L, class... D>
typename F::result_type visit_fields(F& f, T& x, L<D...>) {
  if constexpr (sizeof...(D) == 0)
    return f();
  else
    return apply_fields(f, as_field(x.*D::pointer)...);
}

} // namespace detail

#endif

/// Visits the members of a described struct.
template <class F, class T>
auto inspect_struct(F& f, T& x) {
  return detail::visit_fields(f, x, members_of<T>{});
}

/// Reads an enumerator from its number; false for one that does not exist.
template <class E>
bool enum_from_integer(std::underlying_type_t<E> value, E& x) {
  auto found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
    [&](auto d) {
      if (static_cast<std::underlying_type_t<E>>(d.value) == value) {
        x = d.value;
        found = true;
      }
    });
  return found;
}

} // namespace mcpool::engine

#if MCPOOL_CAF1

/// Makes the described structs and enums of the namespace it stands in known to
/// CAF. Once per namespace, in the header that defines them.
#define MCPOOL_INSPECT_NAMESPACE                                               \
  template <class F, class T,                                                  \
            std::enable_if_t<::mcpool::is_described_struct<T>, int> = 0>       \
  bool inspect(F& f, T& x) {                                                   \
    return ::mcpool::engine::inspect_struct(f, x);                             \
  }                                                                            \
  template <class F, class E,                                                  \
            std::enable_if_t<::mcpool::is_described_enum<E>, int> = 0,         \
            class = void>                                                      \
  bool inspect(F& f, E& x) {                                                   \
    return ::caf::default_enum_inspect(f, x);                                  \
  }                                                                            \
  template <class E,                                                           \
            std::enable_if_t<::mcpool::is_described_enum<E>, int> = 0>         \
  std::string to_string(E x) {                                                 \
    return std::string{::mcpool::name_of(x)};                                  \
  }                                                                            \
  template <class E,                                                           \
            std::enable_if_t<::mcpool::is_described_enum<E>, int> = 0>         \
  bool from_string(std::string_view name, E& x) {                              \
    return ::boost::describe::enum_from_string(std::string{name}.c_str(), x);  \
  }                                                                            \
  template <class E,                                                           \
            std::enable_if_t<::mcpool::is_described_enum<E>, int> = 0>         \
  bool from_integer(std::underlying_type_t<E> value, E& x) {                   \
    return ::mcpool::engine::enum_from_integer(value, x);                      \
  }

#else

#define MCPOOL_INSPECT_NAMESPACE                                               \
  template <class F, class T,                                                  \
            std::enable_if_t<::mcpool::is_described_struct<T>, int> = 0>       \
  typename F::result_type inspect(F& f, T& x) {                                \
    return ::mcpool::engine::inspect_struct(f, x);                             \
  }                                                                            \
  template <class E,                                                           \
            std::enable_if_t<::mcpool::is_described_enum<E>, int> = 0>         \
  std::string to_string(E x) {                                                 \
    return std::string{::mcpool::name_of(x)};                                  \
  }

#endif

namespace mcpool {
inline namespace core {

MCPOOL_INSPECT_NAMESPACE

/// A secret travels whole and prints as `***`.
template <class F>
auto inspect(F& f, secret& x) {
  return engine::inspect_as(
    f, [&x] { return engine::is_printer<F> ? std::string{"***"} : x.reveal(); },
    [&x](std::string text) { x = secret{std::move(text)}; });
}

/// A shared text travels as a string.
template <class F>
auto inspect(F& f, shared_text& x) {
  return engine::inspect_as(
    f, [&x] { return x.str(); },
    [&x](std::string text) { x = shared_text{std::move(text)}; });
}

/// A deadline travels as its instant.
template <class F>
auto inspect(F& f, deadline& x) {
  return engine::inspect_as(
    f, [&x] { return x.at; }, [&x](time_point at) { x.at = at; });
}

} // namespace core
} // namespace mcpool
