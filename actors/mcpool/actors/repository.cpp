// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/repository.hpp>

#include <mcpool/actors/connection.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/policy/access.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

// A slot has at most one current connection. What replaces or ends it moves it
// to `ending`, where it stays until it reports that nothing of it is left.
//
// A start happens at once when nothing is ending, or when what is ending are
// old connections that are drained under `overlap`. Otherwise it is pending,
// and `settle` makes it when the last one that it waits for is gone.

namespace mcpool::actors {

using namespace messages::repository;
namespace conn = messages::connection;

namespace {

using namespace std::chrono_literals;

// What the THROTTLE lets a start wait at most.
constexpr auto longest_turn = 1min;

// Before the second attempt of a start; doubles before each further one.
constexpr duration first_pause = 100ms;

// Before a kept connection comes back that was lost, at most.
constexpr duration first_comeback = 250ms;

// How many servers that are gone are remembered, for events that come late.
constexpr std::size_t max_removals = 1000;

duration upper_half(duration most, double dice) {
  auto half = most / 2;
  return half + std::chrono::duration_cast<duration>((most - half) * dice);
}

// Gives an answer from a callback that may be copied.
template <class T>
auto shared_reply(engine::reply<T> x) {
  return std::make_shared<engine::reply<T>>(std::move(x));
}

// In milliseconds, rounded up: nobody cares for more.
duration rounded(duration x) {
  return std::chrono::ceil<std::chrono::milliseconds>(x);
}

double throw_dice() {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::uniform_real_distribution<>{}(random);
}

conn::call forwarded(call& x) {
  return {std::move(x.method), std::move(x.params),   x.until,
          std::move(x.meta),   std::move(x.progress), x.id};
}

/// What `get_many` has so far.
struct gathering {
  engine::reply<connection_map> answer;
  connection_map found;
  std::size_t missing = 0;
  on_error mode = on_error::collect;
};

void add(gathering& to, const server_name& server, const waiter::outcome& x) {
  --to.missing;
  if (x)
    to.found.connections[server] = *x;
  else if (to.mode == on_error::fail)
    return to.answer.fail(x.error());
  else
    to.found.refusals[server] = x.error();
  if (to.missing == 0)
    to.answer.ok(std::move(to.found));
}

} // namespace

repository::repository(handle::pointer self, repository_setup setup)
  : self_(self),
    setup_(std::move(setup)),
    timers_(self, setup_.wheel),
    watches_(self),
    leaving_(setup_.limits.max_waiting_callers) {
  if (!setup_.dice)
    setup_.dice = throw_dice;
}

// Whoever waits is told, and no connection outlives its owner.
repository::~repository() {
  auto why = make_refusal(errc::shutting_down, "the service is ending");
  for (auto& [server, slot] : slots_) {
    serve(slot, why);
    if (slot.current)
      engine::end(slot.current->handle);
    for (auto& [incarnation, old] : slot.ending)
      engine::end(old.handle);
    for (auto& done : slot.when_ended)
      done(why);
  }
}

// Nothing is answered before the configuration is known.
repository::handle::behavior_type repository::make_behavior() {
  stay();
  auto me = caf::actor_cast<config_listener_actor>(self_);
  engine::ask(self_, setup_.registry,
              messages::registry::subscribe{
                setup_.owner, me, messages::registry::subscription::observes})
    .await([this](const messages::registry::config_view& x) { on_view(x); },
           [this](const caf::error& why) { self_->quit(why); });
  return {
    [this](const get& x) { return on_get(x); },
    [this](const has& x) { return on_has(x); },
    [this](const get_many& x) { return on_get_many(x); },
    [this](get_loaded) { return on_get_loaded(); },
    [this](get_all x) { return on_get_all(x); },
    [this](const disconnect& x) { return on_disconnect(x); },
    [this](disconnect_all x) { return on_disconnect_all(x); },
    [this](call& x) { return on_call(x); },
    [this](const cancel& x) { on_cancel(x); },
    [this](list& x) { return on_list(x); },
    [this](status) { return on_status(); },
    [this](const messages::config_listener::config_changed& x) {
      on_config_changed(x.config);
    },
    [this](const messages::config_listener::config_removed& x) {
      on_config_removed(x);
    },
    [this](const phase_changed& x) { on_phase_changed(x); },
    [this](const went_idle& x) { on_went_idle(x); },
    [this](end_if_idle) { on_end_if_idle(); },
    [this](engine::wakeup x) { timers_.on_wakeup(x); },
  };
}

// -- get ----------------------------------------------------------------------

caf::result<connection_ref> repository::on_get(const get& x) {
  auto pos = slots_.find(x.server);
  if (pos != slots_.end() && !closing_)
    if (auto* ref = pos->second.ready()) {
      pos->second.current->used = true;
      return *ref;
    }
  auto entry = new_waiter();
  engine::reply<connection_ref> answer{self_};
  auto out = answer.result();
  entry.done = [to = shared_reply(std::move(answer))](const get_outcome& y) {
    if (y)
      to->ok(*y);
    else
      to->fail(y.error());
  };
  want(x.server, x.until, std::move(entry));
  return out;
}

caf::result<connection_map> repository::on_get_many(const get_many& x) {
  std::set<server_name> names{x.servers.begin(), x.servers.end()};
  if (closing_ || names.empty()) {
    if (closing_)
      return engine::to_error(
        make_refusal(errc::shutting_down, "the service is ending"));
    return connection_map{};
  }
  // With `fail`, what was started stays, even if the caller is gone by then.
  auto entry = x.on_error == on_error::fail ? waiter{} : new_waiter();
  auto all = std::make_shared<gathering>();
  all->answer = engine::reply<connection_map>{self_};
  all->missing = names.size();
  all->mode = x.on_error;
  auto out = all->answer.result();
  for (const auto& server : names) {
    entry.done = [all, server](const get_outcome& y) { add(*all, server, y); };
    want(server, x.until, entry);
  }
  return out;
}

connection_map repository::on_get_loaded() const {
  connection_map out;
  for (const auto& [server, slot] : slots_)
    if (auto* ref = slot.ready())
      out.connections[server] = *ref;
  return out;
}

caf::result<connection_map> repository::on_get_all(get_all x) {
  get_many many;
  many.until = x.until;
  for (const auto& [server, slot] : slots_)
    if (slot.config && check_access(slot))
      many.servers.push_back(server);
  return on_get_many(many);
}

// Asks nothing of the network; what may not be there is ended.
bool repository::on_has(const has& x) {
  auto pos = slots_.find(x.server);
  if (pos == slots_.end() || !pos->second.config)
    return false;
  if (check_access(pos->second))
    return true;
  end_now(pos->second);
  return false;
}

// -- calls --------------------------------------------------------------------

caf::result<conn::call_result> repository::on_call(call& x) {
  auto pos = slots_.find(x.server);
  if (pos != slots_.end() && !closing_)
    if (auto* ref = pos->second.ready())
      return engine::delegate(self_, ref->connection, forwarded(x));
  auto entry = new_waiter();
  entry.name = x.id;
  engine::reply<conn::call_result> answer{self_};
  auto out = answer.result();
  auto server = x.server;
  auto until = x.until;
  entry.done = [to = shared_reply(std::move(answer)),
                request = forwarded(x)](const get_outcome& y) mutable {
    if (y)
      to->pass_on(y->connection, std::move(request));
    else
      to->fail(y.error());
  };
  want(server, until, std::move(entry));
  return out;
}

// The call may run on a connection that was replaced since.
void repository::on_cancel(const cancel& x) {
  auto pos = slots_.find(x.server);
  if (pos == slots_.end() || x.id.value == 0)
    return;
  auto& slot = pos->second;
  auto caller = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  if (cancel_waiter(slot, caller, x.id))
    return;
  auto tell = [&](const connection_actor& to) {
    engine::post(caf::actor_cast<caf::actor>(to), call_abandoned{caller, x.id});
  };
  if (slot.current)
    tell(slot.current->handle);
  for (const auto& [incarnation, old] : slot.ending)
    tell(old.handle);
}

caf::result<conn::list_result> repository::on_list(list& x) {
  auto entry = new_waiter();
  engine::reply<conn::list_result> answer{self_};
  auto out = answer.result();
  entry.done
    = [to = shared_reply(std::move(answer)),
       request = conn::list{x.method, x.until}](const get_outcome& y) mutable {
        if (y)
          to->pass_on(y->connection, std::move(request));
        else
          to->fail(y.error());
      };
  want(x.server, x.until, std::move(entry));
  return out;
}

// -- waiting ------------------------------------------------------------------

// Call it first: a reply takes the sender over.
waiter repository::new_waiter() const {
  waiter out;
  out.caller = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  return out;
}

// The one way to a connection that is not ready yet.
void repository::want(const server_name& server, deadline until, waiter x) {
  auto pos = usable(server);
  if (!pos)
    return x.done(pos.error());
  auto& slot = (*pos)->second;
  if (auto* ref = slot.ready()) {
    slot.current->used = true;
    return x.done(*ref);
  }
  if (slot.cooling(timers_.now()))
    return x.done(cooling(server, slot));
  if (until.given() && until.at <= timers_.now())
    return x.done(late(server, slot));
  if (waiting_ >= setup_.limits.max_waiting_callers)
    return x.done(
      too_many(cat("too many callers wait for connections of ", setup_.owner),
               waiting_, setup_.limits.max_waiting_callers));
  stay();
  ++waiting_;
  x.since = timers_.now();
  auto last = slot.waiters.insert(slot.waiters.end(), std::move(x));
  auto end = until.or_else({timers_.now() + longest_wait(slot)});
  last->expiry = timers_.set_at(
    end.at, [this, server, last] { on_waiter_expired(server, last); });
  watch_caller(server, last);
  start(slot);
}

void repository::watch_caller(const server_name& server,
                              waiter_list::iterator pos) {
  const auto& who = pos->caller;
  auto handle = caf::actor_cast<caf::actor>(who);
  if (!handle)
    return;
  auto& places = callers_[who];
  if (places.empty())
    watches_.watch(handle,
                   [this, who](const caf::error&) { on_caller_gone(who); });
  places.emplace(&*pos, waiter_place{server, pos});
}

void repository::forget_caller(const waiter& x) {
  auto pos = callers_.find(x.caller);
  if (pos == callers_.end())
    return;
  pos->second.erase(&x);
  if (!pos->second.empty())
    return;
  watches_.forget(x.caller);
  callers_.erase(pos);
}

// Every step of a start has a limit of its own that comes first; this one is
// there for what never reports its end.
duration repository::longest_wait(const server_slot& slot) const {
  return setup_.limits.drain_timeout + longest_turn + slot.config->init_timeout
         + 3 * setup_.limits.max_attempts * slot.config->close_timeout;
}

result<repository::slot_map::iterator>
repository::usable(const server_name& server) {
  if (closing_)
    return make_refusal(errc::shutting_down, "the service is ending");
  auto pos = slots_.find(server);
  if (pos == slots_.end() || !pos->second.config)
    return unknown(server);
  if (auto ok = check_access(pos->second); !ok) {
    end_now(pos->second);
    return ok.error();
  }
  return pos;
}

refusal repository::unknown(const server_name& server) const {
  std::vector<std::string_view> known;
  for (const auto& [name, slot] : slots_)
    if (slot.config)
      known.push_back(name.value);
  auto text = cat("no server '", server, "' is configured");
  if (auto meant = config::near_miss(server.value, known))
    text += cat("; did you mean '", *meant, "'?");
  else if (known.empty())
    text += "; the configuration has no servers";
  return make_refusal(errc::not_configured, std::move(text));
}

result<void> repository::check_access(const server_slot& slot) const {
  const auto& x = *slot.config;
  policy::access_rules rules{x.startup == config::startup_mode::never_shared,
                             x.requires_oauth};
  switch (policy::may_connect(setup_.owner.kind, rules)) {
    case policy::access::allowed: return {};
    case policy::access::not_shared:
      return make_refusal(errc::not_allowed,
                          cat("server '", x.name,
                              "' has \"startup\": false and is not for the "
                              "shared scope; ask as a user"));
    case policy::access::needs_user: break;
  }
  return make_refusal(errc::not_allowed,
                      cat("server '", x.name,
                          "' has \"requiresOAuth\": true and is not for the "
                          "shared scope; ask as a user"));
}

void repository::serve(server_slot& slot, const get_outcome& x) {
  auto all = std::exchange(slot.waiters, {});
  waiting_ -= all.size();
  for (auto& one : all) {
    timers_.cancel(one.expiry);
    forget_caller(one);
    one.done(x);
  }
}

bool repository::cancel_waiter(server_slot& slot, const caf::actor_addr& caller,
                               call_id name) {
  auto pos = std::find_if(
    slot.waiters.begin(), slot.waiters.end(),
    [&](const waiter& x) { return x.caller == caller && x.name == name; });
  if (pos == slot.waiters.end())
    return false;
  drop_waiter(slot, pos, make_refusal(errc::cancelled, "the caller cancelled"));
  return true;
}

void repository::on_waiter_expired(const server_name& server,
                                   waiter_list::iterator pos) {
  auto& slot = slots_.find(server)->second;
  drop_waiter(slot, pos, late(server, slot));
}

void repository::on_caller_gone(const caf::actor_addr& who) {
  auto pos = callers_.find(who);
  if (pos == callers_.end())
    return;
  auto places = std::move(pos->second);
  callers_.erase(pos);
  auto why = make_refusal(errc::cancelled, "the caller is gone");
  for (auto& [key, x] : places)
    drop_waiter(slots_.find(x.server)->second, x.pos, why);
}

// A start that nobody waits for any more is cancelled; not so a connection that
// served calls and makes its session anew.
void repository::drop_waiter(server_slot& slot, waiter_list::iterator pos,
                             const refusal& why) {
  waiter_list taken;
  taken.splice(taken.end(), slot.waiters, pos);
  --waiting_;
  timers_.cancel(taken.front().expiry);
  forget_caller(taken.front());
  taken.front().done(why);
  if (!slot.waiters.empty() || slot.wanted)
    return;
  forget_start(slot);
  if (slot.current && !slot.current->was_ready)
    end_current(slot, {timers_.now()}, successor::waits);
}

refusal repository::late(const server_name& server,
                         const server_slot& slot) const {
  auto what = slot.next_attempt != 0 ? "its next attempt has not come"
              : slot.start_pending   ? "its old connection is still ending"
              : !slot.current        ? "it was not started"
              : slot.current->phase == phase::waiting
                ? "its turn to start has not come"
                : "the server has not completed the handshake";
  return make_refusal(
    errc::connect_timeout,
    cat("no connection to '", server, "' before the deadline: ", what));
}

// -- connections --------------------------------------------------------------

void repository::start(server_slot& slot) {
  if (slot.current || slot.start_pending)
    return;
  if (slot.may_start())
    spawn_connection(slot);
  else
    slot.start_pending = true;
}

void repository::spawn_connection(server_slot& slot) {
  stay();
  slot.start_pending = false;
  timers_.cancel(slot.comeback);
  ++slot.attempts;
  auto incarnation = ++last_incarnation_;
  auto me = caf::actor_cast<caf::actor_addr>(self_);
  connection_setup setup;
  setup.owner = setup_.owner;
  setup.config = *slot.config;
  setup.limits = setup_.limits;
  setup.throttle = setup_.throttle;
  setup.make_transport = setup_.make_transport;
  setup.wheel = setup_.wheel;
  setup.incarnation = incarnation;
  setup.start_until = slot.start_until;
  setup.report = [me](phase_changed x) {
    if (auto to = caf::actor_cast<caf::actor>(me))
      engine::post(to, std::move(x));
  };
  setup.repository = [me] {
    return caf::actor_cast<repository_actor>(
      caf::actor_cast<caf::strong_actor_ptr>(me));
  };
  setup.report_idle = [me](went_idle x) {
    if (auto to = caf::actor_cast<caf::actor>(me))
      engine::post(to, std::move(x));
  };
  auto child = engine::spawn<connection>(*self_, std::move(setup));
  slot.current.emplace();
  slot.current->handle = connection_actor{child};
  slot.current->incarnation = incarnation;
  slot.current->fingerprint = slot.config->fingerprint;
  slot.current->revision = slot.config->revision;
  slot.current->since = timers_.now();
  watches_.watch(
    child, [this, server = slot.config->name, incarnation](const caf::error&) {
      phase_changed x;
      x.server = server;
      x.incarnation = incarnation;
      x.phase = phase::closed;
      x.cause = ending_cause::lost;
      x.why = make_refusal(errc::connection_lost,
                           cat("the connection to '", server, "' was ended"));
      on_phase_changed(x);
    });
}

// For example because the configuration changed under it.
void repository::replace(server_slot& slot, std::string_view reason) {
  auto was_ready = slot.current->was_ready;
  retire(slot, reason);
  slot.wanted = slot.wanted || was_ready;
  start(slot);
}

// What waits goes to the next one, and what runs may finish.
void repository::retire(server_slot& slot, std::string_view reason) {
  log::repository::info("connection-replaced", "REPOSITORY of ", setup_.owner,
                        " takes the connection to ", slot.config->name,
                        " out of use: ", reason);
  forget_start(slot);
  if (slot.current->was_ready)
    engine::post(caf::actor_cast<caf::actor>(slot.current->handle),
                 hand_over{});
  if (slot.ready())
    end_current(slot, drain_deadline(), successor::overlaps);
  else
    end_current(slot, {timers_.now()}, successor::waits);
  if (!slot.waiters.empty())
    start(slot);
}

// From here on the connection serves nobody; it ends by itself.
void repository::end_current(server_slot& slot, deadline until,
                             successor next) {
  if (!slot.current)
    return;
  auto old = take_current(slot);
  slot.failures.ended(backoff_limits(), timers_.now());
  slot.ending[old.incarnation] = {old.handle, next};
  slot.ended_at = timers_.now();
  engine::tell(self_, old.handle, conn::drain{until});
}

server_slot::current_connection repository::take_current(server_slot& slot) {
  timers_.cancel(slot.current->retirement);
  auto out = std::move(*slot.current);
  slot.current.reset();
  return out;
}

void repository::end_everything(server_slot& slot, deadline until,
                                successor next) {
  forget_start(slot);
  timers_.cancel(slot.comeback);
  slot.wanted = false;
  slot.forgive();
  for (auto& [incarnation, old] : slot.ending) {
    old.idle.reset();
    old.next = std::min(old.next, next);
    engine::tell(self_, old.handle, conn::drain{until});
  }
  end_current(slot, until, next);
}

void repository::end_now(server_slot& slot) {
  end_everything(slot, {timers_.now()}, successor::waits);
}

deadline repository::drain_deadline() const {
  return {timers_.now() + setup_.limits.drain_timeout};
}

caf::result<void> repository::on_disconnect(const disconnect& x) {
  auto pos = slots_.find(x.server);
  if (pos == slots_.end())
    return caf::unit;
  auto& slot = pos->second;
  end_now(slot);
  serve(slot, make_refusal(errc::cancelled,
                           cat("'", x.server, "' was disconnected")));
  if (slot.idle())
    return caf::unit;
  auto leaving = leaving_.enter();
  if (!leaving)
    return engine::to_error(too_many_leave());
  engine::reply<void> answer{self_};
  auto out = answer.result();
  slot.when_ended.push_back(
    [to = shared_reply(std::move(answer)), leaving](const result<void>& y) {
      if (y)
        to->ok();
      else
        to->fail(y.error());
    });
  return out;
}

// What they wanted happens all the same.
refusal repository::too_many_leave() const {
  return too_many(
    cat("too many callers wait for the end of connections of ", setup_.owner),
    leaving_.limit(), leaving_.limit());
}

caf::result<void> repository::on_disconnect_all(disconnect_all x) {
  if (x.cause == disconnect_cause::shutdown)
    closing_ = true;
  auto why = closing_
               ? make_refusal(errc::shutting_down, "the service is ending")
               : make_refusal(errc::cancelled, "everything was disconnected");
  // The answer is given when the last slot lets go of it.
  struct last_one {
    engine::reply<void> answer;
    bounded_count::token leaving;
    ~last_one() { answer.ok(); }
  };
  auto all = std::make_shared<last_one>();
  all->answer = engine::reply<void>{self_};
  all->leaving = leaving_.enter();
  auto is_refused = !all->leaving && x.cause != disconnect_cause::shutdown;
  if (is_refused)
    all->answer.fail(too_many_leave());
  auto out = all->answer.result();
  for (auto& [server, slot] : slots_) {
    end_everything(slot, x.until.or_else({timers_.now()}), successor::waits);
    serve(slot, why);
    if (!slot.idle() && !is_refused)
      slot.when_ended.push_back([all](const result<void>& y) {
        if (!y)
          all->answer.fail(y.error());
      });
  }
  return out;
}

// -- what connections report --------------------------------------------------

void repository::on_phase_changed(const phase_changed& x) {
  auto pos = slots_.find(x.server);
  if (pos == slots_.end())
    return;
  auto& slot = pos->second;
  if (x.phase == phase::closed)
    return on_closed(pos, x);
  if (x.phase != phase::draining && take_back(slot, x.incarnation))
    log::repository::debug("taken-back", "REPOSITORY of ", setup_.owner,
                           " keeps the connection to ", x.server,
                           ": it is not idle any more");
  if (!slot.current || slot.current->incarnation != x.incarnation)
    return;
  if (x.phase == phase::ready)
    return on_ready(slot, x);
  if (x.phase == phase::draining)
    return on_ending(slot, x);
  slot.current->phase = x.phase;
  slot.current->since = timers_.now();
  if (x.phase == phase::connecting && slot.attempts == 1)
    slot.start_until = {timers_.now() + slot.config->init_timeout};
}

// Again, too, with a new session, or when it is not idle after all.
void repository::on_ready(server_slot& slot, const phase_changed& x) {
  auto now = timers_.now();
  auto& current = *slot.current;
  if (current.phase != phase::ready)
    current.since = now;
  current.phase = phase::ready;
  current.ref = x.ref;
  slot.wanted = false;
  slot.last_error.reset();
  forget_start(slot);
  slot.closed_until = {};
  if (!std::exchange(current.was_ready, true)) {
    slot.failures.ready(now);
    current.retires_at = retirement(*slot.config);
  }
  if (current.retires_at.given() && current.retirement == 0)
    current.retirement
      = timers_.set_at(current.retires_at.at,
                       [this, server = x.server] { on_retirement(server); });
  serve(slot, x.ref);
}

// Spread, so that connections do not end together.
deadline repository::retirement(const config::server_config& x) const {
  if (x.max_lifetime == duration::zero())
    return {};
  auto earlier
    = std::chrono::duration_cast<duration>(x.max_lifetime / 10 * setup_.dice());
  return {timers_.now() + x.max_lifetime - earlier};
}

// It ends by itself: whoever waits for it need not wait for its end.
void repository::on_ending(server_slot& slot, const phase_changed& x) {
  auto old = take_current(slot);
  slot.ending[x.incarnation] = {old.handle, successor::waits};
  slot.ended_at = timers_.now();
  slot.last_error = x.why;
  if (try_again(slot, x))
    return;
  if (slot.last_error && slot.attempts > 1)
    slot.last_error->text += cat("; tried ", slot.attempts, " times");
  forget_start(slot);
  slot.wanted = is_kept(slot) && (slot.wanted || old.was_ready);
  cool_down(slot, x);
  // It was not refused: whoever waits for its new session gets another.
  auto stays_open
    = x.cause == ending_cause::no_fault
      || (x.cause == ending_cause::lost && slot.closed_until <= timers_.now());
  if (old.was_ready && stays_open && !slot.waiters.empty()) {
    slot.start_pending = true;
    return;
  }
  if (slot.wanted)
    come_back_later(slot, x);
  if (slot.last_error)
    serve(slot, *slot.last_error);
}

// -- connections that come and go by themselves -------------------------------

bool repository::is_kept(const server_slot& slot) const {
  return slot.config
         && (slot.config->keep_alive
             || (setup_.eager == eager_start::on
                 && slot.config->startup == config::startup_mode::eager));
}

// The first time after a loss it is quick; a full THROTTLE is left in peace.
void repository::come_back_later(server_slot& slot, const phase_changed& x) {
  auto most = x.cause == ending_cause::lost ? first_comeback
                                            : setup_.limits.cooldown.base;
  auto soon = timers_.now() + upper_half(most, setup_.dice());
  auto at = slot.closed_until > timers_.now() ? slot.closed_until : soon;
  timers_.cancel(slot.comeback);
  slot.comeback
    = timers_.set_at(at, [this, server = x.server] { on_comeback(server); });
}

void repository::on_comeback(const server_name& server) {
  auto& slot = slots_.find(server)->second;
  slot.comeback = 0;
  slot.wanted = is_kept(slot);
  if (slot.wanted)
    start(slot);
}

// Whoever got the connection lately may be about to call: it is asked about
// again after the same time.
void repository::on_went_idle(const went_idle& x) {
  auto pos = slots_.find(x.server);
  if (pos == slots_.end())
    return;
  auto& slot = pos->second;
  if (!slot.ready() || slot.current->incarnation != x.incarnation
      || std::exchange(slot.current->used, false) || is_kept(slot))
    return;
  log::repository::info("connection-idle", "REPOSITORY of ", setup_.owner,
                        " closes the connection to ", x.server, ": it is idle");
  auto old = take_current(slot);
  auto handle = old.handle;
  slot.ended_at = timers_.now();
  slot.ending[x.incarnation] = {handle, successor::waits, std::move(old)};
  engine::post(caf::actor_cast<caf::actor>(handle), end_if_idle{});
}

// A call had been on its way when the connection was found idle.
bool repository::take_back(server_slot& slot, std::uint64_t incarnation) {
  auto pos = slot.ending.find(incarnation);
  if (pos == slot.ending.end() || !pos->second.idle || slot.current)
    return false;
  slot.current = std::move(*pos->second.idle);
  slot.ending.erase(pos);
  forget_start(slot);
  if (slot.current->fingerprint != slot.config->fingerprint)
    replace(slot, "its configuration changed");
  return true;
}

// One that lives longer than unused ones do is in use, and its users shall not
// wait for the next. Another has a successor when somebody asks for it.
void repository::on_retirement(const server_name& server) {
  auto& slot = slots_.find(server)->second;
  slot.current->retirement = 0;
  const auto& x = *slot.config;
  auto least = x.max_lifetime - x.max_lifetime / 10;
  constexpr auto reason = "its lifetime is over";
  if (x.idle_timeout == duration::zero() || least > x.idle_timeout
      || is_kept(slot))
    replace(slot, reason);
  else
    retire(slot, reason);
}

// -- failures -----------------------------------------------------------------

// What can pass by itself is tried again, as long as the start lasts. A probe
// of a server that failed before has one attempt.
bool repository::try_again(server_slot& slot, const phase_changed& x) {
  if (x.cause != ending_cause::start_disturbed || slot.failures.failures() > 0
      || slot.attempts == 0 || slot.attempts >= setup_.limits.max_attempts
      || (slot.waiters.empty() && !slot.wanted))
    return false;
  auto most = first_pause * (1u << std::min(slot.attempts - 1, 10u));
  auto pause = rounded(upper_half(most, setup_.dice()));
  if (slot.last_error && slot.last_error->retry_after)
    pause = std::max(pause, *slot.last_error->retry_after);
  if (timers_.now() + pause >= slot.start_until.at)
    return false;
  log::repository::info("attempt-failed", "REPOSITORY of ", setup_.owner,
                        " tries ", x.server, " again in ",
                        format_duration(pause), ": attempt ", slot.attempts,
                        " of ", setup_.limits.max_attempts, " failed");
  slot.start_pending = true;
  slot.next_attempt = timers_.set(pause, [this, server = x.server] {
    auto pos = slots_.find(server);
    pos->second.next_attempt = 0;
    settle(pos);
  });
  return true;
}

// There is no start any more, or another one.
void repository::forget_start(server_slot& slot) {
  timers_.cancel(slot.next_attempt);
  slot.start_pending = false;
  slot.attempts = 0;
  slot.start_until = {};
}

// What is not the server's fault leaves the door open.
void repository::cool_down(server_slot& slot, const phase_changed& x) {
  auto limits = backoff_limits();
  auto now = timers_.now();
  slot.failures.ended(limits, now);
  duration pause{};
  if (x.cause == ending_cause::lost)
    pause = slot.failures.lost(limits, now, setup_.dice());
  else if (x.cause != ending_cause::no_fault)
    pause = slot.failures.failed(limits, setup_.dice());
  if (pause == duration::zero())
    return;
  pause = rounded(pause);
  // A server that says when to come back is believed, within the limit.
  if (slot.last_error && slot.last_error->retry_after)
    pause
      = std::max(pause, std::min(*slot.last_error->retry_after, limits.max));
  slot.closed_until = now + pause;
  if (slot.last_error)
    slot.last_error->retry_after = pause;
  log::repository::info("cooling-down", "REPOSITORY of ", setup_.owner,
                        " leaves ", x.server, " alone for ",
                        format_duration(pause), " after ",
                        slot.failures.failures(), " failures");
}

policy::backoff_limits repository::backoff_limits() const {
  const auto& x = setup_.limits.cooldown;
  return {x.base, x.max, x.reset_after};
}

// A missing login is told as such: waiting alone does not help.
refusal repository::cooling(const server_name& server,
                            const server_slot& slot) const {
  auto rest = rounded(slot.closed_until - timers_.now());
  auto out = slot.last_error.value_or(refusal{});
  auto times = slot.failures.failures();
  auto text = cat("'", server, "' failed ",
                  times == 1 ? "once" : cat(times, " times in a row"),
                  " and is not asked again for ", format_duration(rest));
  if (!out.text.empty())
    text += cat("; the last time: ", out.text);
  if (out.code != errc::needs_login)
    out.code = errc::cooling_down;
  out.text = std::move(text);
  out.retry_after = rest;
  return out;
}

void repository::on_closed(slot_map::iterator pos, const phase_changed& x) {
  auto& slot = pos->second;
  if (slot.current && slot.current->incarnation == x.incarnation)
    on_ending(slot, x);
  auto old = slot.ending.find(x.incarnation);
  if (old == slot.ending.end())
    return;
  if (old->second.idle)
    slot.failures.ended(backoff_limits(), timers_.now());
  watches_.forget(old->second.handle);
  engine::post(caf::actor_cast<caf::actor>(old->second.handle), farewell{});
  slot.ending.erase(old);
  slot.total += x.total;
  settle(pos);
}

// A slot goes on that lost an old connection.
void repository::settle(slot_map::iterator pos) {
  auto& slot = pos->second;
  if (slot.ending.empty())
    for (auto& x : std::exchange(slot.when_ended, {}))
      x({});
  if (slot.start_pending && slot.may_start())
    spawn_connection(slot);
  if (!slot.config && slot.idle())
    slots_.erase(pos);
}

// -- an owner who does nothing ------------------------------------------------

// Whoever asks for this REPOSITORY in the last moment gets its handle, which
// keeps it alive as well; so nobody ever talks to one that is about to end.
void repository::stay() {
  used_ = true;
  if (alive_)
    return;
  alive_ = caf::actor_cast<caf::strong_actor_ptr>(self_);
  if (auto time = setup_.limits.scope_idle_timeout; time > duration::zero())
    timers_.set(time, [this] { on_scope_check(); });
}

void repository::on_scope_check() {
  auto busy = has_work();
  if (std::exchange(used_, busy) || busy) {
    timers_.set(setup_.limits.scope_idle_timeout, [this] { on_scope_check(); });
    return;
  }
  log::repository::debug("scope-idle", "REPOSITORY of ", setup_.owner,
                         " has nothing to do");
  alive_.reset();
}

// The POOL needs the room, and whoever has the handle did nothing with it.
void repository::on_end_if_idle() {
  if (!alive_)
    self_->quit();
}

// Servers that are to be connected without being asked for may come at any
// time.
bool repository::has_work() const {
  auto now = timers_.now();
  return closing_ || setup_.eager == eager_start::on
         || std::any_of(slots_.begin(), slots_.end(), [now](const auto& x) {
              return x.second.has_work(now);
            });
}

// -- configuration ------------------------------------------------------------

void repository::on_view(const messages::registry::config_view& x) {
  for (const auto& one : x.servers)
    on_config_changed(one);
}

// What comes late does not undo what is newer.
bool repository::is_old(const server_name& server,
                        std::uint64_t revision) const {
  auto gone = removed_.find(server);
  if (gone != removed_.end() && revision < gone->second)
    return true;
  auto pos = slots_.find(server);
  return pos != slots_.end() && pos->second.config
         && revision < pos->second.config->revision;
}

void repository::remember_removal(const server_name& server,
                                  std::uint64_t revision) {
  removed_[server] = revision;
  if (removed_.size() > max_removals)
    removed_.erase(std::min_element(
      removed_.begin(), removed_.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; }));
}

