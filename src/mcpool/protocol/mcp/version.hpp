// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>

#include <array>
#include <string_view>

namespace mcpool::protocol::mcp {

/// The revisions with a handshake that mcpool speaks, newest first.
inline constexpr std::array<std::string_view, 4> legacy_versions{
  {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"}};

/// What a client offers in `initialize`.
inline constexpr std::string_view newest_version = legacy_versions.front();

/// True for the revisions above.
bool supported(std::string_view version) noexcept;

/// Fails with `unsupported_version`, naming what both sides speak, unless
/// `offered` is supported.
result<void> check_version(std::string_view offered);

/// True if `version` is `other` or came later. Revisions are dates, so any two
/// can be compared.
bool at_least(std::string_view version, std::string_view other) noexcept;

} // namespace mcpool::protocol::mcp
