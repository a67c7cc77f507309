// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/engine/inspect.hpp>

// Makes configurations travel. They are defined below the actors, where CAF is
// not known.

namespace mcpool::config {

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::config
