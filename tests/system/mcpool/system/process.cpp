// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/process.hpp>

#include <mcpool/system/text_file.hpp>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mcpool::system {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& x : texts)
    out.push_back(x.data());
  out.push_back(nullptr);
  return out;
}

// Everything that the child needs, so that it need not allocate.
struct plan {
  explicit plan(const process_spec& spec, const fs::path& folder, int number);

  [[noreturn]] void run() noexcept;

  std::vector<std::string> args;
  std::vector<std::string> environment;
  std::string input;
  std::string output;
  std::string error;
  std::string cwd;
  uid_t user;
  pid_t parent = getpid();
};

plan::plan(const process_spec& spec, const fs::path& folder, int number)
  : args(spec.args),
    user(spec.user) {
  args.insert(args.begin(), spec.program);
  for (const auto& [name, value] : spec.environment)
    environment.push_back(name + "=" + value);
  auto base = folder / ("process-" + std::to_string(number));
  input = base.string() + ".in";
  output = base.string() + ".out";
  error = base.string() + ".err";
  cwd = spec.cwd.empty() ? folder : spec.cwd;
  write_file(input, spec.input);
}

void redirect(int to, const char* path, int flags) {
  auto fd = open(path, flags | O_CLOEXEC, 0600);
  if (fd < 0 || dup2(fd, to) < 0)
    _exit(127);
}

void plan::run() noexcept {
  auto argv = pointers(args);
  auto envp = pointers(environment);
  redirect(STDIN_FILENO, input.c_str(), O_RDONLY);
  redirect(STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, error.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  // Whoever becomes another user forgets the signal of a parent's death.
  if (user != 0 && (setgid(user) != 0 || setuid(user) != 0))
    _exit(127);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // A socket that a child has, too, stays open when we close it.
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (chdir(cwd.c_str()) == 0)
    execve(argv[0], argv.data(), envp.data());
  _exit(127);
}

int next_number() {
  static int last = 0;
  return ++last;
}

// Waits for the end, which the caller then finds by waitid.
void await_end(pid_t pid, milliseconds limit) {
  auto fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0U));
  if (fd < 0)
    return;
  pollfd ended{fd, POLLIN, 0};
  poll(&ended, 1, static_cast<int>(limit.count()));
  close(fd);
}

std::optional<int> reaped(pid_t pid) {
  siginfo_t info{};
  if (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) != 0)
    return 127;
  if (info.si_pid == 0)
    return std::nullopt;
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

} // namespace

process::process(const process_spec& spec, const fs::path& folder) {
  plan all{spec, folder, next_number()};
  out_ = all.output;
  err_ = all.error;
  write_file(out_, "");
  write_file(err_, "");
  pid_ = fork();
  if (pid_ == 0)
    all.run();
  if (pid_ < 0)
    throw std::runtime_error{"fork failed"};
}

process::process(process&& other) noexcept
  : pid_(std::exchange(other.pid_, -1)),
    code_(other.code_),
    out_(std::move(other.out_)),
    err_(std::move(other.err_)) {}

process::~process() {
  if (pid_ > 0 && !code_) {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
}

std::optional<int> process::wait(milliseconds limit) {
  if (!code_) {
    await_end(pid_, limit);
    code_ = reaped(pid_);
  }
  return code_;
}

outcome process::finish(milliseconds limit) {
  auto code = wait(limit);
  if (!code) {
    ::kill(pid_, SIGKILL);
    wait(milliseconds{10'000});
  }
  return {code, out(), err()};
}

// A pid that was reaped may belong to somebody else.
void process::signal(int number) const {
  if (!code_)
    ::kill(pid_, number);
}

std::string process::out() const {
  return read_file(out_);
}

std::string process::err() const {
  return read_file(err_);
}

} // namespace mcpool::system
