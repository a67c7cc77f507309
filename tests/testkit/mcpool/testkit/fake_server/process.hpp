// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::testkit::fake_server {

/// Descriptors above 2 that are open now, as `N -> target`.
std::vector<std::string> open_descriptors();

/// Writes to stderr, waiting for the reader if it must.
void write_stderr(std::string_view text);

/// Writes that many bytes, in lines, to stderr.
void flood_stderr(std::size_t bytes);

/// Forks a child that keeps stdin, stdout and stderr open and sleeps.
/// @returns its pid, or -1.
int spawn_grandchild(std::chrono::milliseconds lifetime);

/// Ends the process without any cleaning up.
[[noreturn]] void leave(int code);

/// Ends the process with SIGKILL.
[[noreturn]] void kill_self();

} // namespace mcpool::testkit::fake_server
