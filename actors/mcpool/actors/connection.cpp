// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include <mcpool/actors/connection_listener.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/core/version.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/protocol/mcp/progress.hpp>
#include <mcpool/protocol/mcp/requests.hpp>
#include <mcpool/protocol/mcp/version.hpp>
#include <mcpool/transport/endpoint.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

// A connection lives from top to bottom of this file: start, handshake, ready,
// calls, end.
//
// A call in `calls_` is on the wire, or parked while a lost session is made
// anew. Its deadline runs in both.
//
// Nothing ends the actor but `finish`, which runs when the transport reported
// that everything it owned is gone, or when there was none.

namespace mcpool::actors {

using namespace messages::connection;
namespace mcp = protocol::mcp;

namespace {

constexpr std::int64_t method_not_found = -32601;

refusal shutting(const std::string& who) {
  return make_refusal(errc::superseded,
                      cat("the connection to ", who,
                          " is ending and takes no new calls; ask again"));
}

// The sentence names the server already, and the transport does, too.
std::string_view without_name(std::string_view text, const server_name& name) {
  for (const auto& prefix : {cat("server '", name, "': "), cat(name, ": ")})
    if (text.substr(0, prefix.size()) == prefix)
      return text.substr(prefix.size());
  return text;
}

} // namespace

/// A listing that is under way.
struct listing {
  std::string method;
  mcp::paged_list pages;
  deadline until;
  engine::reply<list_result> answer;
};

connection::connection(handle::pointer self, connection_setup setup)
  : self_(self),
    setup_(std::move(setup)),
    timers_(self, setup_.wheel),
    watches_(self) {}

connection::~connection() {
  if (!ending_)
    ending_ = make_refusal(errc::connection_lost,
                           cat("the connection to ", who(), " was ended"));
  fail_calls(lost());
  for (auto& x : end_waiters_)
    x.ok();
}

connection::handle::behavior_type connection::make_behavior() {
  start();
  return {
    [this](const call& x) { return on_call(x); },
    [this](cancel x) { on_cancel(x); },
    [this](const list& x) { return on_list(x); },
    [this](drain x) { return on_drain(x); },
    [this](verify) { return on_verify(); },
    [this](status) { return on_status(); },
    [this](const call_abandoned& x) { on_call_abandoned(x); },
    [this](end_if_idle) { on_end_if_idle(); },
    [this](const transport_event& x) { on_event(x); },
    [this](engine::wakeup x) { timers_.on_wakeup(x); },
  };
}

// -- start --------------------------------------------------------------------

// Also starts again, when the server forgot the session.
void connection::start() {
  enter(phase::waiting);
  outcome_ = policy::start_outcome::unknown;
  engine::ask(
    self_, setup_.throttle,
    messages::throttle::acquire{setup_.owner, setup_.start_until,
                                transport::endpoint_of(setup_.config)})
    .then(
      [this](messages::throttle::permit x) { on_permit(x); },
      [this](const caf::error& why) { on_no_permit(engine::to_refusal(why)); });
}

// No fault of the server, unless it had its chance in an earlier attempt.
void connection::on_no_permit(const refusal& why) {
  if (phase_ == phase::waiting)
    end(in_start(why), setup_.start_until.given() ? ending_cause::start_failed
                                                  : ending_cause::no_fault);
}

void connection::on_permit(messages::throttle::permit x) {
  permit_ = x.id;
  if (phase_ != phase::waiting)
    return return_permit();
  enter(phase::connecting);
  auto until
    = earlier(setup_.start_until, {timers_.now() + setup_.config.init_timeout});
  start_expiry_ = timers_.set_at(until.at, [this] { on_start_expired(); });
  if (open_)
    return begin_handshake(mcp::newest_version);
  transport_ = setup_.make_transport(
    setup_.config,
    make_connection_listener(caf::actor_cast<caf::actor>(self_)));
  transport_->open();
}

void connection::on_start_expired() {
  start_expiry_ = 0;
  // Otherwise the transport would have said that nothing is there.
  if (timers_.now() - since_ >= setup_.config.connect_timeout)
    found_out(policy::start_outcome::reached);
  auto what = open_ ? "did not answer the handshake" : "could not be reached";
  fail_start(make_refusal(errc::connect_timeout,
                          cat("the server ", what, " within ",
                              format_duration(setup_.config.init_timeout),
                              " (initTimeout)")));
}

void connection::on_transport(const opened&) {
  open_ = true;
  if (setup_.config.transport == config::transport_kind::stdio)
    found_out(policy::start_outcome::reached);
  if (phase_ == phase::connecting)
    begin_handshake(mcp::newest_version);
}

void connection::begin_handshake(std::string_view version) {
  pending_call x;
  x.method = "initialize";
  x.outcome = [this, version](call_outcome y) {
    on_initialized(version, std::move(y));
  };
  auto id = calls_.next();
  x.text = protocol::encode_request(
    id, x.method, mcp::initialize_params(version, mcpool::version));
  calls_.add(std::move(x));
  send_call(id);
}

void connection::on_initialized(std::string_view asked_for, call_outcome x) {
  if (phase_ != phase::connecting || ending_)
    return;
  if (!x)
    return on_refused_version(asked_for, x.error());
  auto info = mcp::parse_initialize_result(*x);
  if (!info)
    return fail_start(info.error());
  if (auto ok = mcp::check_version(info->protocol_version); !ok)
    return fail_start(ok.error());
  auto offered = mcp::parse_capabilities(info->capabilities.view());
  if (!offered)
    return fail_start(offered.error());
  become_ready(std::move(*info), *offered);
}

// A server may name the revisions it speaks in its refusal: worth one more try.
void connection::on_refused_version(std::string_view asked_for,
                                    const refusal& why) {
  if (why.code != errc::remote_error || !why.remote)
    return fail_start(why);
  auto other = mcp::mutual_version(*why.remote, asked_for);
  if (other && asked_for == mcp::newest_version)
    return begin_handshake(*other);
  fail_start(
    make_refusal(errc::handshake_failed,
                 cat("the server refused the handshake: ", why.remote->message,
                     " (", why.remote->code, ")")));
}

void connection::become_ready(mcp::initialize_result x,
                              mcp::capabilities offered) {
  server_ = std::move(x);
  offered_ = offered;
  timers_.cancel(start_expiry_);
  setup_.start_until = {};
  transport_->established(server_.protocol_version);
  auto done = mcp::initialized();
  send_one_way(protocol::encode_notification(done.method, done.params));
  return_permit();
  answered_ = false;
  enter(phase::ready);
  if (idle_check_ == 0 && setup_.config.idle_timeout > duration::zero())
    idle_check_
      = timers_.set(setup_.config.idle_timeout, [this] { on_idle_check(); });
  for (auto id : calls_.parked())
    dispatch(id);
}

void connection::return_permit() {
  if (auto x = std::exchange(permit_, std::nullopt))
    engine::tell(self_, setup_.throttle,
                 messages::throttle::release{*x, outcome_});
}

// The first that is found out counts.
void connection::found_out(policy::start_outcome x) {
  if (phase_ == phase::connecting && outcome_ == policy::start_outcome::unknown)
    outcome_ = x;
}

// What fails on the way is told from what the server wants so: the transport
// says that asking again is worth a try, or lost the answer.
void connection::fail_start(const refusal& why) {
  auto disturbed = why.retry_after || why.code == errc::connection_lost;
  end(in_start(why),
      disturbed ? ending_cause::start_disturbed : ending_cause::start_failed);
}

// Says which server could not be connected, and what it printed instead.
refusal connection::in_start(const refusal& why) const {
  auto out = why;
  if (phase_ == phase::connecting && open_ && why.code == errc::connection_lost)
    out.code = errc::handshake_failed;
  out.text = cat("cannot connect to ", who(), ": ",
                 without_name(why.text, setup_.config.name));
  if (!noise_.empty())
    out.text
      += cat("; it printed something that is no MCP message: \"", noise_, "\"");
  return out;
}

// -- phases -------------------------------------------------------------------

void connection::enter(phase next, std::optional<refusal> why) {
  assert(policy::may_follow(phase_, next));
  phase_ = next;
  since_ = timers_.now();
  if (why)
    log::connection::info("phase-changed", "CONNECTION to ", who(), " is ",
                          name_of(next), ": ", why->text);
  else
    log::connection::info("phase-changed", "CONNECTION to ", who(), " is ",
                          name_of(next));
  report(std::move(why));
}

void connection::report(std::optional<refusal> why) {
  phase_changed event{
    setup_.config.name, setup_.incarnation, phase_, std::move(why), cause_, {}};
  if (phase_ == phase::ready)
    event.ref = {caf::actor_cast<connection_actor>(self_),
                 setup_.config.name,
                 setup_.config.fingerprint,
                 messages::repository::era::legacy,
                 server_.protocol_version,
                 server_.capabilities};
  setup_.report(std::move(event));
}

// -- calls --------------------------------------------------------------------

caf::result<call_result> connection::on_call(const call& x) {
  if (auto why = refuse_call(x.method))
    return engine::to_error(std::move(*why));
  auto until = call_deadline(x.until);
  if (until.at <= timers_.now())
    return engine::to_error(late(x.method));
  auto text = encode(x);
  if (!text)
    return engine::to_error(text.error());
  pending_call entry;
  entry.method = x.method;
  entry.text = std::move(*text);
  entry.caller = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  entry.name = x.id;
  entry.progress = x.progress;
  engine::reply<call_result> answer{self_};
  auto out = answer.result();
  entry.outcome = std::move(answer);
  watch_caller(entry.caller);
  dispatch(add_call(std::move(entry), until));
  return out;
}

std::optional<refusal> connection::refuse_call(std::string_view method) const {
  if (phase_ == phase::draining || phase_ == phase::closed)
    return shutting(who());
  if (method.empty() || method == "initialize"
      || method.substr(0, 14) == "notifications/")
    return make_refusal(errc::invalid_request,
                        cat("'", method, "' is no method that can be called"));
  if (calls_.size() >= setup_.limits.max_calls_per_connection)
    return make_refusal(errc::busy,
                        cat("too many calls on the connection to ", who(), ": ",
                            calls_.size(), " of ",
                            setup_.limits.max_calls_per_connection));
  if (server_.protocol_version.empty())
    return std::nullopt;
  auto ok = mcp::check_offered(offered_, method, server_.protocol_version);
  return ok ? std::nullopt : std::optional{ok.error()};
}

result<shared_text> connection::encode(const call& x) {
  auto id = calls_.next();
  auto token = x.progress ? std::optional{id} : std::nullopt;
  auto params = protocol::with_meta(x.params.view(), x.meta.view(), token);
  if (!params)
    return params.error();
  if (params->size() > setup_.config.max_message_bytes)
    return make_refusal(errc::payload_too_large,
                        cat("the params have ", params->size(),
                            " bytes, at most ", setup_.config.max_message_bytes,
                            " are allowed"));
  return protocol::encode_request(id, x.method, *params);
}

deadline connection::call_deadline(deadline given) const {
  return given.or_else({timers_.now() + setup_.config.timeout});
}

pending_calls::id connection::add_call(pending_call x, deadline until) {
  auto id = calls_.next();
  x.expiry = timers_.set_at(until.at, [this, id] { on_call_expired(id); });
  return calls_.add(std::move(x));
}

// Sends a call now, or as soon as there is a session.
void connection::dispatch(pending_calls::id id) {
  auto* x = calls_.find(id);
  if (x == nullptr)
    return;
  x->parked = phase_ != phase::ready && phase_ != phase::draining;
  if (!x->parked)
    send_call(id);
}

void connection::send_call(pending_calls::id id) {
  auto* x = calls_.find(id);
  if (x == nullptr)
    return;
  auto kind = x->method == "initialize" ? transport::outgoing_kind::initialize
                                        : transport::outgoing_kind::request;
  transport_->send({x->text, kind, id});
}

void connection::send_one_way(shared_text text) {
  transport_->send({std::move(text), transport::outgoing_kind::one_way, 0});
}

// A request of the connection's own.
void connection::request(std::string method, std::string params, deadline until,
                         pending_call::continuation then) {
  pending_call x;
  x.text = protocol::encode_request(calls_.next(), method, params);
  x.method = std::move(method);
  x.outcome = std::move(then);
  dispatch(add_call(std::move(x), until));
}

void connection::on_cancel(cancel x) {
  on_call_abandoned(
    {caf::actor_cast<caf::actor_addr>(self_->current_sender()), x.id});
}

void connection::on_call_abandoned(const call_abandoned& x) {
  if (auto id = calls_.find_named(x.caller, x.id))
    give_up_call(id, make_refusal(errc::cancelled, "the caller cancelled"));
}

// A caller is watched from its first call on until it ends: a server need not
// work for the dead.
void connection::watch_caller(const caf::actor_addr& who) {
  auto handle = caf::actor_cast<caf::actor>(who);
  if (handle && callers_.insert(who).second)
    watches_.watch(handle,
                   [this, who](const caf::error&) { on_caller_gone(who); });
}

void connection::on_caller_gone(const caf::actor_addr& who) {
  callers_.erase(who);
  for (auto id : calls_.of(who))
    give_up_call(id, make_refusal(errc::cancelled, "the caller is gone"));
}

void connection::on_call_expired(pending_calls::id id) {
  auto* x = calls_.find(id);
  if (x == nullptr)
    return;
  x->expiry = 0;
  give_up_call(id, late(x->method));
}

refusal connection::late(std::string_view method) const {
  return make_refusal(
    errc::call_timed_out,
    cat("the server ", who(), " did not answer ", method, " in time"));
}

// The server is told, so that it stops working for nobody.
void connection::give_up_call(pending_calls::id id, refusal why) {
  gave_up_at_ = timers_.now();
  if (phase_ == phase::ready || phase_ == phase::draining) {
    auto x = mcp::cancelled(id, name_of(why.code));
    send_one_way(protocol::encode_notification(x.method, x.params));
  }
  auto* entry = calls_.find(id);
  if (transport_ && entry != nullptr && !entry->parked)
    transport_->forget(id);
  finish_call(id, std::move(why));
}

void connection::finish_call(pending_calls::id id, call_outcome x) {
  auto entry = calls_.take(id);
  if (!entry)
    return;
  timers_.cancel(entry->expiry);
  ++(x ? calls_finished_ : calls_failed_);
  entry->finish(std::move(x));
  on_call_finished();
}

void connection::on_call_finished() {
  if (phase_ == phase::draining && !ending_ && calls_.size() == 0)
    end(make_refusal(errc::cancelled, "drained"), ending_cause::no_fault);
}

void connection::fail_calls(const refusal& why) {
  for (auto& x : calls_.take_all()) {
    timers_.cancel(x.expiry);
    ++calls_failed_;
    x.finish(why);
  }
}

// -- idleness -----------------------------------------------------------------

// Looks again as early as the time can be up. The REPOSITORY decides: it may
// have given the connection to somebody who has not called yet.
void connection::on_idle_check() {
  auto now = timers_.now();
  auto time = setup_.config.idle_timeout;
  auto last = std::max({since_, last_heard_, gave_up_at_});
  auto busy = phase_ != phase::ready || calls_.size() > 0;
  auto is_idle = !busy && now - last >= time;
  idle_check_ = timers_.set_at(busy || is_idle ? now + time : last + time,
                               [this] { on_idle_check(); });
  if (is_idle && setup_.report_idle)
    setup_.report_idle({setup_.config.name, setup_.incarnation});
}

void connection::on_end_if_idle() {
  if (ending_ || phase_ == phase::draining || phase_ == phase::closed)
    return;
  if (phase_ != phase::ready || calls_.size() > 0)
    return report(std::nullopt);
  end(make_refusal(errc::cancelled,
                   cat("the connection to ", who(), " was idle for ",
                       format_duration(setup_.config.idle_timeout))),
      ending_cause::no_fault);
}

// -- lists --------------------------------------------------------------------

caf::result<list_result> connection::on_list(const list& x) {
  if (mcp::list_member(x.method).empty())
    return engine::to_error(make_refusal(
      errc::invalid_request, cat("'", x.method, "' is no list method")));
  auto known = !server_.protocol_version.empty();
  auto needed = mcp::needed_for(x.method, server_.protocol_version);
  if (known && !mcp::offers(offered_, needed))
    return list_result{shared_text{"[]"}, 0, 0};
  if (auto why = refuse_call(x.method))
    return engine::to_error(std::move(*why));
  if (x.until.given() && x.until.at <= timers_.now())
    return engine::to_error(late(x.method));
  const auto& limits = setup_.config.list;
  mcp::list_budget budget{limits.pages, limits.items, limits.bytes};
  auto run = std::make_shared<listing>(
    listing{x.method, mcp::paged_list{x.method, budget},
            earlier(x.until, {timers_.now() + limits.time}),
            engine::reply<list_result>{self_}});
  auto out = run->answer.result();
  next_page(std::move(run), std::nullopt);
  return out;
}

void connection::next_page(std::shared_ptr<listing> run,
                           std::optional<std::string> cursor) {
  auto page = mcp::list(run->method, cursor);
  auto until = run->until;
  request(page.method, page.params, until,
          [this, run = std::move(run)](call_outcome x) {
            on_page(run, std::move(x));
          });
}

void connection::on_page(std::shared_ptr<listing> run, call_outcome x) {
  if (!x)
    return run->answer.fail(x.error());
  auto next = run->pages.feed(*x);
  if (!next)
    return run->answer.fail(next.error());
  if (!*next)
    return run->answer.ok(list_result{
      run->pages.items(), static_cast<std::uint32_t>(run->pages.count()),
      static_cast<std::uint32_t>(run->pages.pages())});
  next_page(std::move(run), std::move(*next));
}

// -- liveness -----------------------------------------------------------------

caf::result<bool> connection::on_verify() {
  if (phase_ == phase::draining || server_.protocol_version.empty())
    return false;
  if (phase_ == phase::ready
      && timers_.now() - last_heard_ < setup_.limits.liveness_ttl)
    return true;
  engine::reply<bool> answer{self_};
  auto out = answer.result();
  verify_waiters_.push_back(std::move(answer));
  if (verify_waiters_.size() == 1) {
    auto x = mcp::ping();
    request(x.method, x.params, {timers_.now() + setup_.limits.ping_timeout},
            [this](const call_outcome& y) { on_ping_answered(y); });
  }
  return out;
}

// A server that refuses the ping is alive, too; a ping that had no room behind
// what is being sent says nothing.
void connection::on_ping_answered(const call_outcome& x) {
  auto alive = x.has_value() || x.error().code == errc::remote_error
               || x.error().code == errc::busy;
  for (auto& waiter : std::exchange(verify_waiters_, {}))
    waiter.ok(alive);
  if (!alive && phase_ == phase::ready)
    end(make_refusal(errc::connection_lost,
                     cat("the server ", who(),
                         " did not answer a ping: ", x.error().text)),
        ending_cause::lost);
}

// -- what the transport tells -------------------------------------------------

void connection::on_event(const transport_event& x) {
  std::visit([this](const auto& y) { on_transport(y); }, *x.what);
}

void connection::on_transport(const protocol::message& x) {
  using kind = protocol::message_kind;
  if (ending_)
    return;
  if (x.kind == kind::request)
    return on_server_request(x);
  if (x.kind == kind::notification)
    return on_notification(x);
  found_out(policy::start_outcome::reached);
  last_heard_ = timers_.now();
  answered_ = true;
  if (x.kind == kind::result)
    return finish_call(x.number.value_or(0), x.result);
  auto why = make_refusal(errc::remote_error,
                          cat("the server ", who(), " answered with error ",
                              x.error.code, ": ", x.error.message));
  why.remote = x.error;
  finish_call(x.number.value_or(0), std::move(why));
}

void connection::on_transport(const std::vector<protocol::message>& x) {
  for (const auto& one : x)
    on_transport(one);
}

void connection::on_server_request(const protocol::message& x) {
  if (x.method == "ping")
    return send_one_way(protocol::encode_result(x.id.view(), "{}"));
  log::connection::debug("request-refused", "CONNECTION to ", who(),
                         " does not serve ", x.method);
  send_one_way(
    protocol::encode_error(x.id.view(), method_not_found,
                           cat("mcpool does not serve '", x.method, "'")));
}

void connection::on_notification(const protocol::message& x) {
  if (x.method == "notifications/progress")
    return on_progress(x);
  if (x.method == "notifications/message")
    return log::server::debug("log-notification", setup_.config.name, " sent ",
                              x.params.size(), " bytes of log");
  log::connection::debug("notification-ignored", "CONNECTION to ", who(),
                         " ignores ", x.method);
}

void connection::on_progress(const protocol::message& x) {
  auto report = mcp::parse_progress(x.params.view());
  if (!report || !report->number)
    return;
  auto* entry = calls_.find(*report->number);
  if (entry != nullptr && entry->progress)
    engine::tell(self_, entry->progress,
                 messages::caller::progress{entry->name, report->value,
                                            report->total,
                                            std::move(report->message)});
}

void connection::on_transport(const unreachable&) {
  found_out(policy::start_outcome::unreachable);
}

// Whatever is wrong otherwise, something is there.
void connection::on_transport(const exchange_failed& x) {
  found_out(policy::start_outcome::reached);
  if (!send_again(x))
    finish_call(x.id, x.why);
}

// The server refused the call unread because it forgot the session: it waits
// for the new one, but not twice.
bool connection::send_again(const exchange_failed& x) {
  auto* entry = calls_.find(x.id);
  if (entry == nullptr || entry->sent_again || entry->method == "initialize"
      || x.sent != transport::delivery::not_sent
      || x.why.code != errc::connection_lost)
    return false;
  if (phase_ == phase::draining)
    return false;
  entry->sent_again = true;
  dispatch(x.id);
  return true;
}

void connection::on_transport(const session_lost&) {
  if (phase_ != phase::ready)
    return;
  if (renewed_ && !answered_)
    return end(
      make_refusal(errc::connection_lost,
                   cat("the server ", who(), " forgets every session at once")),
      ending_cause::lost);
  renewed_ = true;
  log::connection::warning("session-lost", "CONNECTION to ", who(),
                           " makes a new session: the server forgot the old");
  start();
}

void connection::on_transport(const noise& x) {
  noise_ = x.sample;
  log::connection::warning("noise", "CONNECTION to ", who(),
                           " ignores what is no MCP message: \"", x.sample,
                           "\"");
}

void connection::on_transport(const closed& x) {
  transport_ = nullptr;
  if (!ending_) {
    auto starting = phase_ == phase::connecting;
    ending_ = starting ? in_start(x.why) : x.why;
    cause_ = !starting           ? ending_cause::lost
             : x.why.retry_after ? ending_cause::start_disturbed
                                 : ending_cause::start_failed;
  }
  finish();
}

// -- end ----------------------------------------------------------------------

caf::result<void> connection::on_drain(drain x) {
  engine::reply<void> answer{self_};
  auto out = answer.result();
  end_waiters_.push_back(std::move(answer));
  if (ending_)
    return out;
  auto why = make_refusal(errc::connection_lost,
                          cat("the connection to ", who(), " was ended"));
  auto starting = phase_ == phase::waiting || phase_ == phase::connecting;
  if (starting || calls_.size() == 0 || x.until.at <= timers_.now()) {
    end(std::move(why), ending_cause::no_fault);
    return out;
  }
  if (phase_ != phase::draining)
    enter(phase::draining);
  else if (drain_until_.at <= x.until.at)
    return out;
  drain_until_ = x.until;
  timers_.cancel(drain_expiry_);
  drain_expiry_ = timers_.set_at(
    x.until.at, [this, why] { end(why, ending_cause::no_fault); });
  return out;
}

// Once. From here on only the end of the transport is awaited.
void connection::end(refusal why, ending_cause cause) {
  if (ending_)
    return;
  timers_.cancel(idle_check_);
  ending_ = std::move(why);
  cause_ = cause;
  timers_.cancel(start_expiry_);
  timers_.cancel(drain_expiry_);
  return_permit();
  fail_calls(lost());
  if (!transport_)
    return finish();
  if (phase_ != phase::draining)
    enter(phase::draining, ending_);
  transport_->close();
}

void connection::finish() {
  timers_.cancel(start_expiry_);
  timers_.cancel(drain_expiry_);
  return_permit();
  fail_calls(lost());
  enter(phase::closed, ending_);
  for (auto& x : std::exchange(end_waiters_, {}))
    x.ok();
  self_->quit();
}

// What running calls are told when the connection ends.
refusal connection::lost() const {
  return make_refusal(errc::connection_lost, ending_->text);
}

// -- status -------------------------------------------------------------------

connection_status connection::on_status() const {
  connection_status out;
  out.server = setup_.config.name;
  out.phase = phase_;
  out.since = since_;
  out.revision = setup_.config.revision;
  out.protocol_version = server_.protocol_version;
  out.server_info = server_.server_name.empty()
                      ? std::string{}
                      : cat(server_.server_name, " ", server_.server_version);
  out.calls_in_flight = static_cast<std::uint32_t>(calls_.size());
  out.calls_finished = calls_finished_;
  out.calls_failed = calls_failed_;
  out.last_error = ending_;
  return out;
}

std::string connection::who() const {
  auto server = cat("'", setup_.config.name, "'");
  return setup_.owner.kind == scope_kind::shared
           ? server
           : cat(server, " of ", setup_.owner);
}

} // namespace mcpool::actors
