// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/load.hpp>

#include <functional>
#include <memory>

namespace mcpool::actors {

/// Where the REGISTRY's file tier comes from: reads when told to and when the
/// files change, off the actors' threads.
class config_source {
public:
  using outcome = std::shared_ptr<const config::load_outcome>;
  using callback = std::function<void(outcome)>;

  virtual ~config_source() = default;

  /// From now on `deliver` is called with every new state of the files, on a
  /// thread of the source. Once.
  virtual void start(callback deliver) = 0;

  /// Reads again; ends in a call of `deliver`. From any thread.
  virtual void reload() = 0;
};

} // namespace mcpool::actors
