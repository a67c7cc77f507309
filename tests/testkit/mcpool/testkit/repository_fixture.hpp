// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/config/pool_config.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/messages/repository.hpp>
#include <mcpool/messages/types.hpp>

#include <mcpool/testkit/actor_fixture.hpp>
#include <mcpool/testkit/fake_registry.hpp>
#include <mcpool/testkit/scripted_servers.hpp>

#include <string>

namespace mcpool::testkit {

/// One REPOSITORY on scripted servers, with a real THROTTLE and a registry that
/// says what the test wants: for tests of what happens when configurations
/// change, come late or are refused.
///
/// At the end it checks what `fixture` checks.
class repository_fixture : public actor_fixture {
protected:
  repository_fixture();

  ~repository_fixture() override;

  /// The server of this name. The first time it is made, and its configuration
  /// set in the registry.
  scripted_server& server(const std::string& name) { return servers_.at(name); }

  /// The limits that the repository starts with.
  config::pool_config& limits() { return limits_; }

  /// Whose repository it is; the shared scope unless set before the start.
  owner_scope& owner() { return owner_; }

  /// Where it finds configurations.
  fake_registry& registry() { return registry_; }

  /// The REPOSITORY; the first call starts it.
  const repository_actor& repository();

  /// The THROTTLE; starts everything if need be.
  const throttle_actor& throttle();

  /// What the repository knows of each server.
  messages::repository::repository_status status();

  /// Ends everything and checks that nothing is left; see `fixture::finish`.
  void finish();

private:
  void check_rest();

  fake_registry registry_;
  scripted_servers servers_;
  config::pool_config limits_;
  owner_scope owner_ = shared_scope();
  throttle_actor throttle_;
  repository_actor repository_;
};

} // namespace mcpool::testkit
