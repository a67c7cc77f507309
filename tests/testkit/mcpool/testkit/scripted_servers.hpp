// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>

#include <mcpool/testkit/scripted_server.hpp>

#include <functional>
#include <map>
#include <string>

namespace mcpool::testkit {

/// The scripted servers of a fixture, made when they are first named.
class scripted_servers {
public:
  /// On a network that outlives this object.
  explicit scripted_servers(scripted_network& network) : network_(network) {}

  /// The server of this name; made, and told to `on_new`, the first time.
  scripted_server& at(const std::string& name);

  /// Called with the configuration of every server that is made from now on.
  void on_new(std::function<void(const config::server_config&)> f) {
    on_new_ = std::move(f);
  }

private:
  scripted_network& network_;
  std::map<std::string, scripted_server> all_;
  std::function<void(const config::server_config&)> on_new_;
};

} // namespace mcpool::testkit
