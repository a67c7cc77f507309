// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

namespace mcpool::bench {

/// The processes that this one started and whose command line begins with
/// `program`; all of them if it is empty.
std::vector<pid_t> children_of_ours(const std::string& program);

/// Ends one of them without warning.
void kill_now(pid_t process);

} // namespace mcpool::bench
