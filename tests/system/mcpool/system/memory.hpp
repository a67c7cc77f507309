// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>

namespace mcpool::system {

/// Watches how much memory this process uses, from its own creation on.
class memory_peak {
public:
  memory_peak();

  /// How many bytes more than in the beginning, at the worst moment.
  std::size_t growth() const;

private:
  std::size_t before_;
};

} // namespace mcpool::system
