// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/tcp_progress.hpp>

#include <cstddef>
#include <cstdint>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace mcpool::transport {

namespace {

// A request is never this short, a closing alert of TLS always is.
constexpr std::uint64_t longest_farewell = 64;

// Of the kernel's states of a socket: the peer has sent its FIN.
constexpr std::uint8_t close_wait = 8;

constexpr auto needed_size
  = offsetof(tcp_info, tcpi_bytes_retrans) + sizeof(std::uint64_t);

} // namespace

// A FIN acknowledges everything that the peer had received by then; a RST does
// not. The SYN counts as one acknowledged byte.
bool closed_before_the_end(int fd) noexcept {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0
      || size < needed_size || info.tcpi_state != close_wait)
    return false;
  auto sent
    = info.tcpi_bytes_sent - info.tcpi_bytes_retrans + info.tcpi_notsent_bytes;
  return sent > info.tcpi_bytes_acked + longest_farewell;
}

} // namespace mcpool::transport
