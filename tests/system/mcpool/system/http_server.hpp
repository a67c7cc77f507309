// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/system/system_test.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace mcpool::system {

/// An MCP server on a port of the loopback interface, for as long as this
/// lives.
class http_server {
public:
  /// The server that misbehaves on demand; on any port if it is 0.
  static http_server fake(const system_test& test, words args = {},
                          std::uint16_t port = 0);

  /// The reference server.
  static http_server everything(const system_test& test);

  std::string url() const;

  std::uint16_t port() const noexcept { return port_; }

  pid_t pid() const noexcept { return process_->pid(); }

  /// Ends it.
  void stop() { process_.reset(); }

  /// The configuration of this server.
  json config() const;

  // -- of the server that misbehaves ------------------------------------------

  /// What it counted.
  json stats() const;

  /// It forgets every session.
  void drop_sessions() const;

  /// These rules replace the present ones; one per line.
  void set_rules(const std::string& text) const;

private:
  std::unique_ptr<process> process_;
  std::uint16_t port_ = 0;
};

} // namespace mcpool::system
