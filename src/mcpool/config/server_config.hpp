// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/fingerprint.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/secret.hpp>
#include <mcpool/core/time.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mcpool::config {

using namespace std::chrono_literals;

/// How a server is reached.
enum class transport_kind : std::uint8_t {
  /// A child process that speaks over its standard input and output.
  stdio,
  /// Streamable HTTP, revisions 2025-03-26 to 2025-11-25.
  streamable_http,
};

BOOST_DESCRIBE_ENUM(transport_kind, stdio, streamable_http)

/// What `"startup"` says.
enum class startup_mode : std::uint8_t {
  /// Absent: connected when somebody asks.
  on_demand,
  /// `true`: connected for the shared scope when the service starts.
  eager,
  /// `false`: never connected for the shared scope, only for users.
  never_shared,
};

BOOST_DESCRIBE_ENUM(startup_mode, on_demand, eager, never_shared)

/// How a connection whose configuration changed is replaced.
enum class replacement_mode : std::uint8_t {
  /// The new one starts while the old one drains; the default for HTTP.
  overlap,
  /// The new one starts when the old one is gone; the default for stdio.
  stop_first,
};

BOOST_DESCRIBE_ENUM(replacement_mode, overlap, stop_first)

/// Bounds of one listing (`tools/list` and its siblings), over all its pages.
struct list_limits {
  /// At most this many pages; 1 to 10,000.
  std::uint32_t pages = 50;
  /// At most this many items; 1 to 1,000,000.
  std::uint32_t items = 1000;
  /// At most this many bytes of results; 1 kB to 1 GiB.
  std::uint64_t bytes = 5 * 1024 * 1024;
  /// At most this long; 1 ms to 1 h.
  duration time = 30s;
};

BOOST_DESCRIBE_STRUCT(list_limits, (), (pages, items, bytes, time))

/// One server as resolved for one owner: transport, address, credentials policy
/// and limits. Variables are substituted and relative paths made absolute.
struct server_config {
  server_name name;
  transport_kind transport = transport_kind::stdio;
  /// For people; may be empty.
  std::string title;
  std::string description;

  // -- stdio ------------------------------------------------------------------

  /// The program: a path, or a name that is looked up in PATH.
  std::string command;
  std::vector<std::string> args;
  /// Set in the child beside the inherited whitelist.
  std::map<std::string, secret> env;
  /// The child's working directory; empty for the service's own.
  std::string cwd;

  // -- HTTP -------------------------------------------------------------------

  /// The MCP endpoint, http or https.
  std::string url;
  /// Sent with every request to the server.
  std::map<std::string, secret> headers;

  // -- policy -----------------------------------------------------------------

  startup_mode startup = startup_mode::on_demand;
  /// True keeps the server out of the shared scope.
  bool requires_oauth = false;
  replacement_mode replacement = replacement_mode::stop_first;
  /// True brings a lost connection back by itself, and keeps it when it is
  /// idle.
  bool keep_alive = false;

  // -- limits -----------------------------------------------------------------

  /// For one call, unless the caller gives a deadline; 1 ms to 24 h.
  duration timeout = 60s;
  /// From the permit to `ready`: process start or connect, and the handshake;
  /// 1 ms to 1 h.
  duration init_timeout = 30s;
  /// For DNS, TCP and TLS of one HTTP connection, at most nine tenths of
  /// `init_timeout`; 1 ms to 10 min.
  duration connect_timeout = 10s;
  /// A stream with no byte for this long is reopened; 1 s to 24 h.
  duration stream_idle_timeout = 5min;
  /// For an orderly end: DELETE, or the wait after closing stdin and again
  /// after TERM; 1 ms to 5 min.
  duration close_timeout = 2s;
  /// A connection without calls for this long is closed; 0 (never) to 7 days.
  duration idle_timeout = 15min;
  /// A connection of this age is replaced, a random part of up to a tenth
  /// earlier; 0 (never) to 30 days.
  duration max_lifetime = 0ms;
  /// Calls that the server works on at once; further ones wait for their turn;
  /// 1 to 65,536.
  std::uint32_t max_in_flight = 64;
  /// The longest message, line or body that is accepted; 1 kB to 1 GiB.
  std::uint64_t max_message_bytes = 16 * 1024 * 1024;
  list_limits list;

  // -- identity ---------------------------------------------------------------

  /// Grows with every change of this server, across the whole registry; set by
  /// the REGISTRY.
  std::uint64_t revision = 0;
  /// Of what a connection depends on; see `fingerprint_of`.
  mcpool::fingerprint fingerprint;
};

BOOST_DESCRIBE_STRUCT(server_config, (),
                      (name, transport, title, description, command, args, env,
                       cwd, url, headers, startup, requires_oauth, replacement,
                       keep_alive, timeout, init_timeout, connect_timeout,
                       stream_idle_timeout, close_timeout, idle_timeout,
                       max_lifetime, max_in_flight, max_message_bytes, list,
                       revision, fingerprint))

} // namespace mcpool::config
