// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/engine/testing.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mcpool::testkit {

/// A REGISTRY that says what the test wants: it serves configurations, tells
/// changes on command, and can refuse, keep everybody waiting, or send what a
/// real one never would. It checks and computes nothing: what is set is served,
/// with the next revision. All owners see the same.
///
/// For one thread; needs the harness as long as it lives.
class fake_registry {
public:
  /// Starts the actor.
  explicit fake_registry(engine::testing::deterministic& harness);

  fake_registry(const fake_registry&) = delete;
  fake_registry& operator=(const fake_registry&) = delete;

  /// Ends the actor.
  ~fake_registry();

  /// The REGISTRY to hand to whoever needs one.
  const registry_actor& handle() const { return handle_; }

  // -- changes: each arrives when the test runs messages next -----------------

  /// Sets a configuration, with the next revision, and tells the listeners.
  /// Its fingerprint is as it is: see `config::fingerprint_of`.
  void set(config::server_config x);

  /// Takes a configuration away and tells the listeners. Tells them even if
  /// there is none.
  void remove(const std::string& server);

  /// Tells the listeners of a change that is not in force, with the revision
  /// that `x` has: a late or repeated event.
  void tell(config::server_config x);

  // -- answers ----------------------------------------------------------------

  /// From now on every request is refused.
  void refuse(refusal why);

  /// From now on every request waits, until `resume`.
  void hold();

  /// Requests are answered again, those that waited when the test runs messages
  /// next. When the registry ends, those that wait are refused.
  void resume();

  // -- what it was asked ------------------------------------------------------

  /// The requests so far, in their order: `find_config`, `all_configs`,
  /// `put_config`, `erase_config`, `subscribe`, `reload`.
  const std::vector<std::string>& requests() const;

  /// How many of a request there were.
  std::size_t count(const std::string& request) const;

  /// How many subscribed and are alive.
  std::size_t listeners() const;

  /// Ends the actor, as a REGISTRY that died.
  void die();

private:
  class role;
  struct script;

  std::shared_ptr<script> script_;
  engine::testing::deterministic& harness_;
  registry_actor handle_;
};

} // namespace mcpool::testkit
