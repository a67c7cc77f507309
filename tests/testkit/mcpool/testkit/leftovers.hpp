// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/messages/throttle.hpp>

#include <mcpool/testkit/scripted_transport.hpp>

namespace mcpool::testkit {

/// Fails the test if a session to a server is live.
void check_sessions(const scripted_network& x);

/// Fails the test if a permit to start is in use, or waited for.
void check_permits(const messages::throttle::throttle_status& x);

} // namespace mcpool::testkit
