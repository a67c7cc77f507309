// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/process_guard.hpp>

#include <mcpool/core/log.hpp>

#include <mcpool/contract/processes.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::transport;
using namespace mcpool::contract;

namespace {

bool ignores(pid_t pid, int signal) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(in, line);)
    if (line.rfind("SigIgn:", 0) == 0)
      return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1)) & 1;
  return false;
}

class ProcessGuardTest : public ::testing::Test {
protected:
  ProcessGuardTest() {
    log::set_level(log::level::off);
    nothing.reset(open("/dev/null", O_RDWR | O_CLOEXEC));
  }

  ~ProcessGuardTest() override {
    for (auto pid : std::vector<pid_t>{children})
      end_child(pid);
    aut.reset();
    loop.reset();
    EXPECT_TRUE(has_no_child());
    log::set_level(log::level::warning);
  }

  template <class F>
  auto on_loop(F f) {
    std::packaged_task<decltype(f())()> task{f};
    auto out = task.get_future();
    loop->post([&] { task(); });
    return out.get();
  }

  pid_t shell() {
    return on_loop([this] { return aut->pid(); });
  }

  result<launched> launch(std::string command) {
    return on_loop([&] {
      launch_spec spec;
      spec.command = command;
      spec.args = {"1000"};
      spec.environment = {"PATH=/usr/bin:/bin"};
      spec.input = spec.output = spec.error = nothing.get();
      return aut->launch(spec);
    });
  }

  pid_t start_child() {
    auto pid = launch("sleep").value().pid;
    children.push_back(pid);
    return pid;
  }

  void end_child(pid_t pid) {
    kill(-pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    on_loop([&] { aut->release(pid); });
    children.erase(std::find(children.begin(), children.end(), pid));
  }

  std::unique_ptr<io_loop> loop = std::make_unique<io_loop>();
  std::shared_ptr<process_guard> aut = std::make_shared<process_guard>(*loop);
  unique_fd nothing;
  std::vector<pid_t> children;
};

} // namespace

TEST_F(ProcessGuardTest, RunsOnlyWhileThereAreChildren) {
  EXPECT_EQ(shell(), -1);
  auto first = start_child();
  auto guard = shell();
  EXPECT_TRUE(is_running(guard));
  auto second = start_child();
  end_child(first);
  EXPECT_EQ(shell(), guard);
  end_child(second);
  EXPECT_EQ(shell(), -1);
  EXPECT_TRUE(eventually([=] { return state_of(guard) == 'X'; }));
}

TEST_F(ProcessGuardTest, DoesNotStayForAChildThatDidNotStart) {
  EXPECT_FALSE(launch("/no/such/program"));
  EXPECT_EQ(shell(), -1);
}

TEST_F(ProcessGuardTest, KeepsNoDescriptorButItsPipe) {
  start_child();
  auto guard = shell();
  // Its loader opens libraries for a moment.
  ASSERT_TRUE(eventually([=] { return ignores(guard, SIGTERM); }));
  auto open = descriptors_of(guard);
  ASSERT_EQ(open.size(), 3u);
  EXPECT_EQ(open[0].rfind("pipe:", 0), 0u);
  EXPECT_EQ(open[1], "/dev/null");
  EXPECT_EQ(open[2], "/dev/null");
}

TEST_F(ProcessGuardTest, IgnoresPoliteSignals) {
  start_child();
  auto guard = shell();
  ASSERT_TRUE(eventually([=] { return ignores(guard, SIGTERM); }));
  for (auto sig : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
    kill(guard, sig);
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  EXPECT_TRUE(is_running(guard));
  EXPECT_EQ(shell(), guard);
}

TEST_F(ProcessGuardTest, IsReplacedWhenItDies) {
  start_child();
  auto first = shell();
  kill(first, SIGKILL);
  EXPECT_TRUE(eventually([&] { return shell() != first && shell() > 0; }));
  EXPECT_EQ(state_of(first), 'X');
}

TEST_F(ProcessGuardTest, IsNotReplacedForever) {
  start_child();
  EXPECT_TRUE(eventually([&] {
    auto now = shell();
    if (now > 0)
      kill(now, SIGKILL);
    return now == -1;
  }));
  start_child();
  EXPECT_GT(shell(), 0);
}
