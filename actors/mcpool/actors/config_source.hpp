// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/load.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace mcpool::actors {

/// Why the files were read.
enum class read_cause : std::uint8_t {
  /// The source started, or noticed a change.
  noticed,
  /// Somebody asked for it.
  reload,
};

/// Where the REGISTRY's file tier comes from: reads when told to and when the
/// files change, off the actors' threads.
class config_source {
public:
  using outcome = std::shared_ptr<const config::load_outcome>;
  using callback = std::function<void(outcome, read_cause)>;

  virtual ~config_source() = default;

  /// From now on `deliver` is called with every new state of the files, on a
  /// thread of the source. Once.
  virtual void start(callback deliver) = 0;

  /// Reads again, not before the call; ends in exactly one call of `deliver`
  /// with the cause `reload`. After `start`, from any thread.
  virtual void reload() = 0;
};

} // namespace mcpool::actors
