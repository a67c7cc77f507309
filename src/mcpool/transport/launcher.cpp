// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// The child is made like `vfork` does it: it shares our memory and this thread
// waits until the child's program runs. `posix_spawn` does the same, but cannot
// set a parent-death signal; `fork` copies the page tables, 40 ms for a heap of
// one GiB.
//
// Sharing memory has a price. The child runs beside our other threads, so it
// takes no lock, allocates nothing and calls only thin system call wrappers; it
// has its own stack, so that nothing of ours is overwritten; no signal handler
// may run in it, so all signals are blocked until they have their default
// actions. In exchange it reports its errors by writing to `child_plan`.
//
// Sanitizers would check a stack that they do not know: they are off in there.

#include <mcpool/transport/launcher.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/transport/printable.hpp>
#include <mcpool/transport/program_path.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mcpool::transport {

namespace {

#define MCPOOL_IN_CHILD                                                        \
  __attribute__((no_sanitize("address"), no_sanitize("undefined")))

/// What the child was doing when it failed.
enum class stage { none, session, directory, descriptors, program };

/// Read by the child, but for the last part, which it writes.
struct child_plan {
  const char* path;
  char* const* argv;
  char* const* envp;
  const char* cwd;
  int fds[3];
  bool dies_with_parent;
  int announce_to;
  pid_t parent;

  stage failed = stage::none;
  int error = 0;
  bool announced = false;
};

// -- in the child -------------------------------------------------------------

MCPOOL_IN_CHILD bool announce(int fd, char sign, pid_t pid) {
  char line[16];
  auto end = line + sizeof(line);
  auto pos = end;
  *--pos = '\n';
  for (; pid > 0; pid /= 10)
    *--pos = static_cast<char>('0' + pid % 10);
  *--pos = sign;
  return write(fd, pos, static_cast<size_t>(end - pos)) == end - pos;
}

// Ignoring SIGPIPE forgets one that a dead guard may have caused.
MCPOOL_IN_CHILD void reset_signals() {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  action.sa_handler = SIG_DFL;
  for (int sig = 1; sig < NSIG; ++sig)
    sigaction(sig, &action, nullptr);
}

MCPOOL_IN_CHILD bool become_leader(const child_plan& plan) {
  if (setsid() < 0)
    return false;
  if (!plan.dies_with_parent)
    return true;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
    return false;
  if (getppid() != plan.parent)
    _exit(127); // It ended before the signal was set, and nobody reads this.
  return true;
}

MCPOOL_IN_CHILD bool take_descriptors(const child_plan& plan) {
  for (int i = 0; i < 3; ++i)
    if (dup2(plan.fds[i], i) < 0)
      return false;
  return syscall(SYS_close_range, 3U, ~0U, 0U) == 0;
}

MCPOOL_IN_CHILD void unblock_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Announces itself while it still has the descriptor for that.
MCPOOL_IN_CHILD stage start_program(child_plan& plan) {
  if (!become_leader(plan))
    return stage::session;
  if (plan.cwd != nullptr && chdir(plan.cwd) != 0)
    return stage::directory;
  if (plan.announce_to >= 0)
    plan.announced = announce(plan.announce_to, '+', getpid());
  reset_signals();
  if (!take_descriptors(plan))
    return stage::descriptors;
  unblock_signals();
  execve(plan.path, plan.argv, plan.envp);
  return stage::program;
}

MCPOOL_IN_CHILD int run_child(void* arg) {
  auto& plan = *static_cast<child_plan*>(arg);
  auto failed = start_program(plan);
  plan.error = errno;
  plan.failed = failed;
  _exit(127);
}

// -- in the parent ------------------------------------------------------------

constexpr std::size_t stack_size = 64 * 1024;

/// Blocks all signals of this thread for as long as it lives.
class signal_blocker {
public:
  signal_blocker() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }

  signal_blocker(const signal_blocker&) = delete;
  signal_blocker& operator=(const signal_blocker&) = delete;

