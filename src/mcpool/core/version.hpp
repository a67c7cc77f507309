// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace mcpool {
inline namespace core {

/// The version of this library, as it tells servers and prints itself.
inline constexpr std::string_view version = "0.1.0";

} // namespace core
} // namespace mcpool
