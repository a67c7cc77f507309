// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A program that is killed by a test: it runs servers which start processes of
// their own, and prints the pid of each, one per line and the guard's first.

#include <mcpool/transport/stdio.hpp>

#include <cstdio>
#include <memory>
#include <vector>

#include <unistd.h>

using namespace mcpool;
using namespace mcpool::transport;

namespace {

constexpr int servers = 3;

/// The server tells the pids of its processes.
class pid_printer : public listener {
public:
  explicit pid_printer(std::shared_ptr<process_guard> guard)
    : guard_(std::move(guard)) {}

  void on_open() override {
    std::printf("%d\n", static_cast<int>(guard_->pid()));
    std::fflush(stdout);
  }

  void on_message(protocol::message x) override {
    std::printf("%s\n", x.method.c_str());
    std::fflush(stdout);
  }

  void on_failure(std::int64_t, refusal, delivery) override {}
  void on_session_lost() override {}
  void on_noise(std::string) override {}
  void on_close(refusal why) override { std::puts(why.text.c_str()); }

private:
  std::shared_ptr<process_guard> guard_;
};

// The processes ignore everything that is not KILL, the end of input included.
constexpr const char* script = R"(
trap '' TERM HUP INT
say() { echo "{\"jsonrpc\":\"2.0\",\"method\":\"$1\"}"; }
sh -c 'sleep 1000 & wait' &
say $!
sleep 1000 <&- >&- 2>&- &
say $!
say $$
while :; do wait; sleep 1; done
)";

} // namespace

int main() {
  io_loop loop;
  auto guard = std::make_shared<process_guard>(loop);
  config::server_config config;
  config.name = server_name{"stubborn"};
  config.command = "sh";
  config.args = {"-c", script};
  std::vector<std::shared_ptr<transport::transport>> running;
  for (int i = 0; i < servers; ++i) {
    running.push_back(
      make_stdio(loop, guard, config, std::make_shared<pid_printer>(guard)));
    running.back()->open();
  }
  for (;;)
    pause();
}
