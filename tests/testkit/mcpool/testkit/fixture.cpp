// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fixture.hpp>

#include <mcpool/actors/pool.hpp>
#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/protocol/json_write.hpp>

#include <mcpool/testkit/leftovers.hpp>

#include <utility>

namespace mcpool::testkit {

fixture::fixture() : servers_(network) {
  servers_.on_new([this](const config::server_config& x) {
    if (pool_)
      put(x);
    else
      configuration_.servers.emplace(x.name, x);
  });
}

fixture::~fixture() {
  finish();
}

// -- the pool -----------------------------------------------------------------

const pool_actor& fixture::pool() {
  if (pool_)
    return pool_;
  for (auto& [name, x] : configuration_.servers)
    x.fingerprint = config::fingerprint_of(x);
  actors::pool_setup setup;
  setup.config = configuration_;
  setup.make_transport = network.factory();
  setup.wheel = harness.wheel();
  setup.eager = actors::eager_start::on;
  pool_ = engine::spawn<actors::pool>(system(), std::move(setup));
  run();
  return pool_;
}

repository_actor fixture::repository(const owner_scope& owner) {
  return ask(pool(), messages::pool::find_repository{owner}).value();
}

registry_actor fixture::registry() {
  return ask(pool(), messages::pool::find_registry{}).value();
}

// -- shorthands ---------------------------------------------------------------

void fixture::put(const config::server_config& x) {
  auto done = ask(registry(), messages::registry::put_config{x});
  if (done.refused())
    ADD_FAILURE() << to_string(done.why());
}

answer<messages::connection::call_result>
fixture::call_tool(const std::string& server, std::string_view tool,
                   std::string_view arguments, deadline until) {
  messages::repository::call x;
  x.server = {server};
  x.method = "tools/call";
  x.params = shared_text{cat(R"({"name":)", protocol::quote(tool),
                             R"(,"arguments":)", arguments, "}")};
  x.until = until;
  return ask(repository(), std::move(x));
}

messages::pool::pool_status fixture::status() {
  return ask(pool(), messages::pool::status{}).value();
}

// -- the end ------------------------------------------------------------------

// The test's own actors are still there, so that every answer reaches them.
void fixture::finish() {
  run();
  if (pool_)
    end_owners();
  check_answers();
  check_sessions(network);
  end_all();
  engine::end(std::exchange(pool_, nullptr));
  run();
}

// A pool that the test has ended answers nothing, one that is ending finds no
// repository.
void fixture::end_owners() {
  auto before = ask(pool_, messages::pool::status{});
  if (!before.ready() || before.refused())
    return;
  for (const auto& x : before.value().owners)
    end_connections(x.owner);
  auto after = ask(pool_, messages::pool::status{});
  if (after.ready() && !after.refused())
    check_permits(after.value().throttle);
}

void fixture::end_connections(const owner_scope& owner) {
  using messages::repository::disconnect_cause;
  auto x = ask(pool_, messages::pool::find_repository{owner});
  if (x.refused())
    harness.send<void>(pool_, messages::pool::shutdown{in(0s)});
  else
    harness.send<void>(x.value(), messages::repository::disconnect_all{
                                    disconnect_cause::shutdown, in(0s)});
  run();
}

} // namespace mcpool::testkit
