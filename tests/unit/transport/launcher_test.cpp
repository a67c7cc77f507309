// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/launcher.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::transport;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

std::string read_all(int fd) {
  std::string out;
  char bytes[4096];
  for (ssize_t n; (n = ::read(fd, bytes, sizeof(bytes))) > 0;)
    out.append(bytes, static_cast<std::size_t>(n));
  return out;
}

class LauncherTest : public ::testing::Test {
protected:
  LauncherTest() {
    spec.command = "/bin/sh";
    spec.environment = {"PATH=/usr/bin:/bin"};
    input.reset(open("/dev/null", O_RDWR | O_CLOEXEC));
    spec.input = spec.output = spec.error = input.get();
  }

  // Every child was waited for.
  ~LauncherTest() override {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  // What `script` prints.
  std::string output_of(std::string script) {
    auto pipe = std::move(*make_pipe());
    spec.args = {"-c", std::move(script)};
    spec.output = spec.error = pipe.write.get();
    auto child = launch(spec);
    if (!child)
      return child.error().text;
    pipe.write.reset();
    auto out = read_all(pipe.read.get());
    waitpid(child->pid, nullptr, 0);
    return out;
  }

  std::string failure() {
    auto child = launch(spec);
    if (child) {
      waitpid(child->pid, nullptr, 0);
      return "it started";
    }
    EXPECT_EQ(child.error().code, errc::connect_failed);
    return child.error().text;
  }

  // An executable file with this content.
  std::string file(const std::string& content, fs::perms perms) {
    auto path = folder / "program";
    fs::create_directories(folder);
    std::ofstream{path} << content;
    fs::permissions(path, perms);
    return path.string();
  }

  struct temporary_folder : fs::path {
    temporary_folder()
      : fs::path(fs::temp_directory_path()
                 / ("mcpool-launcher-" + std::to_string(getpid()))) {}
    ~temporary_folder() { fs::remove_all(*this); }
  } folder;

  unique_fd input;
  launch_spec spec;
};

} // namespace

TEST_F(LauncherTest, PassesArgumentsAndEnvironment) {
  spec.environment.push_back("COLOUR=blue");
  EXPECT_EQ(output_of("echo $COLOUR $HOME; env | wc -l"), "blue\n3\n");
}

TEST_F(LauncherTest, StartsInTheWorkingDirectory) {
  spec.cwd = "/usr";
  EXPECT_EQ(output_of("pwd"), "/usr\n");
}

TEST_F(LauncherTest, LooksTheProgramUp) {
  spec.command = "sh";
  EXPECT_EQ(output_of("echo $0"), "sh\n");
}

TEST_F(LauncherTest, MakesTheChildLeadItsSessionAndGroup) {
  EXPECT_EQ(output_of("read a b c d pgrp session rest < /proc/$$/stat; "
                      "[ $pgrp = $$ ] && [ $session = $$ ] && echo yes"),
            "yes\n");
}

TEST_F(LauncherTest, PassesNoOtherDescriptor) {
  auto leaky = open("/dev/null", O_RDONLY);
  ASSERT_GT(leaky, 2);
  ASSERT_EQ(fcntl(leaky, F_GETFD) & FD_CLOEXEC, 0);
  auto far = fcntl(leaky, F_DUPFD, 900);
  EXPECT_EQ(output_of("ls /proc/$$/fd"), "0\n1\n2\n");
  close(leaky);
  close(far);
}

TEST_F(LauncherTest, GivesDefaultSignalActionsAndNoMask) {
  sigset_t some;
  sigset_t before;
  sigemptyset(&some);
  sigaddset(&some, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &some, &before);
  auto old = signal(SIGPIPE, SIG_IGN);
  auto out = output_of("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  signal(SIGPIPE, old);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_THAT(out, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(out, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST_F(LauncherTest, LeavesTheSignalsOfTheCallerAlone) {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  output_of("true");
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int sig = 1; sig < NSIG; ++sig)
    EXPECT_EQ(sigismember(&before, sig), sigismember(&after, sig));
}

