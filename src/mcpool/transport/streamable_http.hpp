// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/transport/http_client.hpp>
#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/transport.hpp>

#include <memory>

namespace mcpool::transport {

/// Makes a transport that speaks Streamable HTTP (MCP 2025-03-26 to 2025-11-25,
/// "Transports") to the server of `config`, through `client`, which works on
/// `loop`. Both outlive it.
///
/// Every message is a POST of its own; an answer may be JSON or an event
/// stream. A stream that ends early is resumed where the server gave event ids.
/// What the server says by itself is read from a GET stream, if it offers one.
///
/// * Opening connects to nothing; a server that cannot be reached fails the
///   requests that met it, and `on_close` comes after `close` only.
/// * The session id comes from the answer to `initialize` and goes with every
///   further request; it is never logged. A new `initialize` ends the session
///   before it.
/// * Failures have the codes of `failure_of`; a lost session, a broken
///   connection and an answer that broke off have `connection_lost`.
/// * Requests have no deadline here: `forget` ends one and frees its
///   connection.
/// * Of events that are no message 20 a second are told.
/// * `close` waits up to `close_timeout` for one-way messages on their way and
///   for a running `initialize`, aborts everything else, and gives DELETE
///   another `close_timeout`. An `initialize` that is answered later, but
///   within `init_timeout` and while there is a `client`, has its session ended
///   then. Connections that were kept belong to `client`.
std::shared_ptr<transport>
make_streamable_http(io_loop& loop, std::shared_ptr<http_client> client,
                     const config::server_config& config,
                     std::shared_ptr<listener> target);

} // namespace mcpool::transport
