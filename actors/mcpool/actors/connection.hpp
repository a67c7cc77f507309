// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/pending_calls.hpp>
#include <mcpool/actors/private_messages.hpp>
#include <mcpool/config/pool_config.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/timers.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/connection.hpp>
#include <mcpool/messages/throttle.hpp>
#include <mcpool/policy/connection_phase.hpp>
#include <mcpool/policy/endpoint_gate.hpp>
#include <mcpool/protocol/mcp/capabilities.hpp>
#include <mcpool/protocol/mcp/initialize.hpp>
#include <mcpool/protocol/mcp/paged_list.hpp>
#include <mcpool/transport/transport.hpp>

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mcpool::actors {

/// What a CONNECTION is made of.
struct connection_setup {
  owner_scope owner;
  config::server_config config;
  config::pool_config limits;
  throttle_actor throttle;
  transport::transport_factory make_transport;
  std::shared_ptr<engine::timer_wheel> wheel;
  /// Called inside the actor when it enters a phase.
  std::function<void(phase_changed)> report;
  /// Gives the REPOSITORY, which takes calls that were not written; null if
  /// there is none any more. May be absent.
  std::function<repository_actor()> repository;
  /// Called inside the actor when it has had no calls for `idleTimeout`.
  std::function<void(went_idle)> report_idle;
  /// Tells the CONNECTIONs of one server apart.
  std::uint64_t incarnation = 0;
  /// When the start is over that this is a further attempt of; none for a first
  /// attempt, which has `initTimeout` from its permit.
  deadline start_until = {};
};

/// CONNECTION: owns one MCP session to one server for one owner, from its first
/// attempt to its end.
///
/// It starts by itself: permit, transport, handshake, `ready`; then the permit
/// goes back. A start that fails, a server that dies and an orderly `drain` all
/// end the actor, but not before session, sockets and processes are gone. Every
/// call is answered, within its deadline. A server that forgot the session gets
/// one new handshake, with a permit; calls that it refused unread are sent
/// again, once. If it forgets that session too before it answered anything, the
/// connection ends.
class connection {
public:
  // -- constants --------------------------------------------------------------

  using handle = engine::iface<engine::extended<
    connection_interface, fn<void(call_abandoned)>, fn<void(hand_over)>,
    fn<void(farewell)>, fn<void(end_if_idle)>, fn<void(transport_event)>,
    fn<void(engine::wakeup)>>>;

  static constexpr const char* name = "mcpool.connection";

  // -- constructors -----------------------------------------------------------

  connection(handle::pointer self, connection_setup setup);

  ~connection();

  // -- behavior ---------------------------------------------------------------

  handle::behavior_type make_behavior();

private:
  using phase = policy::connection_phase;
  using place = pending_calls::place;
  using call_outcome = result<shared_text>;

  // -- message handlers -------------------------------------------------------

  caf::result<messages::connection::call_result>
  on_call(const messages::connection::call& x);
  void on_cancel(messages::connection::cancel x);
  caf::result<messages::connection::list_result>
  on_list(const messages::connection::list& x);
  caf::result<void> on_drain(messages::connection::drain x);
  caf::result<bool> on_verify();
  messages::connection::connection_status on_status() const;
  void on_call_abandoned(const call_abandoned& x);
  void on_end_if_idle();
  void on_event(const transport_event& x);

  // -- callbacks: start -------------------------------------------------------

  void on_permit(messages::throttle::permit x);
  void on_no_permit(const refusal& why);
  void on_start_expired();
  void on_initialized(std::string_view asked_for, call_outcome x);
  void on_refused_version(std::string_view asked_for, const refusal& why);

  // -- callbacks: transport ---------------------------------------------------

  void on_transport(const opened&);
  void on_transport(const protocol::message& x);
  void on_transport(const std::vector<protocol::message>& x);
  void on_transport(const unreachable&);
  void on_transport(const exchange_failed& x);
  void on_transport(const unsent& x);
  void on_transport(const session_lost&);
  void on_transport(const noise& x);
  void on_transport(const closed& x);
  void on_server_request(const protocol::message& x);
  void on_notification(const protocol::message& x);
  void on_progress(const protocol::message& x);

  // -- callbacks: calls -------------------------------------------------------

  void watch_caller(const caf::actor_addr& who);
  void on_caller_gone(const caf::actor_addr& who);
  void on_idle_check();
  void on_call_expired(pending_calls::id id);
  void on_call_finished();
  void on_page(std::shared_ptr<struct listing> run, call_outcome x);
  void on_list_failed(struct listing& run, const refusal& why);
  void on_ping_answered(const call_outcome& x);

  // -- helpers: life ----------------------------------------------------------

  void start();
  void begin_handshake(std::string_view version);
  void become_ready(protocol::mcp::initialize_result x,
                    protocol::mcp::capabilities offered);
  void return_permit();
  void found_out(policy::start_outcome x);
  void enter(phase next, std::optional<refusal> why = std::nullopt);
  void report(std::optional<refusal> why);
  void end(refusal why, ending_cause cause);
  void fail_start(const refusal& why);
  ending_cause failure(bool disturbed) const;
  bool renews() const;
  bool passes_on() const;
  caf::result<void> wait_for_end();
  void finish();
  refusal lost() const;
  refusal not_sent() const;
  refusal in_start(const refusal& why) const;

  // -- helpers: calls ---------------------------------------------------------

  result<shared_text> encode(const messages::connection::call& x);
  std::optional<refusal> refuse_call(std::string_view method) const;
  std::optional<refusal> refuse_to_queue(std::size_t bytes) const;
  refusal full(std::string_view numbers) const;
  bool has_session() const;
  bool may_send() const;
  void add_call(pending_call x);
  void send_waiting();
  void send_next();
  void give_turn(pending_calls::id id);
  void send_call(pending_calls::id id);
  void send_one_way(shared_text text);
  void ping();
  void next_page(std::shared_ptr<struct listing> run,
                 std::optional<std::string> cursor);
  void finish_call(pending_calls::id id, call_outcome x);
  void give_up_call(pending_calls::id id, refusal why);
  void count_lost_calls();
  void fail_calls();
  repository_actor repository() const;
  repository_actor successor() const;
  messages::repository::call
  for_repository(const messages::connection::call& x) const;
  void hand_over_waiting();
  void hand_over_call(pending_calls::id id, const repository_actor& to);
  bool send_again(const exchange_failed& x);
  refusal late(const pending_call& x, bool waits) const;
  refusal late(std::string_view method) const;
  std::string who() const;

  // -- member variables -------------------------------------------------------

  handle::pointer self_;
  connection_setup setup_;
  engine::timer_set timers_;
  engine::watch_list<handle::base> watches_;
  /// Who has called and lives.
  std::set<caf::actor_addr> callers_;

  phase phase_ = phase::on_demand;
  time_point since_{};
  /// Held while starting.
  std::optional<permit_id> permit_;
  /// What the start has found out about the endpoint of the server.
  policy::start_outcome outcome_ = policy::start_outcome::unknown;
  /// Ends a start that takes too long.
  engine::timer_set::key start_expiry_ = 0;
  /// Ends the drain of running calls.
  engine::timer_set::key drain_expiry_ = 0;
  /// When that is; meaningful while draining.
  deadline drain_until_;
  /// Everything on the wire; null before the first permit.
  std::shared_ptr<transport::transport> transport_;
  /// True from `opened` on.
  bool open_ = false;
  /// It cannot send any more, and will report its end.
  bool transport_lost_ = false;
  /// The server forgot a session.
  bool renewed_ = false;
  /// The server answered something in this session.
  bool answered_ = false;
  /// What the server printed beside messages, last.
  std::string noise_;
  /// Why the connection ends, once it does.
  std::optional<refusal> ending_;
  /// How it came to that.
  ending_cause cause_ = ending_cause::no_fault;
  /// What waits goes to another connection, though it was nobody's fault.
  bool passes_on_ = false;
  /// Who waits for the end.
  std::vector<engine::reply<void>> end_waiters_;

  /// What was agreed on in the handshake.
  protocol::mcp::initialize_result server_;
  protocol::mcp::capabilities offered_;

  pending_calls calls_;
  traffic total_;

  /// Looks whether there were calls lately; 0 before `ready`, or if nobody
  /// wants to know.
  engine::timer_set::key idle_check_ = 0;
  /// When a call was last given up.
  time_point gave_up_at_{};
  /// When the server was last heard of.
  time_point last_heard_{};
  /// Who waits for the running ping.
  std::vector<engine::reply<bool>> verify_waiters_;
};

} // namespace mcpool::actors
