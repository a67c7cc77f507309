// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/system.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/engine/scheduler.hpp>

#include <algorithm>
#include <cstdint>
#include <thread>

namespace mcpool::engine {

namespace {

constexpr std::int64_t messages_per_turn = 50;

template <class T>
void set_option(caf::actor_system_config& cfg, const char* name, T value) {
#if MCPOOL_CAF1
  cfg.set(cat("caf.", name), value);
#else
  cfg.set(name, value);
#endif
}

} // namespace

void tune_scheduler(caf::actor_system_config& cfg, std::uint32_t threads) {
  auto cores = std::max(2u, std::thread::hardware_concurrency());
  set_option(cfg, "scheduler.max-threads",
             std::int64_t{threads == 0 ? cores : threads});
  set_option(cfg, "scheduler.max-throughput", messages_per_turn);
#if MCPOOL_CAF1
  set_option(cfg, "scheduler.policy", "sharing");
#else
  load_scheduler(cfg);
#endif
}

} // namespace mcpool::engine
