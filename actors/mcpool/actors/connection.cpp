// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/connection.hpp>

#include <mcpool/actors/bounded_count.hpp>
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
// A call in `calls_` is on the wire, or waits: for its turn, or while a lost
// session is made anew. Its deadline runs in both. What still waits when the
// connection is lost was never written: the REPOSITORY gives it to another.
//
// Nothing ends the actor but `finish`, which runs when the transport reported
// that everything it owned is gone, or when there was none.

namespace mcpool::actors {

using namespace messages::connection;
namespace mcp = protocol::mcp;

namespace {

constexpr std::int64_t method_not_found = -32601;

// Bytes of calls that may wait for their turn.
constexpr std::size_t most_waiting_bytes = 64 * 1024 * 1024;

// When to ask again after `busy`: calls end all the time.
constexpr duration retry_when_full = std::chrono::seconds{1};

// Who wait for the same at one connection: a ping, or the end.
constexpr std::size_t most_waiters = 1000;

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
  caf::actor_addr caller;
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
  fail_calls();
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
    [this](hand_over) { hand_over_waiting(); },
    [this](farewell) { self_->quit(); },
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

// No fault of the server, unless it had its chance in an earlier attempt. A
// session that is not made anew is as good as lost.
void connection::on_no_permit(const refusal& why) {
  if (phase_ != phase::waiting)
    return;
  passes_on_ = renews();
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
  // If nothing were there, the transport would have said so by then: it has at
  // most nine tenths of this time, and some to tell.
  auto& config = setup_.config;
  if (timers_.now() - since_
      >= transport::connect_limit(config) + config.init_timeout / 20)
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
  x.request.method = "initialize";
  x.from = pending_call::origin::connection;
  x.outcome = [this, version](call_outcome y) {
    on_initialized(version, std::move(y));
  };
  x.text = protocol::encode_request(
    calls_.next(), x.request.method,
    mcp::initialize_params(version, mcpool::version));
  send_call(calls_.add(std::move(x), place::on_wire));
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
  send_waiting();
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
  end(in_start(why),
      failure(why.retry_after || why.code == errc::connection_lost));
}

ending_cause connection::failure(bool disturbed) const {
  return !disturbed ? ending_cause::start_failed
         : renews() ? ending_cause::lost
                    : ending_cause::start_disturbed;
}

// True if it had a session before the one that it makes.
bool connection::renews() const {
  return !server_.protocol_version.empty();
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
  if (phase_ == phase::closed)
    event.total = total_;
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
  if (auto to = successor())
    return engine::delegate(self_, to, for_repository(x));
  if (auto why = refuse_call(x.method))
    return engine::to_error(std::move(*why));
  if (x.until.given() && x.until.at <= timers_.now())
    return engine::to_error(late(x.method));
  auto text = encode(x);
  if (!text)
    return engine::to_error(text.error());
  if (auto why = refuse_to_queue(text->size()))
    return engine::to_error(std::move(*why));
  pending_call entry;
  entry.request = x;
  entry.text = std::move(*text);
  entry.caller = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  entry.default_time = !x.until.given();
  entry.request.until
    = x.until.or_else({timers_.now() + setup_.config.timeout});
  engine::reply<call_result> answer{self_};
  auto out = answer.result();
  entry.outcome = std::move(answer);
  watch_caller(entry.caller);
  add_call(std::move(entry));
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
    return full(cat(calls_.size(), " of ",
                    setup_.limits.max_calls_per_connection,
                    " (maxCallsPerConnection)"));
  if (server_.protocol_version.empty())
    return std::nullopt;
  auto ok = mcp::check_offered(offered_, method, server_.protocol_version);
  return ok ? std::nullopt : std::optional{ok.error()};
}

// What goes out at once is the transport's to bound.
std::optional<refusal> connection::refuse_to_queue(std::size_t bytes) const {
  auto queued = calls_.waiting_bytes();
  if (may_send() || queued == 0 || queued + bytes <= most_waiting_bytes)
    return std::nullopt;
  return full(cat("those that wait have ", queued, " of at most ",
                  most_waiting_bytes, " bytes"));
}

refusal connection::full(std::string_view numbers) const {
  auto out = make_refusal(
    errc::busy,
    cat("too many calls on the connection to ", who(), ": ", numbers, ", ",
        calls_.in_flight(), " of ", setup_.config.max_in_flight,
        " in flight (maxInFlight), ", calls_.queued(), " waiting"));
  out.retry_after = retry_when_full;
  return out;
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

// Sends a call now, or when its turn comes.
void connection::add_call(pending_call x) {
  auto id = calls_.next();
  x.expiry
    = timers_.set_at(x.request.until.at, [this, id] { on_call_expired(id); });
  auto now = has_session()
             && (x.from == pending_call::origin::connection || may_send());
  calls_.add(std::move(x), now ? place::on_wire : place::waiting);
  if (now)
    send_call(id);
}

// True if what is sent reaches a session of the server.
bool connection::has_session() const {
  return !ending_ && !transport_lost_
         && (phase_ == phase::ready || phase_ == phase::draining);
}

// True if another call of a caller may go out.
bool connection::may_send() const {
  return has_session() && calls_.in_flight() < setup_.config.max_in_flight;
}

// What the connection asks itself has no turn to wait for.
void connection::send_waiting() {
  const auto& waiting = calls_.waiting();
  for (auto i = waiting.begin(); i != waiting.end() && has_session();) {
    auto id = *i++;
    auto first = calls_.find(id)->from == pending_call::origin::connection;
    if (first || may_send())
      give_turn(id);
  }
}

// A place may be free.
void connection::send_next() {
  const auto& waiting = calls_.waiting();
  for (auto i = waiting.begin(); i != waiting.end() && may_send();)
    give_turn(*i++);
}

// What is late ends by itself in a moment.
void connection::give_turn(pending_calls::id id) {
  if (calls_.find(id)->request.until.at <= timers_.now())
    return;
  calls_.move(id, place::on_wire);
  send_call(id);
}

void connection::send_call(pending_calls::id id) {
  const auto& x = *calls_.find(id);
  auto kind = x.request.method == "initialize"
                ? transport::outgoing_kind::initialize
                : transport::outgoing_kind::request;
  total_.bytes_sent += x.text.size();
  transport_->send({x.text, kind, id});
}

void connection::send_one_way(shared_text text) {
  total_.bytes_sent += text.size();
  transport_->send({std::move(text), transport::outgoing_kind::one_way, 0});
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
  auto all = calls_.of(who);
  // Those that wait first, so that none of them gets a turn.
  std::stable_partition(all.begin(), all.end(),
                        [this](auto id) { return calls_.waits(id); });
  for (auto id : all)
    give_up_call(id, make_refusal(errc::cancelled, "the caller is gone"));
}

void connection::on_call_expired(pending_calls::id id) {
  auto* x = calls_.find(id);
  if (x == nullptr)
    return;
  x->expiry = 0;
  give_up_call(id, late(*x, calls_.waits(id)));
}

refusal connection::late(const pending_call& x, bool waits) const {
  auto limit
    = x.default_time
        ? cat("within ", format_duration(setup_.config.timeout), " (timeout)")
        : std::string{"before the deadline"};
  if (!waits)
    return make_refusal(errc::call_timed_out,
                        cat("the server ", who(), " did not answer ",
                            x.request.method, " ", limit));
  auto what
    = has_session()
        ? cat("had no turn ", limit, ": ", calls_.in_flight(), " of ",
              setup_.config.max_in_flight, " calls in flight (maxInFlight)")
        : cat("found no session ", limit);
  return make_refusal(errc::call_timed_out,
                      cat(x.request.method, " to the server ", who(),
                          " was not sent: it ", what));
}

refusal connection::late(std::string_view method) const {
  return make_refusal(errc::call_timed_out,
                      cat(method, " to the server ", who(),
                          " was not sent: its deadline had passed"));
}

// The server is told, so that it stops working for nobody.
void connection::give_up_call(pending_calls::id id, refusal why) {
  gave_up_at_ = timers_.now();
  if (!calls_.waits(id) && has_session()) {
    auto x = mcp::cancelled(id, name_of(why.code));
    send_one_way(protocol::encode_notification(x.method, x.params));
  }
  if (transport_ && !calls_.waits(id))
    transport_->forget(id);
  finish_call(id, std::move(why));
}

void connection::finish_call(pending_calls::id id, call_outcome x) {
  auto entry = calls_.take(id);
  if (!entry)
    return;
  timers_.cancel(entry->expiry);
  if (entry->from == pending_call::origin::caller)
    ++(x ? total_.calls_finished : total_.calls_failed);
  entry->finish(std::move(x));
  on_call_finished();
}

void connection::on_call_finished() {
  if (phase_ == phase::draining && !ending_ && calls_.size() == 0)
    return end(make_refusal(errc::cancelled, "drained"),
               ending_cause::no_fault);
  send_next();
}

// Before the end is reported, which has the numbers.
void connection::count_lost_calls() {
  total_.calls_failed += calls_.in_flight();
  if (!passes_on())
    total_.calls_failed += calls_.queued();
}

// After the end was reported, so that the REPOSITORY gives what was not written
// to another connection.
void connection::fail_calls() {
  auto why = lost();
  if (passes_on())
    hand_over_waiting();
  auto waiting = calls_.waiting();
  for (auto id : waiting) {
    auto x = calls_.take(id);
    timers_.cancel(x->expiry);
    x->finish(not_sent());
  }
  for (auto& x : calls_.take_all()) {
    timers_.cancel(x.expiry);
    x.finish(why);
  }
}

// Nothing of these was written: another connection can have them.
void connection::hand_over_waiting() {
  auto to = repository();
  auto waiting = calls_.waiting();
  for (auto id : waiting)
    if (to && calls_.find(id)->can_be_handed_over())
      hand_over_call(id, to);
  on_call_finished();
}

void connection::hand_over_call(pending_calls::id id,
                                const repository_actor& to) {
  auto x = calls_.take(id);
  timers_.cancel(x->expiry);
  x->hand_over(to, for_repository(x->request));
}

messages::repository::call connection::for_repository(const call& x) const {
  return {setup_.config.name, x.method, x.params, x.until, x.meta,
          x.progress,         x.id};
}

repository_actor connection::repository() const {
  return setup_.repository ? setup_.repository() : repository_actor{};
}

// Who serves what comes after the connection was lost; the REPOSITORY knows of
// the end already.
repository_actor connection::successor() const {
  return ending_ && passes_on() ? repository() : repository_actor{};
}

// True if another connection serves what was not written: nobody wanted this
// one to end.
bool connection::passes_on() const {
  return passes_on_ || cause_ != ending_cause::no_fault;
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
  if (auto to = successor())
    return engine::delegate(
      self_, to,
      messages::repository::list{setup_.config.name, x.method, x.until});
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
            caf::actor_cast<caf::actor_addr>(self_->current_sender()),
            engine::reply<list_result>{self_}});
  auto out = run->answer.result();
  watch_caller(run->caller);
  next_page(std::move(run), std::nullopt);
  return out;
}

void connection::next_page(std::shared_ptr<listing> run,
                           std::optional<std::string> cursor) {
  auto page = mcp::list(run->method, cursor);
  pending_call x;
  x.text = protocol::encode_request(calls_.next(), page.method, page.params);
  x.request.method = std::move(page.method);
  x.request.until = run->until;
  x.caller = run->caller;
  x.outcome = [this, run = std::move(run)](call_outcome y) {
    on_page(run, std::move(y));
  };
  add_call(std::move(x));
}

void connection::on_page(std::shared_ptr<listing> run, call_outcome x) {
  if (!x)
    return on_list_failed(*run, x.error());
  auto next = run->pages.feed(*x);
  if (!next)
    return run->answer.fail(next.error());
  if (!*next)
    return run->answer.ok(list_result{
      run->pages.items(), static_cast<std::uint32_t>(run->pages.count()),
      static_cast<std::uint32_t>(run->pages.pages())});
  next_page(std::move(run), std::move(*next));
}

// A list of which nothing was asked begins anew on another connection.
void connection::on_list_failed(listing& run, const refusal& why) {
  auto lost_unasked = ending_ && passes_on() && why.code == errc::superseded
                      && run.pages.pages() == 0;
  auto to = repository();
  if (!lost_unasked || !to)
    return run.answer.fail(why);
  run.answer.pass_on(
    to, messages::repository::list{setup_.config.name, run.method, run.until});
}

// -- liveness -----------------------------------------------------------------

caf::result<bool> connection::on_verify() {
  if (phase_ == phase::draining || server_.protocol_version.empty())
    return false;
  if (phase_ == phase::ready
      && timers_.now() - last_heard_ < setup_.limits.liveness_ttl)
    return true;
  if (verify_waiters_.size() >= most_waiters)
    return engine::to_error(
      too_many(cat("too many ask whether ", who(), " is alive"),
               verify_waiters_.size(), most_waiters));
  engine::reply<bool> answer{self_};
  auto out = answer.result();
  verify_waiters_.push_back(std::move(answer));
  if (verify_waiters_.size() == 1)
    ping();
  return out;
}

void connection::ping() {
  auto asked = mcp::ping();
  pending_call x;
  x.text = protocol::encode_request(calls_.next(), asked.method, asked.params);
  x.request.method = std::move(asked.method);
  x.request.until = {timers_.now() + setup_.limits.ping_timeout};
  x.from = pending_call::origin::connection;
  x.outcome = [this](const call_outcome& y) { on_ping_answered(y); };
  add_call(std::move(x));
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
  total_.bytes_received += x.size;
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
  if (entry != nullptr && entry->request.progress)
    engine::tell(self_, entry->request.progress,
                 messages::caller::progress{entry->request.id, report->value,
                                            report->total,
                                            std::move(report->message)});
}

void connection::on_transport(const unreachable&) {
  found_out(policy::start_outcome::unreachable);
}

// Whatever is wrong otherwise, something is there.
void connection::on_transport(const exchange_failed& x) {
  found_out(policy::start_outcome::reached);
  if (send_again(x))
    return;
  auto why = x.why;
  // To a caller, "cannot connect" means that nothing happened.
  auto* entry = calls_.find(x.id);
  if (why.code == errc::connect_failed && entry != nullptr
      && entry->request.method != "initialize"
      && x.sent == transport::delivery::maybe_sent)
    why.code = errc::connection_lost;
  finish_call(x.id, std::move(why));
}

// The end of the transport follows.
void connection::on_transport(const unsent& x) {
  transport_lost_ = true;
  for (auto id : x.ids)
    calls_.move(id, place::waiting);
}

// The server refused the call unread because it forgot the session: it waits
// for the new one, but not twice.
bool connection::send_again(const exchange_failed& x) {
  auto* entry = calls_.find(x.id);
  if (entry == nullptr || entry->sent_again
      || entry->request.method == "initialize"
      || x.sent != transport::delivery::not_sent
      || x.why.code != errc::connection_lost)
    return false;
  if (phase_ == phase::draining)
    return false;
  entry->sent_again = true;
  calls_.move(x.id, place::waiting);
  send_waiting();
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
    cause_
      = starting ? failure(x.why.retry_after.has_value()) : ending_cause::lost;
  }
  finish();
}

