// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/config/document.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/messages/pool.hpp>
#include <mcpool/messages/types.hpp>

#include <mcpool/testkit/actor_fixture.hpp>
#include <mcpool/testkit/scripted_servers.hpp>

#include <string>
#include <string_view>

namespace mcpool::testkit {

/// A whole POOL on scripted servers, for tests of what an application does with
/// it: its own actors, its own messages, its own deadlines.
///
///     class GreeterTest : public mcpool::testkit::fixture {};
///
///     TEST_F(GreeterTest, Greets) {
///       server("hello").tool("greet", "good day");
///       auto aut = keep(system().spawn<greeter>(repository()));
///       EXPECT_EQ(ask<std::string>(aut, std::string{"Ada"}).value(),
///                 "good day");
///     }
///
/// At the end it disconnects everything, and fails the test if a request that
/// the test asked is unanswered, a session to a server is live, a permit to
/// start is in use or waited for, or a server was sent what nobody expected.
/// No main function is needed but GoogleTest's own.
class fixture : public actor_fixture {
protected:
  fixture();

  ~fixture() override;

  // -- before the start -------------------------------------------------------

  /// The server of this name. The first time it is made, with a configuration
  /// like `scripted_config`, also while the pool runs.
  scripted_server& server(const std::string& name) { return servers_.at(name); }

  /// The configuration that the pool starts with: limits, and the servers by
  /// name. Later changes of it have no effect.
  config::document& configuration() { return configuration_; }

  // -- the pool ---------------------------------------------------------------

  /// The POOL; the first call starts it.
  const pool_actor& pool();

  /// The REPOSITORY of an owner; starts the pool if need be.
  repository_actor repository(const owner_scope& owner = shared_scope());

  /// The REGISTRY; starts the pool if need be.
  registry_actor registry();

  // -- shorthands -------------------------------------------------------------

  /// Sets the configuration of a server while the pool runs; the fingerprint is
  /// computed. Fails the test if it is refused.
  void put(const config::server_config& x);

  /// Calls a tool for the shared scope; `arguments` is a JSON object as text.
  answer<messages::connection::call_result>
  call_tool(const std::string& server, std::string_view tool,
            std::string_view arguments = "{}", deadline until = {});

  /// What the pool does now.
  messages::pool::pool_status status();

  // -- the end ----------------------------------------------------------------

  /// Ends everything and checks that nothing is left, as described above. The
  /// end of the test does it; a test may do it earlier, and use the pool no
  /// more.
  void finish();

private:
  void end_owners();
  void end_connections(const owner_scope& owner);

  scripted_servers servers_;
  config::document configuration_;
  pool_actor pool_;
};

} // namespace mcpool::testkit
