// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/log.hpp>

#include <exception>
#include <string_view>

namespace mcpool::transport {

/// Logs what a step of the loop threw, if there is memory for that.
inline void log_failed_step(std::string_view why) noexcept {
  try {
    log::transport::error(
      "loop-exception",
      "The I/O loop goes on without a step that failed: ", why);
  } catch (...) {
    // Nobody is left who could be told.
  }
}

/// Runs a step that others must not pay for; false if it threw, for want of
/// memory. Whoever needs much memory catches that itself.
template <class F>
bool survives(F&& f) noexcept {
  try {
    f();
    return true;
  } catch (const std::exception& e) {
    log_failed_step(e.what());
  } catch (...) {
    log_failed_step("of an unknown exception");
  }
  return false;
}

} // namespace mcpool::transport
