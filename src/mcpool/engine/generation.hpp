// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <caf/config.hpp>

/// 1 for CAF 1.x, 0 for CAF 0.17.6. Used inside `engine/` only: everybody else
/// writes one style, and this folder adapts the old generation to it.
/// `CAF_VERSION` itself cannot be compared: it is an octal number in 1.0.
#if CAF_MAJOR_VERSION >= 1
#define MCPOOL_CAF1 1
#else
#define MCPOOL_CAF1 0
#endif