  ~signal_blocker() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_;
};

/// Returns a child that runs its program or ended already; `pid` is -1 and
/// `plan.error` set if there is none.
launched clone_child(child_plan& plan) {
  struct alignas(64) stack {
    char bytes[stack_size];
  };
  auto memory = std::unique_ptr<stack>{new stack};
  signal_blocker guard;
  int pidfd = -1;
  launched out;
  out.pid
    = clone(run_child, memory->bytes + stack_size,
            CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
  if (out.pid < 0)
    plan.error = errno;
  else
    out.pidfd.reset(pidfd);
  out.announced = plan.announced;
  return out;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& x : texts)
    out.push_back(const_cast<char*>(x.c_str()));
  out.push_back(nullptr);
  return out;
}

std::string first_line(const std::string& path) {
  std::ifstream in{path};
  std::array<char, 256> line{};
  in.getline(line.data(), line.size());
  return line.data();
}

// A script whose interpreter is missing and a missing program are one errno.
std::string explain_program(const std::string& path, int error) {
  if (error == ENOENT && access(path.c_str(), F_OK) == 0) {
    auto line = first_line(path);
    return line.rfind("#!", 0) == 0 ? cat("its interpreter does not exist (",
                                          printable(line, 200), ")")
                                    : std::string{"its loader does not exist"};
  }
  if (error == ENOEXEC)
    return "it is in no format that can be executed (a script needs a '#!' "
           "line)";
  if (error == E2BIG)
    return "arguments and environment are too long";
  return std::generic_category().message(error);
}

std::string explain(const child_plan& plan) {
  auto reason = std::generic_category().message(plan.error);
  switch (plan.failed) {
    case stage::none: return cat("no process could be made: ", reason);
    case stage::session: return cat("no session could be made: ", reason);
    case stage::directory:
      return cat("its working directory '", plan.cwd, "': ", reason);
    case stage::descriptors:
      return cat("no descriptors could be set up (close_range needs Linux "
                 "5.9): ",
                 reason);
    case stage::program: break;
  }
  return explain_program(plan.path, plan.error);
}

refusal cannot_start(const std::string& command, std::string_view reason) {
  return make_refusal(errc::connect_failed,
                      cat("cannot start '", command, "': ", reason));
}

bool has_nul(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(), [](const std::string& x) {
    return x.find('\0') != std::string::npos;
  });
}

void reap(const launched& child) {
  siginfo_t info{};
  while (waitid(P_PIDFD, static_cast<id_t>(child.pidfd.get()), &info, WEXITED)
           != 0
         && errno == EINTR) {
  }
}

result<launched> check(launched child, const child_plan& plan,
                       const std::string& command) {
  if (child.pid >= 0 && plan.failed == stage::none)
    return child;
  if (child.announced)
    announce(plan.announce_to, '-', child.pid);
  if (child.pid >= 0)
    reap(child);
  return cannot_start(command, explain(plan));
}

} // namespace

result<launched> launch(const launch_spec& spec) {
  if (has_nul({spec.command, spec.cwd}) || has_nul(spec.args)
      || has_nul(spec.environment))
    return cannot_start(spec.command,
                        "a NUL byte is in its command, arguments, "
                        "environment or directory");
  auto path = find_program(spec.command, spec.environment, spec.cwd);
  if (!path)
    return path.error();
  auto argv = pointers(spec.args);
  argv.insert(argv.begin(), const_cast<char*>(spec.command.c_str()));
  auto envp = pointers(spec.environment);
  child_plan plan{path->c_str(),
                  argv.data(),
                  envp.data(),
                  spec.cwd.empty() ? nullptr : spec.cwd.c_str(),
                  {spec.input, spec.output, spec.error},
                  spec.dies_with_parent,
                  spec.announce_to,
                  getpid()};
  auto child = clone_child(plan);
  return check(std::move(child), plan, spec.command);
}

#undef MCPOOL_IN_CHILD

} // namespace mcpool::transport
