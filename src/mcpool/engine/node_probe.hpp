// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/node.hpp>

#include <cstdint>

namespace mcpool::engine {

/// Asks who listens at an address before CAF does, whose own attempt has no
/// limit and hardly any words: connects, and reads the header with which a node
/// greets. Returns the version of CAF's protocol that the peer speaks.
///
/// Fails like `connect`.
result<std::uint64_t> probe_node(const node_address& to, duration limit);

} // namespace mcpool::engine
