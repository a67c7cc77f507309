// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/node_probe.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcpool::engine {

namespace {

using steady = std::chrono::steady_clock;

// The header of a server's greeting: the kind of message, two unused bytes,
// flags, the length of what follows, and the version, all big-endian.
constexpr std::size_t header_size = 16;
constexpr std::uint8_t server_greeting = 0;
constexpr std::uint64_t newest_thinkable_version = 1000;

using header = std::array<std::uint8_t, header_size>;

class socket_handle {
public:
  explicit socket_handle(int fd) : fd_(fd) {}

  socket_handle(const socket_handle&) = delete;
  socket_handle& operator=(const socket_handle&) = delete;

  ~socket_handle() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

using address_list = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

std::string reason(int code) {
  return std::generic_category().message(code);
}

refusal failed(errc code, const node_address& to, std::string_view why) {
  return make_refusal(code,
                      cat("cannot reach mcpool at ", to_string(to), ": ", why));
}

refusal is_silent(const node_address& to) {
  return make_refusal(errc::connect_timeout,
                      cat("cannot reach mcpool at ", to_string(to),
                          ": something accepts connections there, but it does "
                          "not greet as a service of mcpool does; it may be "
                          "stopped, or another program"));
}

refusal is_stranger(const node_address& to) {
  return make_refusal(
    errc::protocol_violation,
    cat("what listens at ", to_string(to), " is no service of mcpool"));
}

result<address_list> resolve(const node_address& to) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto port = cat(to.port);
  auto code = getaddrinfo(to.host.c_str(), port.c_str(), &hints, &found);
  if (code != 0)
    return failed(errc::connect_failed, to, gai_strerror(code));
  return address_list{found, &freeaddrinfo};
}

// True when there is something before the end.
bool wait_for(int fd, short what, steady::time_point end) {
  for (;;) {
    using std::chrono::milliseconds;
    auto left = std::chrono::ceil<milliseconds>(end - steady::now()).count();
    pollfd entry{fd, what, 0};
    auto n = ::poll(&entry, 1, static_cast<int>(std::max<long>(left, 0)));
    if (n >= 0 || errno != EINTR)
      return n > 0;
  }
}

// 0, or an errno value.
int open_connection(int fd, const addrinfo& to, steady::time_point end) {
  if (::connect(fd, to.ai_addr, to.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  if (!wait_for(fd, POLLOUT, end))
    return ETIMEDOUT;
  int code = 0;
  socklen_t size = sizeof(code);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size);
  return code;
}

result<header> read_header(int fd, const node_address& from,
                           steady::time_point end) {
  header out{};
  std::size_t size = 0;
  while (size < out.size()) {
    if (!wait_for(fd, POLLIN, end))
      return size == 0 ? is_silent(from) : is_stranger(from);
    auto n = ::recv(fd, out.data() + size, out.size() - size, 0);
    if (n <= 0)
      return is_stranger(from);
    size += static_cast<std::size_t>(n);
  }
  return out;
}

result<std::uint64_t> version_in(const header& x, const node_address& from) {
  std::uint64_t version = 0;
  for (std::size_t i = 8; i < header_size; ++i)
    version = version << 8 | x[i];
  if (x[0] != server_greeting || x[1] != 0 || x[2] != 0 || version == 0
      || version > newest_thinkable_version)
    return is_stranger(from);
  return version;
}

} // namespace

result<std::uint64_t> probe_node(const node_address& to, duration limit) {
  auto end = steady::now() + limit;
  auto addresses = resolve(to);
  if (!addresses)
    return addresses.error();
  auto code = EADDRNOTAVAIL;
  for (auto* x = addresses->get(); x != nullptr; x = x->ai_next) {
    socket_handle fd{
      ::socket(x->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    code = fd.get() < 0 ? errno : open_connection(fd.get(), *x, end);
    if (code != 0)
      continue;
    auto greeting = read_header(fd.get(), to, end);
    if (!greeting)
      return greeting.error();
    return version_in(*greeting, to);
  }
  return failed(code == ETIMEDOUT ? errc::connect_timeout
                                  : errc::connect_failed,
                to, reason(code));
}

} // namespace mcpool::engine