void repository::on_config_changed(const config::server_config& x) {
  if (is_old(x.name, x.revision))
    return;
  removed_.erase(x.name);
  auto pos = slots_.try_emplace(x.name).first;
  auto& slot = pos->second;
  auto before = std::exchange(slot.config, x);
  auto came_back = false;
  if (before && before->fingerprint != x.fingerprint) {
    slot.forgive();
    timers_.cancel(slot.next_attempt);
    if (!slot.current) {
      slot.attempts = 0;
      slot.start_until = {};
    }
    came_back = slot.comeback != 0;
    timers_.cancel(slot.comeback);
  }
  if (closing_)
    return;
  if (auto ok = check_access(slot); !ok) {
    end_now(slot);
    return serve(slot, ok.error());
  }
  if (slot.current && slot.current->fingerprint != x.fingerprint)
    return replace(slot, "its configuration changed");
  auto is_news = !before || before->startup != x.startup
                 || before->fingerprint != x.fingerprint;
  auto is_eager = is_news && setup_.eager == eager_start::on
                  && x.startup == config::startup_mode::eager;
  if (is_eager && slot.cooling(timers_.now())) {
    timers_.cancel(slot.comeback);
    slot.comeback = timers_.set_at(
      slot.closed_until, [this, server = x.name] { on_comeback(server); });
  } else if (is_eager || (came_back && is_kept(slot))) {
    slot.wanted = true;
    start(slot);
  }
  settle(pos);
}

