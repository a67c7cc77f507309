// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace mcpool::config {
struct server_config;
} // namespace mcpool::config

namespace mcpool::transport {

/// Where a server is, the same text for every owner that means the same place:
/// the origin of an HTTP server, or the program of a stdio server. Empty if
/// that cannot be said, for example of a command that is looked up in a PATH
/// of its own.
std::string endpoint_of(const config::server_config& x);

} // namespace mcpool::transport
