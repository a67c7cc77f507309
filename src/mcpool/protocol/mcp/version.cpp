// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/version.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>

namespace mcpool::protocol::mcp {

bool supported(std::string_view version) noexcept {
  return std::find(legacy_versions.begin(), legacy_versions.end(), version)
         != legacy_versions.end();
}

result<void> check_version(std::string_view offered) {
  if (supported(offered))
    return {};
  return make_refusal(errc::unsupported_version,
                      cat("the server speaks protocol version '",
                          offered.substr(0, 40), "', mcpool speaks ",
                          legacy_versions.back(), " to ", newest_version));
}

bool at_least(std::string_view version, std::string_view other) noexcept {
  return version >= other;
}

} // namespace mcpool::protocol::mcp
