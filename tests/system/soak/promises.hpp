// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "playground.hpp"

namespace mcpool::system {

/// Looks at what there is until it is over: never more than one program for a
/// server of an owner, and never more sessions than the old one that is drained
/// and the new one.
void watch_promises(playground& all);

} // namespace mcpool::system
