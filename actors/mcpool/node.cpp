// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/node.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/engine/remote_link.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/timer_wheel.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/build.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace mcpool::node {

void load(caf::actor_system_config& cfg) {
  engine::load_node(cfg);
}

// -- publish ------------------------------------------------------------------

namespace {

/// NODE: what another process meets first.
class front {
public:
  using handle = node_actor;

  static constexpr const char* name = "mcpool.node";

  front(handle::pointer self, pool_actor pool)
    : watches_(self),
      pool_(std::move(pool)) {}

  handle::behavior_type make_behavior() {
    watches_.watch(pool_, [this](const caf::error&) { pool_ = pool_actor{}; });
    return {
      [this](messages::node::greet) { return on_greet(); },
    };
  }

private:
  caf::result<messages::node::welcome> on_greet() const {
    if (!pool_)
      return engine::to_error(
        make_refusal(errc::shutting_down, "the pool has ended"));
    const auto& me = messages::this_build();
    return messages::node::welcome{me.version, me.types, pool_};
  }

  engine::watch_list<handle::base> watches_;
  /// None when it has ended.
  pool_actor pool_;
};

} // namespace

struct publication::parts {
  ~parts() {
    engine::unpublish(system, front, at.port);
    engine::end(front);
  }

  caf::actor_system& system;
  caf::actor front;
  address at;
};

publication::publication(std::unique_ptr<parts> x) : parts_(std::move(x)) {}

publication::publication(publication&&) noexcept = default;

publication::~publication() = default;

const address& publication::at() const noexcept {
  return parts_->at;
}

result<publication> publish(caf::actor_system& system, const pool_actor& pool,
                            const address& at) {
  auto x = caf::actor_cast<caf::actor>(engine::spawn<front>(system, pool));
  auto port = engine::publish(system, x, at);
  if (!port) {
    engine::end(x);
    return port.error();
  }
  using parts = publication::parts;
  std::unique_ptr<parts> out{new parts{system, x, {at.host, *port}}};
  if (!engine::is_loopback(at))
    log::pool::warning("not-loopback", "POOL listens on ", at.host,
                       ": whoever can connect can use every server as any "
                       "owner, and nothing is encrypted");
  return publication{std::move(out)};
}

// -- connect ------------------------------------------------------------------

namespace {

/// Replaces the handles in replies by those of stand-ins.
struct localize {
  using link = engine::remote_link;

  template <class T>
  void operator()(link&, T&) const {}

  void operator()(link& to, repository_actor& x) const {
    x = to.stand_in<repository_interface, localize>(x);
  }

  void operator()(link& to, registry_actor& x) const {
    x = to.stand_in<registry_interface, localize>(x);
  }

  void operator()(link& to, messages::repository::connection_ref& x) const {
    x.connection = to.stand_in<connection_interface, localize>(x.connection);
  }

