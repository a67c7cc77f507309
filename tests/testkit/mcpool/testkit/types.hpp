// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/system.hpp>

#include <functional>

namespace mcpool::testkit {

/// Makes every type of mcpool known to the process, and then those of
/// `use_types`. The fixtures call it before they make an actor system; a test
/// that makes one itself calls it first. Any number of times, on one thread.
void init_types();

namespace detail {

// Remembers what `init_types` does after mcpool's own types.
bool at_init_types(std::function<void()> f);

} // namespace detail

/// Announces type ID blocks of your own, as CAF 1.x wants it. Call it before
/// the first fixture, for example like this:
///
///     const bool types = mcpool::testkit::use_types<caf::id_block::my_app>();
///
/// at namespace scope. The first ID after mcpool's is
/// `caf::id_block::mcpool_actors::end` (`mcpool/actors/private_messages.hpp`);
/// the testkit has none of its own. Returns true.
template <class... Blocks>
bool use_types() {
  return detail::at_init_types([] { engine::init_types<Blocks...>(); });
}

} // namespace mcpool::testkit
