// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace mcpool::system {

/// Stands between a client and a server on the loopback interface, on a thread
/// of its own, and is the network at its worst.
class tcp_proxy {
public:
  /// What it does with the bytes.
  enum class mood {
    /// Passes them on.
    fair,
    /// Reads nothing, from either side, and accepts all the same.
    frozen,
    /// Passes on what the client says, and one byte of the answers at a time.
    slow,
  };

  /// In front of `server`, a port.
  explicit tcp_proxy(std::uint16_t server);

  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  ~tcp_proxy();

  /// Where clients connect.
  std::uint16_t port() const noexcept;

  std::string url() const;

  /// From now on, for all connections.
  void become(mood x);

  /// From now on a new connection passes on nothing for so long.
  void hold_up(std::chrono::milliseconds x);

  /// The next connection that has passed on so many bytes of answers is reset.
  void reset_after(std::size_t bytes);

  /// Resets every connection.
  void reset_all();

  /// True if the system lets us `lose_all`: it wants CAP_NET_ADMIN.
  static bool may_lose();

  /// Forgets every connection without a word to the client, as a network cable
  /// does that is cut. Returns how many, and fails the test where that fails.
  std::size_t lose_all();

  /// How many clients are connected.
  std::size_t connections() const;

private:
  struct state;

  std::shared_ptr<state> state_;
};

/// A port of the loopback interface whose queue of connections is full: who
/// connects hears nothing.
class full_port {
public:
  full_port();

  full_port(const full_port&) = delete;
  full_port& operator=(const full_port&) = delete;

  ~full_port();

  std::uint16_t port() const noexcept { return port_; }

private:
  int listener_ = -1;
  int fillers_[8];
  std::uint16_t port_ = 0;
};

} // namespace mcpool::system
