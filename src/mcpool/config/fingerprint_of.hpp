// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>

namespace mcpool::config {

/// The SHA-256 of the canonical JSON (sorted keys, no spaces) of everything
/// that a connection depends on: every key that fits the transport, but
/// `title`, `description` and `startup`; not the name, not the revision. `load`
/// has set it already; whoever changes a `server_config` in code sets it anew.
mcpool::fingerprint fingerprint_of(const server_config& x);

} // namespace mcpool::config
