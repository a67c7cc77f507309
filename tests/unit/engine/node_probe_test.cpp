// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/node_probe.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcpool::engine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Listens on a port, says something to the first who comes, and hangs up when
/// that one does, or at once.
class listener {
public:
  enum class then : std::uint8_t { wait, hang_up };

  explicit listener(std::string text, then what = then::wait) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(to);
    auto* raw = reinterpret_cast<sockaddr*>(&to);
    EXPECT_EQ(bind(fd_, raw, size), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, raw, &size), 0);
    at_.port = ntohs(to.sin_port);
    thread_ = std::thread{[this, text = std::move(text), what] {
      auto peer = accept(fd_, nullptr, nullptr);
      EXPECT_EQ(::send(peer, text.data(), text.size(), 0),
                static_cast<ssize_t>(text.size()));
      char c = 0;
      if (what == then::wait) {
        EXPECT_LE(recv(peer, &c, 1, 0), 0);
      }
      close(peer);
    }};
  }

  ~listener() {
    thread_.join();
    close(fd_);
  }

  const node_address& at() const { return at_; }

private:
  int fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  node_address at_;
  std::thread thread_;
};

std::string greeting(char version) {
  std::string out(32, '\0');
  out[7] = 40;
  out[15] = version;
  return out;
}

TEST(NodeProbeTest, TellsTheGenerationOfANode) {
  listener peer{greeting(8)};
  auto version = probe_node(peer.at(), 10s);
  ASSERT_TRUE(version) << version.error().text;
  EXPECT_EQ(*version, 8U);
}

TEST(NodeProbeTest, RefusesWhatGreetsAnotherWay) {
  listener peer{"SSH-2.0-OpenSSH_9.2p1 Debian\r\n"};
  auto version = probe_node(peer.at(), 10s);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, errc::protocol_violation);
  EXPECT_THAT(version.error().text, HasSubstr("is no service of mcpool"));
}

TEST(NodeProbeTest, RefusesWhatHangsUp) {
  listener peer{"", listener::then::hang_up};
  auto version = probe_node(peer.at(), 10s);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, errc::protocol_violation);
}

TEST(NodeProbeTest, WaitsNoLongerThanItMay) {
  listener peer{""};
  auto begin = std::chrono::steady_clock::now();
  auto version = probe_node(peer.at(), 200ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, errc::connect_timeout);
  EXPECT_THAT(version.error().text, HasSubstr(to_string(peer.at())));
}

TEST(NodeProbeTest, SaysWhyNobodyIsThere) {
  node_address at;
  {
    listener peer{"", listener::then::hang_up};
    at = peer.at();
    EXPECT_FALSE(probe_node(at, 10s));
  }
  auto version = probe_node(at, 10s);
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, errc::connect_failed);
  EXPECT_THAT(version.error().text, HasSubstr("Connection refused"));
}

} // namespace
} // namespace mcpool::engine
