// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>
#include <map>
#include <string>

namespace mcpool::config {

/// The variables that a configuration may refer to, by name. A value, so that
/// loading depends on nothing else and tests choose what is set.
using environment = std::map<std::string, std::string, std::less<>>;

/// The variables of this process. Not while another thread changes them.
environment process_environment();

} // namespace mcpool::config
