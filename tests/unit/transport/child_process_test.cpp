// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/child_process.hpp>

#include <mcpool/contract/processes.hpp>

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <utility>

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::contract;
using namespace mcpool::transport;

namespace {

class ChildProcessTest : public ::testing::Test {
protected:
  ~ChildProcessTest() override { EXPECT_TRUE(has_no_child()); }

  template <class F>
  void on_loop(F f) {
    std::promise<void> done;
    loop->post([&] {
      f();
      done.set_value();
    });
    done.get_future().wait();
  }

  void start(std::string_view script) {
    unique_fd nothing{open("/dev/null", O_RDWR | O_CLOEXEC)};
    launch_spec spec;
    spec.command = "/bin/sh";
    spec.args = {"-c", std::string{script}};
    spec.input = spec.output = spec.error = nothing.get();
    on_loop([&] {
      auto ok = aut->start(std::move(spec), aut,
                           [this](exit_status x) { ended.set_value(x); });
      EXPECT_TRUE(ok) << ok.error().text;
      pid = aut->pid();
    });
  }

  void end_loop() {
    aut.reset();
    guard.reset();
    loop.reset();
  }

  std::unique_ptr<io_loop> loop = std::make_unique<io_loop>();
  std::shared_ptr<process_guard> guard = std::make_shared<process_guard>(*loop);
  std::shared_ptr<child_process> aut
    = std::make_shared<child_process>(loop->context(), guard);
  pid_t pid = -1;
  std::promise<exit_status> ended;
};

} // namespace

TEST_F(ChildProcessTest, TellsHowItEnded) {
  start("exit 3");
  EXPECT_EQ(to_string(ended.get_future().get()), "ended with exit code 3");
  end_loop();
}

// As of one that the kernel does not let go.
TEST_F(ChildProcessTest, TheLoopEndsBesideAChildThatWasLetGoRegression) {
  start("exec sleep 60");
  on_loop([&] {
    aut->let_go();
    EXPECT_FALSE(aut->running());
  });
  end_loop();
  kill(pid, SIGKILL);
  EXPECT_EQ(waitpid(pid, nullptr, 0), pid) << "nobody else reaped it";
  auto told = ended.get_future().wait_for(std::chrono::seconds{0});
  EXPECT_EQ(told, std::future_status::timeout);
}
