// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/transport.hpp>

#include <caf/actor.hpp>

#include <memory>

namespace mcpool::actors {

/// Makes the listener that turns what a transport tells into messages to a
/// CONNECTION. It does not keep the actor alive.
std::shared_ptr<transport::listener>
make_connection_listener(const caf::actor& connection);

} // namespace mcpool::actors
