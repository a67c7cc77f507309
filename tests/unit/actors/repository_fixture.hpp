// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/registry.hpp>
#include <mcpool/actors/repository.hpp>
#include <mcpool/actors/throttle.hpp>

#include "scripted_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::actors {

/// One REPOSITORY with a real REGISTRY and THROTTLE; its CONNECTIONs talk to
/// scripted servers. Unless a test allows it, no server ever sees two sessions
/// at once.
class RepositoryTest : public ScriptedTest {
protected:
  using call = messages::repository::call;
  using call_result = messages::connection::call_result;
  using cancel = messages::repository::cancel;
  using connection_map = messages::repository::connection_map;
  using connection_ref = messages::repository::connection_ref;
  using connection_status = messages::connection::connection_status;
  using disconnect = messages::repository::disconnect;
  using disconnect_all = messages::repository::disconnect_all;
  using disconnect_cause = messages::repository::disconnect_cause;
  using get = messages::repository::get;
  using get_all = messages::repository::get_all;
  using get_loaded = messages::repository::get_loaded;
  using get_many = messages::repository::get_many;
  using has = messages::repository::has;
  using list = messages::repository::list;
  using list_result = messages::connection::list_result;
  using on_error = messages::repository::on_error;
  using phase = policy::connection_phase;
  using repository_status = messages::repository::repository_status;
  using status = messages::repository::status;

  ~RepositoryTest() override {
    end_all();
    EXPECT_EQ(network.live(), 0u) << "sessions are left";
    EXPECT_TRUE(overlaps || network.max_live() <= 1)
      << "a server saw two sessions at once";
  }

  /// Starts everything with these servers in the configuration.
  void start(std::initializer_list<config::server_config> servers) {
    config::document files;
    for (const auto& x : servers)
      files.servers[x.name] = x;
    configs = registry_actor{
      engine::spawn<registry>(harness.system(), files, nullptr)};
    permits = throttle_actor{engine::spawn<throttle>(
      harness.system(), limits.throttle, harness.wheel())};
    repository_setup setup;
    setup.owner = owner;
    setup.limits = limits;
    setup.registry = configs;
    setup.throttle = permits;
    setup.make_transport = network.factory();
    setup.wheel = harness.wheel();
    setup.eager = eager;
    setup.dice = [] { return 1.0; };
    aut = repository_actor{
      engine::spawn<repository>(harness.system(), std::move(setup))};
    for (const auto& x : {caf::actor_cast<caf::actor>(aut),
                          caf::actor_cast<caf::actor>(configs),
                          caf::actor_cast<caf::actor>(permits)})
      keep(x);
    run();
  }

  /// Changes a configuration as an application does.
  void put(config::server_config x) {
    ASSERT_FALSE(
      ask<void>(configs, messages::registry::put_config{std::move(x)})
        .refused());
  }

  /// Takes back what `put` set.
  void erase(const std::string& name) {
    ASSERT_FALSE(
      ask<void>(configs, messages::registry::erase_config{{name}}).refused());
  }

  answer<connection_ref> get_one(const std::string& name, deadline until = {}) {
    return ask<connection_ref>(aut, get{{name}, until});
  }

  answer<connection_map> get_these(std::vector<std::string> names,
                                   on_error mode = on_error::collect,
                                   deadline until = {}) {
    get_many x;
    for (auto& name : names)
      x.servers.push_back({std::move(name)});
    x.until = until;
    x.on_error = mode;
    return ask<connection_map>(aut, x);
  }

  connection_map loaded() {
    return ask<connection_map>(aut, get_loaded{}).value();
  }

  answer<call_result> call_one(const std::string& name, deadline until = {}) {
    return ask<call_result>(aut, make_call(name, until));
  }

  static call make_call(const std::string& name, deadline until = {}) {
    call x;
    x.server = {name};
    x.method = "tools/call";
    x.until = until;
    return x;
  }

  answer<void> disconnect_one(const std::string& name) {
    return ask<void>(aut, disconnect{{name}});
  }

  bool may_use(const std::string& name) {
    return ask<bool>(aut, has{{name}}).value();
  }

  connection_status row(const std::string& name) {
    auto all = ask<repository_status>(aut, status{}).value();
    for (auto& x : all.servers)
      if (x.server.value == name)
        return x;
    ADD_FAILURE() << "there is no row of " << name;
    return {};
  }

  testkit::scripted_session& session(const std::string& name) {
    return network.last(name);
  }

  /// Fails the `initialize` that `files` got and has not answered.
  void fail_initialize(refusal why, transport::delivery sent) {
    auto id = session("files").take("initialize").id;
    session("files").fail(id, std::move(why), sent);
    run();
  }

  owner_scope owner = shared_scope();
  config::pool_config limits;
  eager_start eager = eager_start::off;
  /// Old sessions may drain beside new ones in this test.
  bool overlaps = false;
  registry_actor configs;
  throttle_actor permits;
  repository_actor aut;
};

} // namespace mcpool::actors
