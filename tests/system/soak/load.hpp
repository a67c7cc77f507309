// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "playground.hpp"

#include <atomic>
#include <random>

namespace mcpool::system {

/// What callers saw.
struct load_counts {
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  std::atomic<int> spared{0};
};

/// Calls random tools with random limits until it is over. Checks that each
/// answer comes in time, belongs to the question, and comes from no older
/// configuration than was known when it was asked.
void call_at_random(playground& all, std::uint64_t seed, load_counts& count);

/// Calls a server that nothing bad happens to: it must never fail, nor wait for
/// those that it does happen to.
void call_spared(playground& all, target& x, load_counts& count);

} // namespace mcpool::system
