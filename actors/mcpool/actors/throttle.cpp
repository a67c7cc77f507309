// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/throttle.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/messages/types.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace mcpool::actors {

using namespace std::chrono_literals;
using namespace messages::throttle;

namespace {

constexpr auto longest_wait = 1min;
constexpr auto retry_when_full = 1s;

// A start that takes longer than this says nothing about its endpoint any more.
constexpr auto longest_probe = 1min;

constexpr std::size_t max_rows = 100;

refusal unreachable(const std::string& endpoint) {
  auto out = make_refusal(errc::connect_failed,
                          cat(endpoint, " cannot be reached: another start "
                                        "has just tried it in vain"));
  out.retry_after = retry_when_full;
  return out;
}

} // namespace

throttle::throttle(handle::pointer self, config::throttle_config limits,
                   std::shared_ptr<engine::timer_wheel> wheel)
  : self_(self),
    limits_(limits),
    timers_(self, std::move(wheel)),
    watches_(self),
    queue_(limits.max_starting, limits.max_starting_per_owner) {}

throttle::~throttle() {
  for (auto& [id, x] : requests_)
    x.answer.fail(make_refusal(errc::shutting_down, "the service is ending"));
}

throttle::handle::behavior_type throttle::make_behavior() {
  return {
    [this](const acquire& x) { return on_acquire(x); },
    [this](release x) { on_release(x); },
    [this](status) { return on_status(); },
    [this](engine::wakeup x) { timers_.on_wakeup(x); },
  };
}

// -- message handlers ---------------------------------------------------------

// Whoever can start at once does not wait, however many do.
caf::result<permit> throttle::on_acquire(const acquire& x) {
  auto who = self_->current_sender();
  auto is_request = self_->current_message_id().is_request();
  engine::reply<permit> answer{self_};
  auto out = answer.result();
  if (!who || !is_request) {
    answer.fail(make_refusal(errc::invalid_request,
                             "a permit needs a holder who asks for it"));
    return out;
  }
  auto id = add(who, x, std::move(answer));
  serve();
  wait(id, x.until.or_else({timers_.now() + longest_wait}));
  return out;
}

void throttle::on_release(release x) {
  auto pos = requests_.find(x.id.value);
  auto who = caf::actor_cast<caf::actor_addr>(self_->current_sender());
  if (pos == requests_.end() || !pos->second.granted
      || pos->second.holder != who)
    return;
  finish(x.id.value, x.outcome);
  serve();
}

throttle_status throttle::on_status() {
  throttle_status out;
  out.in_use = static_cast<std::uint32_t>(queue_.in_use());
  out.max_starting = limits_.max_starting;
  out.max_starting_per_owner = limits_.max_starting_per_owner;
  out.waiting = static_cast<std::uint32_t>(waiting());
  out.max_waiting = limits_.max_waiting;
  out.peak = peak_;
  out.parked = static_cast<std::uint32_t>(gate_.parked());
  const auto& closed = gate_.closed(timers_.now());
  out.unreachable = static_cast<std::uint32_t>(closed.size());
  for (const auto& [endpoint, x] : closed) {
    if (out.endpoints.size() == max_rows)
      break;
    out.endpoints.push_back({endpoint, x.since, x.failures, x.probe != 0,
                             static_cast<std::uint32_t>(x.parked.size())});
  }
  return out;
}

// -- callbacks ----------------------------------------------------------------

void throttle::on_expired(ticket x) {
  auto pos = requests_.find(x);
  if (pos == requests_.end() || pos->second.granted)
    return;
  refuse(x, expired(x));
  serve();
}

// It may still hold its permit, but the next one has its turn to try.
void throttle::on_probe_expired(ticket x) {
  auto& entry = requests_.at(x);
  entry.expiry = 0;
  settle(std::string{entry.endpoint}, x, policy::start_outcome::unknown);
  serve();
}

void throttle::on_holder_down(const caf::actor_addr& who) {
  auto pos = holders_.find(who);
  if (pos == holders_.end())
    return;
  auto tickets = std::move(pos->second);
  holders_.erase(pos);
  for (auto x : tickets)
    finish(x);
  serve();
}

// -- helpers ------------------------------------------------------------------

throttle::ticket throttle::add(const caf::strong_actor_ptr& who,
                               const acquire& x, engine::reply<permit> answer) {
  auto id = ++last_ticket_;
  auto& entry = requests_[id];
  entry.owner = x.owner;
  entry.endpoint = x.endpoint;
  entry.holder = caf::actor_cast<caf::actor_addr>(who);
  entry.answer = std::move(answer);
  add_holder(who, id);
  queue_.push(x.owner, id);
  return id;
}

