// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/describe/class.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace mcpool {
inline namespace core {

/// The SHA-256 of a server's canonical configuration: two configurations are
/// the same exactly if their fingerprints are.
struct fingerprint {
  std::array<std::uint8_t, 32> bytes{};

  friend bool operator==(const fingerprint& a, const fingerprint& b) {
    return a.bytes == b.bytes;
  }

  friend bool operator!=(const fingerprint& a, const fingerprint& b) {
    return a.bytes != b.bytes;
  }
};

BOOST_DESCRIBE_STRUCT(fingerprint, (), (bytes))

/// Prints 64 hexadecimal digits.
std::string to_string(const fingerprint& x);

} // namespace core
} // namespace mcpool
