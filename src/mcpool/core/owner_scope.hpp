// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace mcpool {
inline namespace core {

/// Who a scope stands for.
enum class scope_kind : std::uint8_t {
  /// The application itself.
  shared,
  /// One user of it.
  user,
};

BOOST_DESCRIBE_ENUM(scope_kind, shared, user)

/// Who a connection belongs to: the application, or one of its users.
struct owner_scope {
  scope_kind kind = scope_kind::shared;
  /// The user's id; empty for the shared scope.
  std::string user;

  friend bool operator==(const owner_scope& a, const owner_scope& b) {
    return a.kind == b.kind && a.user == b.user;
  }

  friend bool operator!=(const owner_scope& a, const owner_scope& b) {
    return !(a == b);
  }

  friend bool operator<(const owner_scope& a, const owner_scope& b) {
    return std::tie(a.kind, a.user) < std::tie(b.kind, b.user);
  }
};

BOOST_DESCRIBE_STRUCT(owner_scope, (), (kind, user))

/// The scope of the application.
owner_scope shared_scope();

/// The scope of one user. Fails with `invalid_request` unless `id` has 1 to 256
/// bytes and none of them is a control character.
result<owner_scope> user_scope(std::string_view id);

/// Prints `shared` or `user(<id>)`.
std::string to_string(const owner_scope& x);

} // namespace core
} // namespace mcpool