TEST_F(LauncherTest, KillsTheChildWhenTheStartingThreadEnds) {
  spec.args = {"-c", "exec sleep 100"};
  pid_t pid = -1;
  std::thread{[&] { pid = launch(spec)->pid; }}.join();
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST_F(LauncherTest, LetsAnIndependentChildOutliveTheThread) {
  spec.dies_with_parent = false;
  spec.args = {"-c", "sleep 0.05; exit 7"};
  pid_t pid = -1;
  std::thread{[&] { pid = launch(spec)->pid; }}.join();
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(LauncherTest, AnnouncesTheChild) {
  auto pipe = std::move(*make_pipe());
  spec.announce_to = pipe.write.get();
  spec.args = {"-c", ":"};
  auto child = launch(spec);
  ASSERT_TRUE(child);
  EXPECT_TRUE(child->announced);
  pipe.write.reset();
  EXPECT_EQ(read_all(pipe.read.get()), "+" + std::to_string(child->pid) + "\n");
  waitpid(child->pid, nullptr, 0);
}

TEST_F(LauncherTest, WithdrawsAChildThatDoesNotStart) {
  auto pipe = std::move(*make_pipe());
  spec.announce_to = pipe.write.get();
  spec.command = "/no/such/program";
  ASSERT_FALSE(launch(spec));
  pipe.write.reset();
  auto lines = read_all(pipe.read.get());
  auto middle = lines.find("\n-");
  ASSERT_NE(middle, std::string::npos) << lines;
  EXPECT_EQ(lines.substr(1, middle), lines.substr(middle + 2));
}

TEST_F(LauncherTest, SurvivesAnAnnouncementThatNobodyReads) {
  signal(SIGPIPE, SIG_IGN);
  auto pipe = std::move(*make_pipe());
  pipe.read.reset();
  spec.announce_to = pipe.write.get();
  EXPECT_EQ(output_of("echo here"), "here\n");
}

TEST_F(LauncherTest, NamesAMissingProgram) {
  spec.command = "/no/such/program";
  EXPECT_EQ(failure(), "cannot start '/no/such/program': No such file or "
                       "directory");
}

TEST_F(LauncherTest, NamesAProgramThatIsNotExecutable) {
  spec.command = file("#!/bin/sh\n", fs::perms::owner_read);
  EXPECT_EQ(failure(),
            "cannot start '" + spec.command + "': Permission denied");
}

TEST_F(LauncherTest, NamesAFolderAsProgram) {
  spec.command = "/usr/bin";
  EXPECT_EQ(failure(), "cannot start '/usr/bin': Permission denied");
}

TEST_F(LauncherTest, NamesAMissingWorkingDirectory) {
  spec.cwd = "/no/such/folder";
  EXPECT_EQ(failure(), "cannot start '/bin/sh': its working directory "
                       "'/no/such/folder': No such file or directory");
}

TEST_F(LauncherTest, NamesAMissingInterpreter) {
  spec.command = file("#!/no/such/interpreter -x\n", fs::perms::owner_all);
  EXPECT_EQ(failure(), "cannot start '" + spec.command
                         + "': its interpreter does not exist "
                           "(#!/no/such/interpreter -x)");
}

TEST_F(LauncherTest, NamesAFormatThatCannotBeExecuted) {
  spec.command = file("just text\n", fs::perms::owner_all);
  EXPECT_THAT(failure(), HasSubstr("in no format that can be executed"));
}

TEST_F(LauncherTest, NamesArgumentsThatAreTooLong) {
  spec.args = {std::string(10 * 1024 * 1024, 'x')};
  EXPECT_EQ(failure(), "cannot start '/bin/sh': arguments and environment are "
                       "too long");
}

TEST_F(LauncherTest, RefusesNulBytes) {
  spec.args = {std::string("a\0b", 3)};
  EXPECT_THAT(failure(), HasSubstr("NUL"));
}

TEST_F(LauncherTest, KeepsNoDescriptorOfAFailure) {
  spec.command = "/no/such/program";
  auto count
    = [] { return std::distance(fs::directory_iterator{"/proc/self/fd"}, {}); };
  auto before = count();
  for (int i = 0; i < 20; ++i)
    failure();
  EXPECT_EQ(count(), before);
}
