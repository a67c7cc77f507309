// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/service.hpp>
#include <mcpool/actors/system_config.hpp>
#include <mcpool/bench/options.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::bench {

namespace conn = messages::connection;
namespace repo = messages::repository;

/// What each call of a tool says, and its answer must repeat.
inline constexpr std::string_view greeting = "hello from the benchmark";

/// The params of such a call.
inline constexpr std::string_view echo_params
  = R"({"name":"echo","arguments":{"message":"hello from the benchmark"}})";

/// The servers `s0`, `s1` … of the command line, over HTTP.
std::vector<config::server_config> http_servers(const options& o, int count);

/// The same over stdio: each runs `--command`.
std::vector<config::server_config> stdio_servers(const options& o, int count);

/// Throws `std::runtime_error` unless `x` has a value.
template <class T>
T need(result<T> x) {
  if (!x)
    throw std::runtime_error{to_string(x.error())};
  if constexpr (!std::is_void_v<T>)
    return std::move(*x);
}

/// A service inside this process, with real threads and real transports.
class bench_pool {
public:
  /// `pool` are its limits.
  bench_pool(const options& o, config::pool_config pool,
             const std::vector<config::server_config>& servers);

  caf::actor_system& system() noexcept { return system_; }

  /// The REPOSITORY of a user.
  repository_actor owner(std::string_view user);

  /// That of several: `<prefix>0` and so on.
  std::vector<repository_actor> owners(std::string_view prefix, int count);

  registry_actor registry();

  /// A deadline that no right answer misses.
  deadline soon() const { return service_.in(std::chrono::minutes{1}); }

  /// Asks and waits. Throws `std::runtime_error` for a refusal.
  template <class T, class Handle, class Message>
  T ask(const Handle& to, Message x) {
    caf::scoped_actor self{system_};
    return need(engine::await<T>(self, to, std::move(x)));
  }

  /// The connection to `server`, made if need be.
  repo::connection_ref get(const repository_actor& from, std::string server) {
    return ask<repo::connection_ref>(from,
                                     repo::get{{std::move(server)}, soon()});
  }

private:
  actors::system_config config_;
  caf::actor_system system_;
  actors::service service_;
};

/// Limits with all permits open: `--permits` on the node (600), `--batch` for
/// one owner (3).
config::pool_config wide_limits(const options& o);

} // namespace mcpool::bench
