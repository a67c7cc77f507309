// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/messages/types.hpp>
#include <mcpool/system/system_test.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <filesystem>
#include <future>
#include <string>
#include <utility>

namespace mcpool::system {

namespace repo = messages::repository;

/// A service inside this process: real threads, real servers.
class embedded_pool {
public:
  /// With the configuration of a file that is watched.
  explicit embedded_pool(const std::filesystem::path& config_file,
                         owner_scope owner = shared_scope());

  /// What is asked for one owner; from any thread.
  result<repo::connection_ref> get(const std::string& server);
  result<repo::connection_map> get_all();
  result<void> disconnect(const std::string& server);
  result<void> disconnect_all();

  /// Calls a tool and returns the text of its answer.
  result<std::string> call(const std::string& server, const std::string& tool,
                           const json& arguments = json::object());

  /// The same within a limit.
  result<std::string> call_within(std::chrono::milliseconds limit,
                                  const std::string& server,
                                  const std::string& tool,
                                  const json& arguments = json::object());

  /// The first in another thread.
  std::future<result<std::string>>
  begin_call(const std::string& server, const std::string& tool,
             const json& arguments = json::object());

  /// The row of a server.
  messages::connection::connection_status status(const std::string& server);

  /// All rows of all owners, and the permits.
  result<messages::pool::pool_status> pool_status();

  /// A deadline.
  deadline in(std::chrono::milliseconds limit) const {
    return service_.in(limit);
  }

  /// Where actors of the test live.
  caf::actor_system& system() { return system_; }

  /// Whom they ask.
  result<repository_actor> repository(const owner_scope& owner) {
    return service_.repository(owner);
  }

  /// The same pool as another owner sees it.
  template <class T, class Message>
  result<T> ask_as(const owner_scope& owner, Message x) {
    auto to = service_.repository(owner);
    if (!to)
      return to.error();
    caf::scoped_actor self{system_};
    return engine::await<T>(self, *to, std::move(x));
  }

  /// Running calls may go on for `limit`.
  void shutdown(std::chrono::milliseconds limit);

private:
  owner_scope owner_;
  actors::system_config config_;
  caf::actor_system system_;
  actors::service service_;
};

} // namespace mcpool::system
