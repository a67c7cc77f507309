// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "playground.hpp"

namespace mcpool::system {

/// Looks at what there is until it is over: never more than one program for a
/// server of an owner, and hardly more sessions than the new one and those that
/// are drained.
void watch_promises(playground& all);

} // namespace mcpool::system
