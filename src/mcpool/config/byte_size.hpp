// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mcpool::config {

/// Reads a number of bytes: `"4096"`, or with one of the units `B`, `kB`, `MB`,
/// `GB` (powers of 1000), `KiB`, `MiB`, `GiB` (powers of 1024). Nothing for
/// anything else, and for what does not fit.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Prints `n` with the largest unit that divides it exactly; `parse_bytes`
/// reads it back to the same value.
std::string format_bytes(std::uint64_t n);

} // namespace mcpool::config