// -- end ----------------------------------------------------------------------

caf::result<void> connection::on_drain(drain x) {
  auto out = wait_for_end();
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

// Who is too many need not ask again: the end comes all the same. Nobody waits
// for what was only told.
caf::result<void> connection::wait_for_end() {
  if (!self_->current_message_id().is_request())
    return caf::unit;
  if (end_waiters_.size() >= most_waiters)
    return engine::to_error(
      too_many(cat("too many wait for the end of the connection to ", who()),
               end_waiters_.size(), most_waiters));
  engine::reply<void> answer{self_};
  auto out = answer.result();
  end_waiters_.push_back(std::move(answer));
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
  if (!transport_)
    return finish();
  count_lost_calls();
  if (phase_ != phase::draining)
    enter(phase::draining, ending_);
  fail_calls();
  transport_->close();
}

void connection::finish() {
  timers_.cancel(start_expiry_);
  timers_.cancel(drain_expiry_);
  return_permit();
  count_lost_calls();
  enter(phase::closed, ending_);
  fail_calls();
  for (auto& x : std::exchange(end_waiters_, {}))
    x.ok();
  // What the REPOSITORY sent before it knew is given back to it.
  if (!repository())
    self_->quit();
}

// What running calls are told when the connection ends.
refusal connection::lost() const {
  // A call that was alone asked for what came.
  auto is_its_own
    = ending_->code == errc::payload_too_large && calls_.in_flight() == 1;
  return make_refusal(is_its_own ? ending_->code : errc::connection_lost,
                      ending_->text);
}

// What those are told that were not written.
refusal connection::not_sent() const {
  return make_refusal(errc::superseded,
                      cat("the request was not sent: ", ending_->text));
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
  out.calls_in_flight = static_cast<std::uint32_t>(calls_.in_flight());
  out.calls_queued = static_cast<std::uint32_t>(calls_.queued());
  out.calls_finished = total_.calls_finished;
  out.calls_failed = total_.calls_failed;
  out.bytes_sent = total_.bytes_sent;
  out.bytes_received = total_.bytes_received;
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
