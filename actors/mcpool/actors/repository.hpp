// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/bounded_count.hpp>
#include <mcpool/actors/private_messages.hpp>
#include <mcpool/actors/server_slot.hpp>
#include <mcpool/config/pool_config.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>
#include <mcpool/transport/transport.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string_view>

namespace mcpool::actors {

/// Whether servers with `"startup": true` are connected without being asked
/// for.
enum class eager_start : std::uint8_t { off, on };

/// What a REPOSITORY is made of.
struct repository_setup {
  owner_scope owner;
  config::pool_config limits;
  registry_actor registry;
  throttle_actor throttle;
  transport::transport_factory make_transport;
  std::shared_ptr<engine::timer_wheel> wheel;
  eager_start eager = eager_start::off;
  /// Gives a random number from 0 to 1; one of its own if null.
  std::function<double()> dice;
};

/// REPOSITORY: owns the connections of one owner, at most one per server that
/// serves callers.
///
/// Any number of concurrent `get`s of a server cause one start. A start is
/// known from its first moment, so `disconnect` and a changed configuration
/// reach it, and a start that nobody waits for any more, for whatever reason,
/// is cancelled. A server whose start failed is left alone for a while; who
/// asks meanwhile is refused at once, and the first who asks afterwards starts
/// the one probe that everybody waits for. What is kept comes back by itself.
/// What is idle ends, but never with a call that came meanwhile. A connection
/// whose configuration changed is replaced while its running calls finish. No
/// server waits for another. It keeps its view of the configuration itself, so
/// that a `get` of a ready connection asks nobody.
///
/// It keeps itself alive until it has had nothing to do and nothing to remember
/// for `scopeIdleTimeout`. From then on it lives as long as somebody has its
/// handle, and whoever uses that makes it work again.
class repository {
public:
  // -- constants --------------------------------------------------------------

  using handle = engine::iface<engine::extended<
    repository_interface, fn<void(phase_changed)>, fn<void(went_idle)>,
    fn<void(end_if_idle)>, fn<void(engine::wakeup)>>>;

  static constexpr const char* name = "mcpool.repository";

  /// Requests for its status that may run at once.
  static constexpr std::size_t max_statuses = 64;

  // -- constructors -----------------------------------------------------------

  repository(handle::pointer self, repository_setup setup);

  ~repository();

  // -- behavior ---------------------------------------------------------------

  handle::behavior_type make_behavior();

private:
  using phase = policy::connection_phase;
  using slot_map = std::map<server_name, server_slot>;
  using waiter_list = std::list<waiter>;
  using get_outcome = waiter::outcome;

  /// Where somebody waits.
  struct waiter_place {
    server_name server;
    waiter_list::iterator pos;
  };
  using successor = server_slot::successor;

  // -- message handlers -------------------------------------------------------

  caf::result<messages::repository::connection_ref>
  on_get(const messages::repository::get& x);
  bool on_has(const messages::repository::has& x);
  caf::result<messages::repository::connection_map>
  on_get_many(const messages::repository::get_many& x);
  messages::repository::connection_map on_get_loaded() const;
  caf::result<messages::repository::connection_map>
  on_get_all(messages::repository::get_all x);
  caf::result<void> on_disconnect(const messages::repository::disconnect& x);
  caf::result<void> on_disconnect_all(messages::repository::disconnect_all x);
  caf::result<messages::connection::call_result>
  on_call(messages::repository::call& x);
  void on_cancel(const messages::repository::cancel& x);
  caf::result<messages::connection::list_result>
  on_list(messages::repository::list& x);
  caf::result<messages::repository::repository_status> on_status();
  void on_config_changed(const config::server_config& x);
  void on_config_removed(const messages::config_listener::config_removed& x);
  void on_phase_changed(const phase_changed& x);
  void on_went_idle(const went_idle& x);
  void on_end_if_idle();

  // -- callbacks --------------------------------------------------------------

  void on_view(const messages::registry::config_view& x);
  void on_ready(server_slot& slot, const phase_changed& x);
  void on_ending(server_slot& slot, const phase_changed& x);
  void on_retirement(const server_name& server);
  void on_comeback(const server_name& server);
  void on_closed(slot_map::iterator pos, const phase_changed& x);
  void on_scope_check();
  void on_waiter_expired(const server_name& server, waiter_list::iterator pos);
  void on_caller_gone(const caf::actor_addr& who);

  // -- helpers: waiting -------------------------------------------------------

  result<slot_map::iterator> usable(const server_name& server);
  refusal unknown(const server_name& server) const;
  result<void> check_access(const server_slot& slot) const;
  void want(const server_name& server, deadline until, waiter x);
  waiter new_waiter() const;
  void watch_caller(const server_name& server, waiter_list::iterator pos);
  void forget_caller(const waiter& x);
  void serve(server_slot& slot, const get_outcome& x);
  bool cancel_waiter(server_slot& slot, const caf::actor_addr& caller,
                     call_id name);
  void drop_waiter(server_slot& slot, waiter_list::iterator pos,
                   const refusal& why);
  bool try_again(server_slot& slot, const phase_changed& x);
  void forget_start(server_slot& slot);
  void cool_down(server_slot& slot, const phase_changed& x);
  policy::backoff_limits backoff_limits() const;
  refusal cooling(const server_name& server, const server_slot& slot) const;
  duration longest_wait(const server_slot& slot) const;
  refusal late(const server_name& server, const server_slot& slot) const;

  // -- helpers: connections ---------------------------------------------------

  void start(server_slot& slot);
  void spawn_connection(server_slot& slot);
  void replace(server_slot& slot, std::string_view reason);
  void retire(server_slot& slot, std::string_view reason);
  deadline retirement(const config::server_config& x) const;
  bool is_kept(const server_slot& slot) const;
  void come_back_later(server_slot& slot, const phase_changed& x);
  bool take_back(server_slot& slot, std::uint64_t incarnation);
  server_slot::current_connection take_current(server_slot& slot);
  void end_current(server_slot& slot, deadline until, successor next);
  void end_now(server_slot& slot);
  void end_everything(server_slot& slot, deadline until, successor next);
  void settle(slot_map::iterator pos);
  phase phase_without_connection(const server_slot& slot) const;
  messages::connection::connection_status
  describe(const server_name& server, const server_slot& slot) const;
  deadline drain_deadline() const;
  refusal too_many_leave() const;
  bool is_old(const server_name& server, std::uint64_t revision) const;
  void remember_removal(const server_name& server, std::uint64_t revision);
  void stay();
  bool has_work() const;

  // -- member variables -------------------------------------------------------

  handle::pointer self_;
  repository_setup setup_;
  engine::timer_set timers_;
  engine::watch_list<handle::base> watches_;
  /// Every server that is configured, or not quite gone.
  slot_map slots_;
  /// The revisions of what is not configured any more, the latest ones.
  std::map<server_name, std::uint64_t> removed_;
  /// Where each caller waits; watched as long as it does.
  std::map<caf::actor_addr, std::map<const waiter*, waiter_place>> callers_;
  std::uint64_t last_incarnation_ = 0;
  /// How many callers wait for connections, over all servers.
  std::size_t waiting_ = 0;
  /// Those that wait for the end of connections.
  bounded_count leaving_;
  bounded_count statuses_{max_statuses};
  /// Itself, as long as it has something to do or had lately.
  caf::strong_actor_ptr alive_;
  /// There was something to do when it was last looked, or since.
  bool used_ = false;
  /// The service is ending: nothing starts any more.
  bool closing_ = false;
};

} // namespace mcpool::actors
