// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <utility>

namespace mcpool {
inline namespace core {

/// A text that must not be shown: a token, a header, an environment value.
/// Everything that prints it prints `***`; `reveal` is the one way to read it.
class secret {
public:
  secret() = default;

  explicit secret(std::string text) : text_(std::move(text)) {}

  /// The text itself, for the one place that needs it.
  const std::string& reveal() const noexcept { return text_; }

  friend bool operator==(const secret& a, const secret& b) {
    return a.text_ == b.text_;
  }

  friend bool operator!=(const secret& a, const secret& b) {
    return a.text_ != b.text_;
  }

private:
  std::string text_;
};

/// Prints `***`, whatever the text.
inline std::string to_string(const secret&) {
  return "***";
}

} // namespace core
} // namespace mcpool