  void operator()(link& to, messages::repository::connection_map& x) const {
    for (auto& [server, ref] : x.connections)
      (*this)(to, ref);
  }
};

refusal ending(const address& to) {
  return make_refusal(errc::shutting_down,
                      cat("the service at ", to_string(to), " is ending"));
}

// What is no NODE does not understand the question.
refusal greeting_failed(const refusal& why, const address& to) {
  if (why.code == errc::shutting_down)
    return ending(to);
  if (why.code == errc::call_timed_out || why.code == errc::connection_lost)
    return make_refusal(
      errc::connect_timeout,
      cat("the service of mcpool at ", to_string(to), " does not answer"));
  return make_refusal(errc::unsupported_version,
                      cat("the service at ", to_string(to),
                          " is no mcpool, or another build of it; both sides "
                          "must be the same build"));
}

result<messages::node::welcome> greet(caf::actor_system& system,
                                      const node_actor& who, const address& at,
                                      duration limit) {
  result<messages::node::welcome> out = messages::node::welcome{};
  caf::scoped_actor self{system};
  engine::ask_within(self, who, limit, messages::node::greet{})
    .receive([&](messages::node::welcome& x) { out = std::move(x); },
             [&](const caf::error& why) {
               out = greeting_failed(engine::to_refusal(why), at);
             });
  return out;
}

// The POOL may end after the greeting, and before its process.
refusal clock_failed(const caf::error& why, const address& to) {
  auto plain = engine::to_refusal(why);
  if (engine::is_node_lost(why) || plain.code != errc::connection_lost)
    return greeting_failed(plain, to);
  return ending(to);
}

// How far the clock of a pool is ahead of the one of this process.
result<duration> read_clock(caf::actor_system& system, const pool_actor& who,
                            const address& at, duration limit) {
  result<duration> out = duration{};
  caf::scoped_actor self{system};
  auto asked = engine::now();
  engine::ask_within(self, who, limit, messages::pool::read_clock{})
    .receive(
      [&](const messages::pool::clock_reading& x) {
        out = x.now - (asked + (engine::now() - asked) / 2);
      },
      [&](const caf::error& why) { out = clock_failed(why, at); });
  return out;
}

/// What must be known of a service before it is used.
struct acquaintance {
  pool_actor pool;
  /// How far its clock is ahead.
  duration ahead{};
};

// Nothing but the greeting is the same in all builds, so that it is first.
result<acquaintance> get_to_know(caf::actor_system& system,
                                 const node_actor& who, const address& at,
                                 duration limit) {
  auto end = engine::now() + limit;
  auto x = greet(system, who, at, limit);
  if (!x)
    return x.error();
  if (auto ok = messages::check_build(messages::this_build(),
                                      {x->version, x->types}, to_string(at));
      !ok)
    return ok.error();
  auto ahead = read_clock(system, x->pool, at, end - engine::now());
  if (!ahead)
    return ahead.error();
  return acquaintance{x->pool, *ahead};
}

// How long a service may take to greet before another attempt is made. CAF
// knows a connection by its descriptor and forgets one that has ended a little
// too late: if another client got the same number meanwhile, that one is
// forgotten, too, and hears nothing.
constexpr duration longest_greeting = std::chrono::seconds{1};

result<acquaintance> meet(caf::actor_system& system, const address& to,
                          time_point end) {
  for (;;) {
    auto found = engine::connect(system, to, end - engine::now());
    if (!found)
      return found.error();
    auto left = end - engine::now();
    auto x = get_to_know(system, caf::actor_cast<node_actor>(*found), to,
                         std::min<duration>(left, longest_greeting));
    if (x || x.error().code != errc::connect_timeout
        || left <= longest_greeting)
      return x;
  }
}

} // namespace

struct remote_pool::parts {
  ~parts() { link->close(); }

  caf::actor_system& system;
  std::shared_ptr<engine::remote_link> link;
  pool_actor pool;
  /// How far its clock is ahead of the one of this process.
  duration ahead;
};

remote_pool::remote_pool(std::unique_ptr<parts> x) : parts_(std::move(x)) {}

remote_pool::remote_pool(remote_pool&&) noexcept = default;

remote_pool::~remote_pool() = default;

const pool_actor& remote_pool::pool() const noexcept {
  return parts_->pool;
}

result<repository_actor>
remote_pool::repository(const owner_scope& owner) const {
  caf::scoped_actor self{parts_->system};
  return engine::await<repository_actor>(
    self, parts_->pool, messages::pool::find_repository{owner});
}

time_point remote_pool::now() const {
  return engine::now() + parts_->ahead;
}

void remote_pool::close() {
  parts_->link->close();
}

result<remote_pool> connect(caf::actor_system& system, const address& to,
                            duration limit) {
  auto x = meet(system, to, engine::now() + limit);
  if (!x)
    return x.error();
  auto link = std::make_shared<engine::remote_link>(system, to_string(to));
  auto pool = link->stand_in<pool_interface, localize>(x->pool);
  using parts = remote_pool::parts;
  return remote_pool{
    std::unique_ptr<parts>{new parts{system, std::move(link), pool, x->ahead}}};
}

result<remote_pool> connect(caf::actor_system& system, const std::string& host,
                            std::uint16_t port) {
  return connect(system, address{host, port});
}

} // namespace mcpool::node
