// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/config/server_config.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/owner_scope.hpp>
#include <mcpool/messages/config_listener.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <vector>

namespace mcpool::messages::registry {

// -- requests -----------------------------------------------------------------

/// Asks for one configuration as `owner` sees it.
///
/// Returns `server_config`. Fails with `not_configured`, naming the near miss.
struct find_config {
  owner_scope owner = {};
  server_name server = {};
};

BOOST_DESCRIBE_STRUCT(find_config, (), (owner, server))

/// Asks for all configurations that `owner` sees. Returns `config_view`.
struct all_configs {
  owner_scope owner = {};
};

BOOST_DESCRIBE_STRUCT(all_configs, (), (owner))

/// Sets a configuration of the embedding application; it wins over the files.
/// Revision and fingerprint are computed by the REGISTRY. Subscribers are told.
///
/// Returns `void`. Fails with `invalid_config`, and with `busy` if there are
/// too many already.
struct put_config {
  config::server_config config = {};
};

BOOST_DESCRIBE_STRUCT(put_config, (), (config))

/// Takes back what `put_config` set; what the files say is in force again.
///
/// Returns `void`. Fails with `not_configured` if nothing was set.
struct erase_config {
  server_name server = {};
};

BOOST_DESCRIBE_STRUCT(erase_config, (), (server))

/// What a subscription means for the life of the listener.
enum class subscription : std::uint8_t {
  /// It lives at least until the REGISTRY ends, or until it ends itself.
  keeps_alive,
  /// It ends when nobody else has a handle of it.
  observes,
};

BOOST_DESCRIBE_ENUM(subscription, keeps_alive, observes)

/// Asks for all configurations of an owner and for every change from now on.
/// The subscription ends with the listener.
///
/// Returns `config_view`: the state to which the events are the changes. Fails
/// with `busy` if too many listen already; what the listener subscribed to
/// before stays then.
struct subscribe {
  owner_scope owner = {};
  config_listener_actor listener = {};
  subscription kind = subscription::keeps_alive;
};

BOOST_DESCRIBE_STRUCT(subscribe, (), (owner, listener, kind))

/// Reads the configuration files again, as on SIGHUP.
///
/// Returns `void` when what they say is in force. Fails with `invalid_config`;
/// then the old configuration stays. Fails with `busy` if too many ask at once,
/// and with `shutting_down`.
struct reload {};

BOOST_DESCRIBE_STRUCT(reload, (), ())

// -- replies ------------------------------------------------------------------

/// Configurations, sorted by name.
struct config_view {
  std::vector<config::server_config> servers = {};
};

BOOST_DESCRIBE_STRUCT(config_view, (), (servers))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::registry
