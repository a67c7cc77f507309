// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Why CAF's own limit (`connection-timeout`) is not used.
//
// CAF notes that a peer lives when a whole message of it has been read. Its
// heartbeats wait behind the messages that it wrote before: one that takes
// longer than the limit to arrive would cost the connection to a healthy peer.
// And CAF compares times: a process that did not run for so long would find
// everybody silent before it read what they had said meanwhile.
//
// So the kernel is asked whether bytes have arrived, or wait to be read. That
// a peer is alive is still told by its heartbeats, which CAF sends.
//
// A connection that is given up is cleaned up as CAF does it, before its
// descriptor can get another meaning, and shut down, because a peer that reads
// nothing would keep it open for as long as there is something to write.

#include <mcpool/engine/node_watch.hpp>

#include <mcpool/engine/generation.hpp>

#include <caf/actor_cast.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/sec.hpp>
#if MCPOOL_CAF1
#include <caf/anon_mail.hpp>
#else
#include <caf/send.hpp>
#endif

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace mcpool::engine {

// -- silence ------------------------------------------------------------------

bool silence::is_too_long(const intake& now) noexcept {
  auto has_news = now.arrived != arrived_ || now.is_waiting;
  rounds_ = has_news ? 0 : rounds_ + 1;
  arrived_ = now.arrived;
  auto limit = arrived_ == 0 ? first_word_patience : peer_silence;
  return rounds_ >= limit / heartbeat_interval;
}

// -- the watch ----------------------------------------------------------------

namespace {

// Unlike a descriptor, this is never used again.
std::uint64_t cookie_of(int fd) {
  std::uint64_t out = 0;
  socklen_t size = sizeof(out);
  getsockopt(fd, SOL_SOCKET, SO_COOKIE, &out, &size);
  return out;
}

intake intake_of(int fd) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
  int unread = 0;
  ioctl(fd, FIONREAD, &unread);
  return {info.tcpi_bytes_received, unread > 0};
}

#if MCPOOL_CAF1
std::string broker_name(const char* x) {
  return x;
}
#else
caf::atom_value broker_name(const char* x) {
  return caf::atom_from_string(x);
}
#endif

/// Lives on the thread of CAF's networking, like the broker it looks after, and
/// ends with it.
class connection_watch : public caf::io::broker {
public:
  explicit connection_watch(caf::actor_config& cfg)
    : caf::io::broker(cfg),
      nodes_(system().middleman().named_broker<caf::io::basp_broker>(
        broker_name("BASP"))) {}

  const char* name() const override { return "mcpool.connection_watch"; }

  caf::behavior make_behavior() override {
    schedule_round();
    return {[this](caf::tick_atom) {
      schedule_round();
      on_round();
    }};
  }

  void on_exit() override { nodes_ = nullptr; }

private:
  // From nobody: a message from itself that it never reads, because everything
  // ends, would keep it alive.
  void schedule_round() {
    auto me = caf::actor_cast<caf::actor>(this);
#if MCPOOL_CAF1
    caf::anon_mail(caf::tick_atom_v).delay(heartbeat_interval).send(me);
#else
    caf::delayed_anon_send(me, heartbeat_interval, caf::tick_atom_v);
#endif
  }

  void on_round() {
    std::map<std::uint64_t, silence> still_there;
    for (auto x : nodes().connections()) {
      auto fd = static_cast<int>(x.id());
      auto cookie = cookie_of(fd);
      auto entry = silences_[cookie];
      if (entry.is_too_long(intake_of(fd)))
        give_up(x, fd);
      else
        still_there.emplace(cookie, entry);
    }
    silences_ = std::move(still_there);
  }

  void give_up(caf::io::connection_handle x, int fd) {
    ::shutdown(fd, SHUT_RDWR);
    nodes().connection_cleanup(x, caf::sec::connection_timeout);
    nodes().close(x);
  }

  caf::io::basp_broker& nodes() {
    auto* out = caf::actor_cast<caf::abstract_actor*>(nodes_);
    return *static_cast<caf::io::basp_broker*>(out);
  }

  /// Speaks CAF's protocol and has all connections.
  caf::actor nodes_;

  /// By the socket's cookie.
  std::map<std::uint64_t, silence> silences_;
};

} // namespace

// CAF keeps its brokers by name and ends them before the thread, but takes no
// lock.
void watch_connections(caf::actor_system& system) {
  static std::mutex mutex;
  std::lock_guard guard{mutex};
  system.middleman().named_broker<connection_watch>(broker_name("watch"));
}

} // namespace mcpool::engine
