// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::bench {

/// The command line `CASE [--NAME VALUE]…`; a name without a value means 1.
/// What nobody asks for is ignored.
class options {
public:
  /// Throws `std::runtime_error` for a value that is in no place for one.
  options(int argc, const char* const* argv);

  /// Which measurement; empty if there is none.
  const std::string& name() const noexcept { return case_; }

  /// An option as text.
  std::string text(std::string_view option, std::string_view otherwise) const;

  /// An option as a number, at least `least`. Throws `std::runtime_error`.
  int number(std::string_view option, int otherwise, int least = 0) const;

  /// An option that is a number of seconds, maybe a fraction.
  std::chrono::nanoseconds seconds(std::string_view option,
                                   double otherwise) const;

  /// True if the option is there and not 0.
  bool flag(std::string_view option) const;

  /// The words of `--command`. Throws `std::runtime_error` if there are none.
  std::vector<std::string> command() const;

  /// The address of the server number `i`.
  std::string url(int i) const;

private:
  std::string case_;
  std::map<std::string, std::string, std::less<>> values_;
};

} // namespace mcpool::bench
