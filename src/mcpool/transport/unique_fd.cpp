// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/unique_fd.hpp>

#include <mcpool/core/cat.hpp>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace mcpool::transport {

namespace {

// A program that closed its standard streams gets low numbers for our pipes,
// which the redirection in a child would overwrite.
bool lift(unique_fd& fd) {
  if (fd.get() > STDERR_FILENO)
    return true;
  fd.reset(fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  return static_cast<bool>(fd);
}

} // namespace

void unique_fd::reset(int fd) noexcept {
  auto old = std::exchange(fd_, fd);
  if (old >= 0)
    ::close(old);
}

result<pipe_ends> make_pipe() {
  int fds[2] = {-1, -1};
  auto made = pipe2(fds, O_CLOEXEC) == 0;
  pipe_ends out{unique_fd{fds[0]}, unique_fd{fds[1]}};
  if (!made || !lift(out.read) || !lift(out.write))
    return make_refusal(
      errc::connect_failed,
      cat("no pipe could be made: ", std::generic_category().message(errno)));
  return out;
}

void set_nonblocking(int fd) noexcept {
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

} // namespace mcpool::transport
