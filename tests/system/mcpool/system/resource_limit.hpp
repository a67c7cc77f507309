// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <sys/resource.h>
#include <sys/types.h>

namespace mcpool::system {

/// The type of `RLIMIT_AS` and so on.
using resource = decltype(RLIMIT_AS);

/// A soft limit of a process, ours if `of` is 0, for as long as this lives;
/// afterwards it has its hard one.
class resource_limit {
public:
  /// What is one of `RLIMIT_…`.
  resource_limit(resource what, rlim_t value, pid_t of = 0);

  resource_limit(const resource_limit&) = delete;
  resource_limit& operator=(const resource_limit&) = delete;

  ~resource_limit();

private:
  resource what_;
  pid_t of_;
};

/// The size of a process's address space, in bytes.
rlim_t memory_of(pid_t x);

} // namespace mcpool::system
