// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/describe/class.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace mcpool {
inline namespace core {

/// The key of a server in a scope's view of the configuration.
struct server_name {
  std::string value;

  friend bool operator==(const server_name& a, const server_name& b) {
    return a.value == b.value;
  }

  friend bool operator!=(const server_name& a, const server_name& b) {
    return a.value != b.value;
  }

  friend bool operator<(const server_name& a, const server_name& b) {
    return a.value < b.value;
  }
};

BOOST_DESCRIBE_STRUCT(server_name, (), (value))

inline std::string to_string(const server_name& x) {
  return x.value;
}

/// Names one call of one caller, so that it can be cancelled. The caller
/// chooses it and keeps it unique among its own running calls; 0 means that the
/// call will not be cancelled.
struct call_id {
  std::uint64_t value = 0;

  friend bool operator==(call_id a, call_id b) { return a.value == b.value; }
  friend bool operator<(call_id a, call_id b) { return a.value < b.value; }
};

BOOST_DESCRIBE_STRUCT(call_id, (), (value))

/// Names one permit of the THROTTLE; unique in the life of the node.
struct permit_id {
  std::uint64_t value = 0;

  friend bool operator==(permit_id a, permit_id b) {
    return a.value == b.value;
  }
  friend bool operator<(permit_id a, permit_id b) { return a.value < b.value; }
};

BOOST_DESCRIBE_STRUCT(permit_id, (), (value))

} // namespace core
} // namespace mcpool

template <>
struct std::hash<mcpool::server_name> {
  std::size_t operator()(const mcpool::server_name& x) const noexcept {
    return std::hash<std::string>{}(x.value);
  }
};
