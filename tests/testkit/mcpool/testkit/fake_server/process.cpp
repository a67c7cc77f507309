// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/process.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <dirent.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

void sleep_for(std::chrono::milliseconds time) {
  timespec left{};
  left.tv_sec = static_cast<time_t>(time.count() / 1000);
  left.tv_nsec = static_cast<long>(time.count() % 1000) * 1'000'000;
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

std::string target_of(int descriptor) {
  auto link = "/proc/self/fd/" + std::to_string(descriptor);
  char buffer[4096];
  auto size = ::readlink(link.c_str(), buffer, sizeof buffer);
  return size < 0 ? "?" : std::string(buffer, static_cast<std::size_t>(size));
}

} // namespace

std::vector<std::string> open_descriptors() {
  std::vector<std::string> found;
  auto* folder = ::opendir("/proc/self/fd");
  if (!folder)
    return found;
  while (auto* entry = ::readdir(folder)) {
    int descriptor = std::atoi(entry->d_name);
    if (descriptor > 2 && descriptor != ::dirfd(folder))
      found.push_back(std::to_string(descriptor) + " -> "
                      + target_of(descriptor));
  }
  ::closedir(folder);
  std::sort(found.begin(), found.end());
  return found;
}

void write_stderr(std::string_view text) {
  while (!text.empty()) {
    auto sent = ::write(STDERR_FILENO, text.data(), text.size());
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      // Whoever shares the pipe made it non-blocking.
      pollfd ready{STDERR_FILENO, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

void flood_stderr(std::size_t bytes) {
  const auto line = std::string(1023, 'e') + '\n';
  for (; bytes >= line.size(); bytes -= line.size())
    write_stderr(line);
  write_stderr(std::string_view{line}.substr(line.size() - bytes));
}

int spawn_grandchild(std::chrono::milliseconds lifetime) {
  auto pid = ::fork();
  if (pid != 0)
    return pid;
  for (int descriptor = 3; descriptor < 1024; ++descriptor)
    ::close(descriptor);
  sleep_for(lifetime);
  ::_exit(0);
}

void leave(int code) {
  ::_exit(code);
}

void kill_self() {
  ::kill(::getpid(), SIGKILL);
  for (;;)
    ::pause();
}

} // namespace mcpool::testkit::fake_server