// Running calls may finish; nobody new is served.
void repository::on_config_removed(
  const messages::config_listener::config_removed& x) {
  if (is_old(x.server, x.revision))
    return;
  remember_removal(x.server, x.revision);
  auto pos = slots_.find(x.server);
  if (pos == slots_.end())
    return;
  auto& slot = pos->second;
  end_everything(slot, drain_deadline(),
                 slot.ready() ? successor::overlaps : successor::waits);
  slot.config.reset();
  serve(slot, unknown(x.server));
  settle(pos);
}

// -- status -------------------------------------------------------------------

caf::result<repository_status> repository::on_status() {
  auto running = statuses_.enter();
  if (!running)
    return engine::to_error(
      too_many(cat("too many ask for the status of ", setup_.owner, " at once"),
               max_statuses, max_statuses));
  struct rows {
    engine::reply<repository_status> answer;
    repository_status value;
    bounded_count::token running;
    ~rows() { answer.ok(std::move(value)); }
  };
  auto all = std::make_shared<rows>();
  all->running = std::move(running);
  all->answer = engine::reply<repository_status>{self_};
  auto out = all->answer.result();
  all->value.owner = setup_.owner;
  all->value.servers.reserve(slots_.size());
  for (const auto& [server, slot] : slots_) {
    auto row = all->value.servers.size();
    all->value.servers.push_back(describe(server, slot));
    if (!slot.current)
      continue;
    engine::ask(self_, slot.current->handle, conn::status{})
      .then(
        [all, row](const conn::connection_status& x) {
          auto& to = all->value.servers[row];
          to.protocol_version = x.protocol_version;
          to.server_info = x.server_info;
          to.calls_in_flight = x.calls_in_flight;
          to.calls_queued = x.calls_queued;
          to.calls_finished += x.calls_finished;
          to.calls_failed += x.calls_failed;
          to.bytes_sent += x.bytes_sent;
          to.bytes_received += x.bytes_received;
        },
        [all](const caf::error&) {});
  }
  return out;
}

