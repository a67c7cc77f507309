// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/bounded_count.hpp>
#include <mcpool/actors/config_source.hpp>
#include <mcpool/actors/repository.hpp>
#include <mcpool/config/document.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timer_wheel.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/transport/transport.hpp>

#include <caf/actor_addr.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace mcpool::actors {

/// What a POOL is made of.
struct pool_setup {
  /// The configuration to start with.
  config::document config;
  /// Where changes of it come from; may be null.
  std::shared_ptr<config_source> source;
  transport::transport_factory make_transport;
  std::shared_ptr<engine::timer_wheel> wheel;
  /// Whether servers with `"startup": true` are connected at once.
  eager_start eager = eager_start::off;
};

/// POOL: the root of the tree, one per node. It starts the REGISTRY, the
/// THROTTLE and a REPOSITORY for each owner that is asked for, and ends them in
/// order: first the connections, then what they need.
///
/// It does not keep a REPOSITORY alive: that ends by itself when it has nothing
/// to do and nobody has its handle. So there is never more than one of an
/// owner, and a handle is good as long as somebody has it. Only when there are
/// `maxScopes` of them, those that have nothing to do are ended though somebody
/// may have their handles.
class pool {
public:
  // -- constants --------------------------------------------------------------

  using handle = pool_actor;

  static constexpr const char* name = "mcpool.pool";

  /// Requests for its status that may run at once.
  static constexpr std::size_t max_statuses = 64;

  /// Callers that may wait for its end.
  static constexpr std::size_t max_shutdown_waiters = 1000;

  // -- constructors -----------------------------------------------------------

  pool(handle::pointer self, pool_setup setup);

  ~pool();

  // -- behavior ---------------------------------------------------------------

  handle::behavior_type make_behavior();

private:
  // -- message handlers -------------------------------------------------------

  caf::result<repository_actor>
  on_find_repository(const messages::pool::find_repository& x);
  caf::result<messages::pool::pool_status> on_status();
  caf::result<void> on_shutdown(messages::pool::shutdown x);

  // -- callbacks --------------------------------------------------------------

  void on_repository_down(const owner_scope& owner, const caf::actor_addr& who);
  void on_disconnected();
  void on_rest_down();
  void on_child_down(const caf::error& why);

  // -- helpers ----------------------------------------------------------------

  repository_actor start_repository(const owner_scope& owner);
  void make_room();
  template <class F>
  void for_each_repository(F f) const;
  void disconnect_all();
  void end_repositories();
  void end_rest();
  void finish();

  // -- member variables -------------------------------------------------------

  handle::pointer self_;
  pool_setup setup_;
  engine::watch_list<handle::base> watches_;
  registry_actor registry_;
  throttle_actor throttle_;
  /// Those that have not ended; some may just do so.
  std::map<owner_scope, caf::actor_addr> repositories_;
  /// When those that do nothing were last told to end.
  time_point made_room_at_{};
  bounded_count statuses_{max_statuses};
  /// Until when running calls may go on, from the first `shutdown` on.
  deadline until_;
  /// Answers of repositories that `shutdown` waits for.
  std::size_t disconnecting_ = 0;
  /// No connection is left: the repositories end, then the rest.
  bool ending_ = false;
  /// REGISTRY and THROTTLE, while they end.
  std::size_t rest_ = 0;
  /// Who waits for the end; not empty from the first `shutdown` on.
  std::vector<engine::reply<void>> shutdown_waiters_;
};

} // namespace mcpool::actors
