// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/process_guard.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mcpool::transport {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// Lines are `+<group>` and `-<group>`; the end of input means that we died.
constexpr const char* script = R"(
trap '' HUP INT QUIT TERM PIPE TSTP TTIN TTOU
all=' '
while IFS= read -r line; do
  id=${line#?}
  case $line in
    +*) all="$all$id " ;;
    -*) case $all in *" $id "*) all="${all%% $id *} ${all#* $id }" ;; esac ;;
  esac
done
for id in $all; do
  kill -s KILL -- "-$id"
done 2>/dev/null
)";

/// Dying earlier than this is dying young.
constexpr auto young = 1s;
/// So many shells may die young before we wait for the next child.
constexpr int max_early_deaths = 3;
/// A shell that we let go must be gone after this.
constexpr auto patience = 1s;
/// Room for some hundred thousand unread lines, if the system allows it.
constexpr int pipe_size = 1024 * 1024;

launch_spec shell_spec(int input, int nothing) {
  launch_spec out;
  out.command = "/bin/sh";
  out.args = {"-c", script, "mcpool-guard"};
  out.environment = {"PATH=/usr/bin:/bin"};
  out.cwd = "/";
  out.input = input;
  out.output = out.error = nothing;
  out.dies_with_parent = false;
  return out;
}

result<launched> launch_shell(unique_fd& lines) {
  auto pipe = make_pipe();
  if (!pipe)
    return pipe.error();
  unique_fd nothing{open("/dev/null", O_RDWR | O_CLOEXEC)};
  set_nonblocking(pipe->write.get());
  fcntl(pipe->write.get(), F_SETPIPE_SZ, pipe_size);
  lines = std::move(pipe->write);
  return launch(shell_spec(pipe->read.get(), nothing.get()));
}

} // namespace

/// One process that runs the script; alive until it is reaped.
struct process_guard::shell {
  explicit shell(boost::asio::io_context& context)
    : exit(context),
      timer(context) {}

  result<void> start();

  /// Writes one line. False if it does not read, or is dead.
  bool tell(char sign, pid_t group) const;

  void kill();

  void reap();

  pid_t pid = -1;
  /// Our end of its input.
  unique_fd lines;
  /// The pidfd.
  boost::asio::posix::stream_descriptor exit;
  /// Ends it with force if it does not go.
  boost::asio::steady_timer timer;
  steady::time_point born = steady::now();
};

result<void> process_guard::shell::start() {
  auto child = launch_shell(lines);
  if (!child)
    return child.error();
  pid = child->pid;
  boost::system::error_code failed;
  auto fd = child->pidfd.release();
  exit.assign(fd, failed);
  if (!failed)
    return {};
  ::kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  ::close(fd);
  return make_refusal(errc::connect_failed,
                      cat("it cannot be watched: ", failed.message()));
}

bool process_guard::shell::tell(char sign, pid_t group) const {
  auto line = cat(sign, group, '\n');
  return write(lines.get(), line.data(), line.size())
         == static_cast<ssize_t>(line.size());
}

void process_guard::shell::kill() {
  syscall(SYS_pidfd_send_signal, exit.native_handle(), SIGKILL, nullptr, 0U);
}

void process_guard::shell::reap() {
  siginfo_t info{};
  waitid(P_PIDFD, static_cast<id_t>(exit.native_handle()), &info, WEXITED);
  boost::system::error_code ignored;
  exit.close(ignored);
  timer.cancel(ignored);
}

process_guard::process_guard(io_loop& loop) : loop_(loop) {}

// The wait for its exit keeps the shell. A group that is left, because it
// cannot be killed, is tried once more by the shell, which then ends.
process_guard::~process_guard() {
  if (shell_)
    shell_->lines.reset();
}

result<launched> process_guard::launch(launch_spec spec) {
  early_deaths_ = 0;
  spec.announce_to = ensure_shell() ? shell_->lines.get() : -1;
  auto out = transport::launch(spec);
  if (out) {
    groups_.insert(out->pid);
    if (!out->announced && shell_ && !shell_->tell('+', out->pid))
      restart_shell();
  } else if (groups_.empty() && shell_) {
    retire_shell();
  }
  return out;
}

void process_guard::release(pid_t group) {
  if (groups_.erase(group) == 0 || !shell_)
    return;
  if (!shell_->tell('-', group))
    restart_shell();
  else if (groups_.empty())
    retire_shell();
}

pid_t process_guard::pid() const noexcept {
  return shell_ ? shell_->pid : -1;
}

void process_guard::restart_shell() {
  drop_shell();
  if (!groups_.empty())
    start_shell();
}

bool process_guard::ensure_shell() {
  if (!shell_)
    start_shell();
  return shell_ != nullptr;
}

void process_guard::start_shell() {
  auto next = std::make_shared<shell>(loop_.context());
  if (auto ok = next->start(); !ok) {
    log::transport::error("guard-failed",
                          "The process guard does not run: ", ok.error().text,
                          "; if mcpool is killed, what its "
                          "servers started may be left over");
    return;
  }
  watch(next);
  shell_ = std::move(next);
  for (auto group : groups_)
    if (!shell_->tell('+', group))
      return drop_shell();
}

/// Its input must not end before it is dead, that would mean our death.
void process_guard::drop_shell() {
  shell_->kill();
  shell_.reset();
}

/// Ends the shell in peace; it knows no group any more.
void process_guard::retire_shell() {
  shell_->lines.reset();
  shell_->timer.expires_after(patience);
  shell_->timer.async_wait([x = shell_](const auto& cancelled) {
    if (!cancelled)
      x->kill();
  });
  shell_.reset();
}

void process_guard::watch(const std::shared_ptr<shell>& x) {
  x->exit.async_wait(x->exit.wait_read,
                     [weak = weak_from_this(), x](const auto&) {
                       x->reap();
                       if (auto self = weak.lock())
                         self->on_shell_exit(*x);
                     });
}

void process_guard::on_shell_exit(const shell& x) {
  if (shell_.get() != &x)
    return;
  shell_.reset();
  early_deaths_ = steady::now() - x.born < young ? early_deaths_ + 1 : 0;
  log::transport::warning("guard-died", "The process guard ", x.pid,
                          " was ended by somebody else");
  if (early_deaths_ <= max_early_deaths)
    start_shell();
}

} // namespace mcpool::transport
