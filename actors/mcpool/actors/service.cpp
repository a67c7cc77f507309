// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/service.hpp>

#include <mcpool/actors/file_source.hpp>
#include <mcpool/actors/pool.hpp>
#include <mcpool/engine/blocking.hpp>
#include <mcpool/engine/idle_work.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/transport/factory.hpp>
#include <mcpool/transport/io_loop.hpp>

#include <caf/scoped_actor.hpp>

#include <future>
#include <mutex>
#include <optional>
#include <utility>

// The I/O loop must outlive everything that touches it, and so the states of
// actors, which CAF destroys on its own threads some time after they said
// goodbye. What they hold of the loop comes with a lease; when the last lease
// is gone, the loop may go.

namespace mcpool::actors {

namespace {

struct lease {
  std::promise<void> returned;

  ~lease() { returned.set_value(); }
};

using lease_ptr = std::shared_ptr<lease>;

// The lease is the first member, so that it is destroyed last.
struct leased_factory {
  lease_ptr held;
  transport::transport_factory make;

  std::shared_ptr<transport::transport>
  operator()(const config::server_config& config,
             std::shared_ptr<transport::listener> to) const {
    return make(config, std::move(to));
  }
};

std::shared_ptr<config_source> leased_source(lease_ptr held,
                                             std::shared_ptr<config_source> x) {
  auto* raw = x.get();
  return {raw, [held, x](config_source*) mutable {
            x = nullptr;
            held = nullptr;
          }};
}

/// Lets the workers of an actor system run the loop while they have no job.
class loop_work : public engine::idle_work {
public:
  loop_work(caf::actor_system& system, transport::io_loop& loop)
    : system_(system),
      loop_(loop) {
    if (engine::lend_workers(system, *this))
      loop.share([this] { engine::invite_worker(system_); });
  }

  loop_work(const loop_work&) = delete;
  loop_work& operator=(const loop_work&) = delete;

  ~loop_work() override {
    loop_.unshare();
    engine::take_back_workers(system_, *this);
  }

  bool wait(const std::atomic<std::size_t>& jobs) override {
    return loop_.run_as_guest(jobs);
  }

  void interrupt() override { loop_.interrupt(); }

private:
  caf::actor_system& system_;
  transport::io_loop& loop_;
};

} // namespace

struct service::parts {
  parts(caf::actor_system& sys, service_options options);

  void stop(deadline until);

  caf::actor_system& system;
  std::shared_ptr<engine::timer_wheel> wheel;
  // Gone once everything has ended.
  std::optional<transport::io_loop> loop{std::in_place};
  std::optional<loop_work> work;
  std::future<void> leases_returned;
  pool_actor pool;
  // For the end of the loop.
  std::mutex mutex;
};

service::parts::parts(caf::actor_system& sys, service_options options)
  : system(sys),
    wheel(std::move(options.wheel)) {
  work.emplace(system, *loop);
  if (!wheel)
    wheel = std::make_shared<engine::timer_wheel>();
  auto held = std::make_shared<lease>();
  leases_returned = held->returned.get_future();
  if (!options.make_transport)
    options.make_transport = transport::make_transport_factory(*loop);
  pool_setup setup;
  setup.config = std::move(options.config);
  if (!options.files.empty())
    setup.source
      = leased_source(held, make_file_source(*loop, std::move(options.files),
                                             std::move(options.environment)));
  setup.make_transport
    = leased_factory{std::move(held), std::move(options.make_transport)};
  setup.wheel = wheel;
  setup.eager = options.eager;
  pool = engine::spawn<actors::pool>(system, std::move(setup));
}

// A pool that has ended already refuses, which is as good.
void service::parts::stop(deadline until) {
  caf::scoped_actor self{system};
  engine::await<void>(self, pool, messages::pool::shutdown{until});
  std::lock_guard guard{mutex};
  leases_returned.wait();
  work.reset();
  loop.reset();
}

service::service(caf::actor_system& system, service_options options)
  : parts_(std::make_unique<parts>(system, std::move(options))) {}

service::~service() {
  shutdown({now()});
}

const pool_actor& service::pool() const noexcept {
  return parts_->pool;
}

result<repository_actor> service::repository(const owner_scope& owner) {
  caf::scoped_actor self{parts_->system};
  auto out = engine::await<repository_actor>(
    self, parts_->pool, messages::pool::find_repository{owner});
  if (!out && out.error().code == errc::connection_lost)
    return make_refusal(errc::shutting_down, "the service has ended");
  return out;
}

time_point service::now() const {
  return parts_->wheel->now();
}

void service::shutdown(deadline until) {
  parts_->stop(until);
}

} // namespace mcpool::actors
