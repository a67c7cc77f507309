// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/resource_limit.hpp>

#include <mcpool/system/text_file.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mcpool::system {

namespace {

// The new limit is the hard one if `value` says so.
bool set_soft_limit(pid_t of, resource what, rlim_t value) {
  rlimit x{};
  if (prlimit(of, what, nullptr, &x) != 0)
    return false;
  x.rlim_cur = value == RLIM_INFINITY ? x.rlim_max : value;
  return prlimit(of, what, &x, nullptr) == 0;
}

// Only whoever is the same user may do so, root or not.
bool set_soft_limit_as(uid_t user, pid_t of, resource what, rlim_t value) {
  auto child = fork();
  if (child == 0)
    _exit(setgid(user) == 0 && setuid(user) == 0
              && set_soft_limit(of, what, value)
            ? 0
            : 1);
  int status = 1;
  waitpid(child, &status, 0);
  return status == 0;
}

bool set_limit(pid_t of, resource what, rlim_t value) {
  struct stat owner {};
  auto found = stat(("/proc/" + std::to_string(of)).c_str(), &owner) == 0;
  return found && owner.st_uid != getuid()
           ? set_soft_limit_as(owner.st_uid, of, what, value)
           : set_soft_limit(of, what, value);
}

} // namespace

resource_limit::resource_limit(resource what, rlim_t value, pid_t of)
  : what_(what),
    of_(of) {
  EXPECT_TRUE(set_limit(of_, what_, value));
}

resource_limit::~resource_limit() {
  EXPECT_TRUE(set_limit(of_, what_, RLIM_INFINITY));
}

rlim_t memory_of(pid_t x) {
  auto pages = read_file("/proc/" + std::to_string(x) + "/statm");
  return std::strtoull(pages.c_str(), nullptr, 10)
         * static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
}

} // namespace mcpool::system
