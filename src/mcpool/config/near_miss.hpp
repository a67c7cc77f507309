// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mcpool::config {

/// Finds the word that was probably meant: the one with the fewest typing
/// errors (letters added, left out, replaced or swapped), at most one per three
/// letters. Case, `_` and `-` do not count. The first of equals wins.
std::optional<std::string_view>
near_miss(std::string_view written, const std::vector<std::string_view>& known);

} // namespace mcpool::config
