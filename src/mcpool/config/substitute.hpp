// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/environment.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mcpool::config {

/// The longest text that a substitution may yield, in bytes.
inline constexpr std::size_t max_substituted_bytes = 128 * 1024;

/// What became of a text with variables.
struct substitution {
  /// The text; meaningless if something is wrong.
  std::string text;
  /// Variables that are not set and have no default, each once, in order.
  std::vector<std::string> unset;
  /// What is wrong with the text itself; empty if nothing is.
  std::string problem;

  /// Tells whether `text` can be used.
  explicit operator bool() const noexcept {
    return unset.empty() && problem.empty();
  }
};

/// Replaces `${NAME}` by the variable, `${NAME:-default}` by the variable or,
/// if it is unset or empty, by the default. `$${` stands for `${`; every other
/// `$` stands for itself. What a variable contains is never looked at again.
substitution substitute(std::string_view text, const environment& env);

/// The opposite: `substitute` of the result yields `text`.
std::string escape_variables(std::string_view text);

} // namespace mcpool::config