// Gives what was not served at once a deadline, or no place in the queue.
void throttle::wait(ticket x, deadline until) {
  auto& entry = requests_.at(x);
  if (entry.granted)
    return;
  if (waiting() <= limits_.max_waiting) {
    entry.expiry = timers_.set_at(until.at, [this, x] { on_expired(x); });
    return;
  }
  auto answer = std::move(entry.answer);
  finish(x);
  answer.fail(full());
  serve();
}

void throttle::serve() {
  using admission = policy::endpoint_gate::admission;
  while (auto next = queue_.pop()) {
    auto& entry = requests_.at(*next);
    auto x = gate_.admit(entry.endpoint, *next, timers_.now());
    entry.parked = x == admission::parked;
    if (entry.parked) {
      queue_.finish(entry.owner);
      continue;
    }
    grant(*next);
    if (x == admission::probe)
      entry.expiry = timers_.set(longest_probe,
                                 [this, id = *next] { on_probe_expired(id); });
  }
}

void throttle::grant(ticket x) {
  auto& entry = requests_.at(x);
  timers_.cancel(entry.expiry);
  entry.granted = true;
  entry.answer.ok(permit{permit_id{x}});
  peak_ = std::max(peak_, static_cast<std::uint32_t>(queue_.in_use()));
  log::throttle::debug("permit-granted", "THROTTLE lets ", entry.owner,
                       " start, ", queue_.in_use(), " of ",
                       limits_.max_starting, " permits in use");
}

void throttle::refuse(ticket x, refusal why) {
  requests_.at(x).answer.fail(std::move(why));
  finish(x);
}

// Takes a request out, whether it waits or holds a permit.
void throttle::finish(ticket x, policy::start_outcome outcome) {
  auto pos = requests_.find(x);
  if (pos == requests_.end())
    return;
  auto entry = std::move(pos->second);
  requests_.erase(pos);
  timers_.cancel(entry.expiry);
  if (entry.granted)
    queue_.finish(entry.owner);
  else
    queue_.remove(x);
  remove_holder(entry.holder, x);
  entry.answer.fail(make_refusal(errc::cancelled, "nobody waits any more"));
  settle(entry.endpoint, x, outcome);
}

// Those that are parked wait no longer for a start that is over.
void throttle::settle(const std::string& endpoint, ticket x,
                      policy::start_outcome outcome) {
  auto change = gate_.settle(endpoint, x, outcome, timers_.now());
  for (auto next : change.again) {
    auto& entry = requests_.at(next);
    entry.parked = false;
    queue_.push(entry.owner, next);
  }
  for (auto next : change.refused)
    refuse(next, unreachable(endpoint));
}

std::size_t throttle::waiting() const {
  return queue_.waiting() + gate_.parked();
}

void throttle::add_holder(const caf::strong_actor_ptr& who, ticket x) {
  auto address = caf::actor_cast<caf::actor_addr>(who);
  auto& tickets = holders_[address];
  tickets.insert(x);
  if (tickets.size() == 1)
    watches_.watch(
      caf::actor_cast<caf::actor>(who),
      [this, address](const caf::error&) { on_holder_down(address); });
}

void throttle::remove_holder(const caf::actor_addr& who, ticket x) {
  auto pos = holders_.find(who);
  if (pos == holders_.end())
    return;
  pos->second.erase(x);
  if (!pos->second.empty())
    return;
  holders_.erase(pos);
  watches_.forget(who);
}

refusal throttle::full() const {
  auto out = make_refusal(
    errc::busy, cat("too many connections are starting: ", queue_.in_use(),
                    " of ", limits_.max_starting, " permits in use, ",
                    waiting(), " waiting, which is the most that may wait"));
  out.retry_after = retry_when_full;
  return out;
}

refusal throttle::expired(ticket x) const {
  const auto& entry = requests_.at(x);
  if (entry.parked)
    return make_refusal(errc::connect_timeout,
                        cat(entry.endpoint, " could not be reached, and the "
                                            "one start that tries it again "
                                            "has not come to an end in time"));
  return make_refusal(
    errc::connect_timeout,
    cat("its turn to start did not come in time: ", queue_.in_use(), " of ",
        limits_.max_starting, " permits in use, at most ",
        limits_.max_starting_per_owner, " per owner, ", waiting(), " waiting"));
}

} // namespace mcpool::actors