repository::phase
repository::phase_without_connection(const server_slot& slot) const {
  if (slot.start_pending)
    return phase::waiting;
  if (slot.cooling(timers_.now()))
    return slot.last_error && slot.last_error->code == errc::needs_login
             ? phase::needs_login
             : phase::cooling_down;
  return slot.ending.empty() ? phase::on_demand : phase::draining;
}

conn::connection_status repository::describe(const server_name& server,
                                             const server_slot& slot) const {
  conn::connection_status out;
  out.server = server;
  if (slot.config) {
    out.config_revision = slot.config->revision;
    out.endpoint = slot.config->transport == config::transport_kind::stdio
                     ? slot.config->command
                     : slot.config->url;
  }
  out.waiting = static_cast<std::uint32_t>(slot.waiters.size());
  if (!slot.waiters.empty())
    out.waiting_since = slot.waiters.front().since;
  out.calls_finished = slot.total.calls_finished;
  out.calls_failed = slot.total.calls_failed;
  out.bytes_sent = slot.total.bytes_sent;
  out.bytes_received = slot.total.bytes_received;
  out.last_error = slot.last_error;
  if (slot.current) {
    out.phase = slot.current->phase;
    out.since = slot.current->since;
    out.revision = slot.current->revision;
  } else {
    out.phase = phase_without_connection(slot);
    out.since = slot.ended_at;
  }
  out.attempts = slot.attempts;
  out.failed_starts = slot.failures.failures();
  if (slot.closed_until > timers_.now())
    out.next_retry_at = slot.closed_until;
  return out;
}

} // namespace mcpool::actors
