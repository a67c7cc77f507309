// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/result.hpp>

namespace mcpool::config {

/// Checks what was made in code by the rules of the files: names, addresses,
/// headers, and the bounds of every limit. Fails with `invalid_config` and
/// everything that is wrong, a line each; no value of a header or of an
/// environment variable is shown.
result<void> check_server(const server_config& x);

} // namespace mcpool::config
