// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

/// What a test allows for.
namespace mcpool::system {

/// Whether this is a build whose memory is watched: slower, and larger.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

/// Longer in such a build.
constexpr std::chrono::milliseconds scaled(std::chrono::milliseconds x) {
  return x * (is_sanitized ? 3 : 1);
}

/// How late an answer may be on a busy machine.
inline constexpr auto grace = scaled(std::chrono::milliseconds{2000});

/// After this nothing is left of what has ended.
inline constexpr auto cleanup_limit = scaled(std::chrono::milliseconds{5000});

} // namespace mcpool::system
