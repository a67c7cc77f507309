// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mcpool::config {

/// One thing that is wrong with a configuration.
struct finding {
  /// The file as it was named to `load`; empty for an environment variable.
  std::string file;
  /// Where in the file, `mcpServers.files.args[1]`, or the name of the
  /// environment variable; empty for the file as a whole.
  std::string key;
  /// The line in the file, counted from 1; 0 where there is none.
  std::uint32_t line = 0;
  /// What is wrong, what is allowed, and what was probably meant. Never shows
  /// the value of a header or of an environment variable.
  std::string text;
};

BOOST_DESCRIBE_STRUCT(finding, (), (file, key, line, text))

/// Prints `file:line: key: text`, without the parts that are empty.
std::string to_string(const finding& x);

/// Makes one `invalid_config` of everything that was found, a line each.
refusal refusal_of(const std::vector<finding>& findings);

} // namespace mcpool::config
