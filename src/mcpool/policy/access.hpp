// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/owner_scope.hpp>

#include <cstdint>

namespace mcpool::policy {

/// What the configuration of a server says about who may use it.
struct access_rules {
  /// `"startup": false`.
  bool never_shared = false;
  /// `"requiresOAuth": true`.
  bool requires_oauth = false;
};

/// Whether an owner may connect to a server, and if not, why.
enum class access : std::uint8_t {
  allowed,
  /// The server is kept out of the shared scope.
  not_shared,
  /// The server wants a login, which the application as a whole has none of.
  needs_user,
};

/// Decides. The shared scope is restricted; a user may connect to everything
/// that is configured.
constexpr access may_connect(scope_kind who, access_rules rules) noexcept {
  if (who != scope_kind::shared)
    return access::allowed;
  if (rules.requires_oauth)
    return access::needs_user;
  return rules.never_shared ? access::not_shared : access::allowed;
}

} // namespace mcpool::policy
