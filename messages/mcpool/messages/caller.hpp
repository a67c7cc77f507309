// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/engine/inspect.hpp>

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace mcpool::messages::caller {

// -- events -------------------------------------------------------------------

/// A CONNECTION tells the CALLER how far its call is (MCP,
/// `notifications/progress`). Sent only for calls that named a CALLER; none
/// comes after the answer.
struct progress {
  /// The call, by the id that its caller chose.
  call_id id = {};
  /// Grows with every report.
  double done = 0;
  /// What `done` will be in the end, where the server knows it.
  std::optional<double> total = {};
  /// For people; may be empty.
  std::string message = {};
};

BOOST_DESCRIBE_STRUCT(progress, (), (id, done, total, message))

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::messages::caller
