// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>

#include <string>

namespace mcpool::config {
struct server_config;
} // namespace mcpool::config

namespace mcpool::transport {

/// Where a server is, the same text for every owner that means the same place:
/// the origin of an HTTP server, or the program of a stdio server. Empty if
/// that cannot be said, for example of a command that is looked up in a PATH
/// of its own.
///
/// Whoever waits less long for a connection finds out less: a `connect_limit`
/// that is not the default one is part of the text, as in
/// `https://host:443 (connectTimeout 20ms)`.
std::string endpoint_of(const config::server_config& x);

/// How long one HTTP connection may take: `connectTimeout`, or nine tenths of
/// `initTimeout` if that is less, so that a start can say that nothing is there
/// before its time is over.
duration connect_limit(const config::server_config& x);

} // namespace mcpool::transport
