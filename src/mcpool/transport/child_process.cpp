// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/child_process.hpp>

#include <mcpool/core/cat.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <sys/wait.h>

namespace mcpool::transport {

namespace {

std::string_view name_of_signal(int signal) {
  auto name = sigdescr_np(signal);
  return name != nullptr ? name : "unknown";
}

exit_status status_of(const siginfo_t& info) {
  using kind = exit_status::kind;
  return {info.si_code == CLD_EXITED ? kind::exited : kind::signalled,
          info.si_status};
}

/// Zero when the child was there.
int wait_for(int pidfd, int options, siginfo_t& info) {
  int res;
  do
    res = waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED | options);
  while (res != 0 && errno == EINTR);
  return res;
}

} // namespace

std::string to_string(const exit_status& x) {
  switch (x.how) {
    case exit_status::kind::exited:
      return cat("ended with exit code ", x.value);
    case exit_status::kind::signalled:
      return cat("was ended by signal ", x.value, " (", name_of_signal(x.value),
                 ")");
    case exit_status::kind::unknown: break;
  }
  return "ended, nobody knows how";
}

child_process::child_process(boost::asio::io_context& context,
                             std::shared_ptr<process_guard> guard)
  : guard_(std::move(guard)),
    exit_(context) {}

result<void> child_process::start(launch_spec spec, std::shared_ptr<void> owner,
                                  std::function<void(exit_status)> on_exit) {
  auto child = guard_->launch(std::move(spec));
  if (!child)
    return child.error();
  pid_ = child->pid;
  on_exit_ = std::move(on_exit);
  return watch(std::move(child->pidfd), std::move(owner));
}

void child_process::signal_group(int signal) const noexcept {
  if (running())
    ::kill(-pid_, signal);
}

// The wait that this cancels holds the owner until it has seen that.
void child_process::let_go() noexcept {
  pid_ = -1;
  boost::system::error_code ignored;
  exit_.close(ignored);
}

result<void> child_process::watch(unique_fd pidfd,
                                  std::shared_ptr<void> owner) {
  boost::system::error_code failed;
  exit_.assign(pidfd.get(), failed);
  if (failed) {
    signal_group(SIGKILL);
    collect(pidfd.get());
    return make_refusal(
      errc::connect_failed,
      cat("the process cannot be watched: ", failed.message()));
  }
  pidfd.release();
  exit_.async_wait(exit_.wait_read, [this, owner](const auto&) {
    if (!running())
      return;
    auto status = collect(exit_.native_handle());
    boost::system::error_code ignored;
    exit_.close(ignored);
    std::exchange(on_exit_, nullptr)(status);
  });
  return {};
}

// The dead child keeps its number until it is reaped, so the group that is
// killed is ours. The guard must know before the number is free again.
exit_status child_process::collect(int pidfd) {
  siginfo_t info{};
  auto ours = wait_for(pidfd, WNOWAIT, info) == 0;
  if (ours)
    signal_group(SIGKILL);
  guard_->release(std::exchange(pid_, -1));
  return ours && wait_for(pidfd, 0, info) == 0 ? status_of(info)
                                               : exit_status{};
}

} // namespace mcpool::transport
