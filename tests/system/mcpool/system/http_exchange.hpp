// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string>

namespace mcpool::system {

/// A port of the loopback interface that nobody listens on.
std::uint16_t free_port();

/// Tells whether somebody listens on a port of the loopback interface.
bool listens(std::uint16_t port);

/// The body of what a server on the loopback interface answers; empty if it
/// does not within ten seconds.
std::string http_get(std::uint16_t port, const std::string& path);
std::string http_post(std::uint16_t port, const std::string& path,
                      const std::string& body);

} // namespace mcpool::system
