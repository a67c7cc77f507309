// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/document.hpp>

#include <string>

namespace mcpool::config {

/// Prints the configuration in the format of the file, with every default;
/// values of `env` and `headers` print as `***`. Servers come in the order of
/// their names, keys in a fixed one. Loading a dump and dumping it again yields
/// the same text.
std::string dump(const document& x);

} // namespace mcpool::config
