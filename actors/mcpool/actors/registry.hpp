// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/config_source.hpp>
#include <mcpool/actors/private_messages.hpp>
#include <mcpool/config/document.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/registry.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace mcpool::actors {

/// How much callers may make the REGISTRY keep.
struct registry_limits {
  /// Servers that the application puts.
  std::size_t servers = 10'000;
  /// Listeners that it keeps alive.
  std::size_t listeners = 10'000;
  /// Callers that wait for the files to be read again.
  std::size_t reloads = 1000;
};

/// REGISTRY: the single source of truth for server configurations.
///
/// Two tiers: the operator's files and, over them, what the embedding
/// application puts. Every change of what is in force gets a new revision, and
/// subscribers are told exactly what changed. Files that cannot be used change
/// nothing: what was in force stays.
class registry {
public:
  // -- constants --------------------------------------------------------------

  using handle = engine::iface<
    engine::extended<registry_interface, fn<void(config_loaded)>>>;

  static constexpr const char* name = "mcpool.registry";

  // -- constructors -----------------------------------------------------------

  /// Starts with `files`; `source` may be null if there are none to watch.
  registry(handle::pointer self, config::document files,
           std::shared_ptr<config_source> source, registry_limits limits = {});

  ~registry();

  // -- behavior ---------------------------------------------------------------

  handle::behavior_type make_behavior();

private:
  using config_map = std::map<server_name, config::server_config>;

  // -- message handlers -------------------------------------------------------

  caf::result<config::server_config>
  on_find_config(const messages::registry::find_config& x) const;
  messages::registry::config_view on_all_configs() const;
  caf::result<void> on_put_config(messages::registry::put_config& x);
  caf::result<void> on_erase_config(const messages::registry::erase_config& x);
  caf::result<messages::registry::config_view>
  on_subscribe(const messages::registry::subscribe& x);
  caf::result<void> on_reload();
  void on_config_loaded(const config_loaded& x);

  // -- helpers ----------------------------------------------------------------

  void use_files(const config::document& next);
  void apply();
  bool is_kept(const caf::actor_addr& who) const;
  void forget_listener(const caf::actor_addr& who);
  config_map merged() const;
  template <class Event>
  void publish(const Event& x);
  void begin_reload();
  void settle_reload(const result<void>& x);

  // -- member variables -------------------------------------------------------

  handle::pointer self_;
  engine::watch_list<handle::base> watches_;
  std::shared_ptr<config_source> source_;
  registry_limits limits_;
  /// What the files say.
  config::document files_;
  /// What the application put.
  config_map overrides_;
  /// What is in force, with revisions.
  config_map effective_;
  std::uint64_t last_revision_ = 0;
  /// Who is told of changes; null for those that the subscription does not keep
  /// alive.
  std::map<caf::actor_addr, config_listener_actor> listeners_;
  /// How many of them it keeps alive.
  std::size_t kept_listeners_ = 0;
  /// Who waits for the files that are being read.
  std::vector<engine::reply<void>> reload_waiters_;
  /// Who asked later: what is being read may be too old for them.
  std::vector<engine::reply<void>> next_reload_waiters_;
};

} // namespace mcpool::actors
