// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/document.hpp>

#include <boost/describe/class.hpp>

#include <vector>

namespace mcpool::config {

/// What differs between two documents; the names come in their order.
struct change_list {
  /// Servers that are new or differ in anything but their revision. Those whose
  /// fingerprint is the same can keep their connections.
  std::vector<server_name> changed;
  /// Servers that are gone.
  std::vector<server_name> removed;
  /// Whether anything in `pool` but its `defaults` differs.
  bool pool_changed = false;
};

BOOST_DESCRIBE_STRUCT(change_list, (), (changed, removed, pool_changed))

/// Compares two documents.
change_list changes_between(const document& before, const document& after);

} // namespace mcpool::config
