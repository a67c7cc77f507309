// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/repository_fixture.hpp>

#include <mcpool/actors/repository.hpp>
#include <mcpool/actors/throttle.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>

#include <mcpool/testkit/leftovers.hpp>

#include <utility>

namespace mcpool::testkit {

repository_fixture::repository_fixture()
  : registry_(harness),
    servers_(network) {
  servers_.on_new([this](const config::server_config& x) {
    registry_.set(x);
    run();
  });
}

repository_fixture::~repository_fixture() {
  finish();
}

const repository_actor& repository_fixture::repository() {
  if (repository_)
    return repository_;
  throttle_ = throttle_actor{engine::spawn<actors::throttle>(
    system(), limits_.throttle, harness.wheel())};
  actors::repository_setup setup;
  setup.owner = owner_;
  setup.limits = limits_;
  setup.registry = registry_.handle();
  setup.throttle = throttle_;
  setup.make_transport = network.factory();
  setup.wheel = harness.wheel();
  repository_ = repository_actor{
    engine::spawn<actors::repository>(system(), std::move(setup))};
  run();
  return repository_;
}

const throttle_actor& repository_fixture::throttle() {
  repository();
  return throttle_;
}

messages::repository::repository_status repository_fixture::status() {
  return ask(repository(), messages::repository::status{}).value();
}

// The test's own actors are still there, so that every answer reaches them.
void repository_fixture::finish() {
  using messages::repository::disconnect_cause;
  run();
  if (repository_)
    harness.send<void>(repository_, messages::repository::disconnect_all{
                                      disconnect_cause::shutdown, in(0s)});
  run();
  if (repository_)
    check_rest();
  check_answers();
  check_sessions(network);
  end_all();
  engine::end(std::exchange(repository_, nullptr));
  engine::end(std::exchange(throttle_, nullptr));
  registry_.die();
  run();
}

void repository_fixture::check_rest() {
  auto x = ask(throttle_, messages::throttle::status{});
  if (x.ready() && !x.refused())
    check_permits(x.value());
}

} // namespace mcpool::testkit
