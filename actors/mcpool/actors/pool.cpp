// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pool.hpp>

#include <mcpool/actors/private_messages.hpp>
#include <mcpool/actors/registry.hpp>
#include <mcpool/actors/throttle.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>

#include <chrono>
#include <utility>

namespace mcpool::actors {

using namespace messages::pool;

namespace {

constexpr auto pause_of_making_room = std::chrono::seconds{1};

result<void> check(const owner_scope& x) {
  if (x == shared_scope())
    return {};
  if (x.kind != scope_kind::user)
    return make_refusal(errc::invalid_request,
                        "the shared scope has no user id");
  if (auto ok = user_scope(x.user); !ok)
    return ok.error();
  return {};
}

} // namespace

pool::pool(handle::pointer self, pool_setup setup)
  : self_(self),
    setup_(std::move(setup)),
    watches_(self) {
  registry_ = registry_actor{
    engine::spawn<registry>(*self_, setup_.config, setup_.source)};
  throttle_ = throttle_actor{
    engine::spawn<throttle>(*self_, setup_.config.pool.throttle, setup_.wheel)};
  auto down = [this](const caf::error& why) { on_child_down(why); };
  watches_.watch(registry_, down);
  watches_.watch(throttle_, down);
  if (setup_.eager == eager_start::on)
    start_repository(shared_scope());
}

// Connections before what they need.
pool::~pool() {
  for_each_repository([](const auto&, const auto& x) { engine::end(x); });
  engine::end(throttle_);
  engine::end(registry_);
  for (auto& x : shutdown_waiters_)
    x.ok();
}

pool::handle::behavior_type pool::make_behavior() {
  return {
    [this](const find_repository& x) { return on_find_repository(x); },
    [this](find_registry) { return registry_; },
    [this](read_clock) { return clock_reading{setup_.wheel->now()}; },
    [this](status) { return on_status(); },
    [this](shutdown x) { return on_shutdown(x); },
  };
}

// -- message handlers ---------------------------------------------------------

caf::result<repository_actor>
pool::on_find_repository(const find_repository& x) {
  if (!shutdown_waiters_.empty())
    return engine::to_error(
      make_refusal(errc::shutting_down, "the service is ending"));
  auto pos = repositories_.find(x.owner);
  if (pos != repositories_.end())
    if (auto x = caf::actor_cast<repository_actor>(pos->second))
      return x;
  if (auto ok = check(x.owner); !ok)
    return engine::to_error(ok.error());
  auto limit = setup_.config.pool.max_scopes;
  if (repositories_.size() < limit)
    return start_repository(x.owner);
  make_room();
  return engine::to_error(
    too_many("too many owners are active", repositories_.size(), limit));
}

caf::result<pool_status> pool::on_status() {
  auto running = statuses_.enter();
  if (!running)
    return engine::to_error(too_many("too many ask for the status at once",
                                     max_statuses, max_statuses));
  // The answer is given when the last actor that was asked lets go of it.
  struct parts {
    engine::reply<pool_status> answer;
    pool_status value;
    bounded_count::token running;
    ~parts() { answer.ok(std::move(value)); }
  };
  auto all = std::make_shared<parts>();
  all->running = std::move(running);
  all->answer = engine::reply<pool_status>{self_};
  auto out = all->answer.result();
  for_each_repository([&](const auto& owner, const auto& x) {
    auto row = all->value.owners.size();
    all->value.owners.emplace_back().owner = owner;
    engine::ask(self_, x, messages::repository::status{})
      .then(
        [all, row](messages::repository::repository_status& y) {
          all->value.owners[row] = std::move(y);
        },
        [all](const caf::error&) {});
  });
  engine::ask(self_, throttle_, messages::throttle::status{})
    .then(
      [all](const messages::throttle::throttle_status& x) {
        all->value.throttle = x;
      },
      [all](const caf::error&) {});
  return out;
}

// One that comes later can make it end earlier.
caf::result<void> pool::on_shutdown(shutdown x) {
  if (shutdown_waiters_.size() >= max_shutdown_waiters)
    return engine::to_error(too_many(
      "too many wait for the end", max_shutdown_waiters, max_shutdown_waiters));
  auto is_first = shutdown_waiters_.empty();
  shutdown_waiters_.emplace_back(self_);
  auto out = shutdown_waiters_.back().result();
  auto until = x.until.or_else(
    is_first ? deadline{setup_.wheel->now() + setup_.config.pool.drain_timeout}
             : until_);
  if (is_first)
    log::pool::info("shutdown", "POOL ends ", repositories_.size(),
                    " repositories");
  else if (ending_ || until.at >= until_.at)
    return out;
  until_ = until;
  disconnect_all();
  return out;
}

// -- callbacks ----------------------------------------------------------------

// The owner may have another by now.
void pool::on_repository_down(const owner_scope& owner,
                              const caf::actor_addr& who) {
  auto pos = repositories_.find(owner);
  if (pos != repositories_.end() && pos->second == who)
    repositories_.erase(pos);
  if (ending_ && repositories_.empty())
    end_rest();
}

void pool::on_disconnected() {
  if (--disconnecting_ == 0)
    end_repositories();
}

// Without these nothing works: the tree ends, and whoever holds the POOL sees
// it.
void pool::on_child_down(const caf::error& why) {
  log::pool::error("child-lost", "POOL ends, an actor it needs has ended: ",
                   engine::to_refusal(why).text);
  self_->quit(why);
}

void pool::on_rest_down() {
  if (--rest_ == 0)
    finish();
}

// -- helpers ------------------------------------------------------------------

repository_actor pool::start_repository(const owner_scope& owner) {
  repository_setup setup;
  setup.owner = owner;
  setup.limits = setup_.config.pool;
  setup.registry = registry_;
  setup.throttle = throttle_;
  setup.make_transport = setup_.make_transport;
  setup.wheel = setup_.wheel;
  setup.eager
    = owner.kind == scope_kind::shared ? setup_.eager : eager_start::off;
  repository_actor out = engine::spawn<repository>(*self_, std::move(setup));
  auto address = out.address();
  repositories_[owner] = address;
  watches_.watch(out, [this, owner, address](const caf::error&) {
    on_repository_down(owner, address);
  });
  return out;
}

// Whoever was refused may find room when it asks again.
void pool::make_room() {
  auto now = setup_.wheel->now();
  if (now - made_room_at_ < pause_of_making_room)
    return;
  made_room_at_ = now;
  for_each_repository([](const auto&, const auto& x) {
    engine::post(caf::actor_cast<caf::actor>(x), end_if_idle{});
  });
}

template <class F>
void pool::for_each_repository(F f) const {
  for (const auto& [owner, address] : repositories_)
    if (auto x = caf::actor_cast<repository_actor>(address))
      f(owner, x);
}

// -- helpers: the end, in this order ------------------------------------------

void pool::disconnect_all() {
  using messages::repository::disconnect_cause;
  for_each_repository([this](const auto&, const auto& x) {
    ++disconnecting_;
    engine::ask(
      self_, x,
      messages::repository::disconnect_all{disconnect_cause::shutdown, until_})
      .then([this] { on_disconnected(); },
            [this](const caf::error&) { on_disconnected(); });
  });
  if (disconnecting_ == 0)
    end_repositories();
}

void pool::end_repositories() {
  ending_ = true;
  for_each_repository([](const auto&, const auto& x) { engine::end(x); });
  if (repositories_.empty())
    end_rest();
}

void pool::end_rest() {
  rest_ = 2;
  auto down = [this](const caf::error&) { on_rest_down(); };
  watches_.watch(throttle_, down);
  watches_.watch(registry_, down);
  engine::end(throttle_);
  engine::end(registry_);
}

void pool::finish() {
  for (auto& x : shutdown_waiters_)
    x.ok();
  self_->quit();
}

} // namespace mcpool::actors
