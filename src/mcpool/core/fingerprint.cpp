// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/fingerprint.hpp>

namespace mcpool {
inline namespace core {

std::string to_string(const fingerprint& x) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * x.bytes.size());
  for (auto byte : x.bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

} // namespace core
} // namespace mcpool
