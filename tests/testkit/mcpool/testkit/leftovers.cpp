// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/leftovers.hpp>

#include <gtest/gtest.h>

namespace mcpool::testkit {

void check_sessions(const scripted_network& x) {
  for (const auto& name : x.live_servers())
    ADD_FAILURE() << "a session to '" << name << "' is live";
}

void check_permits(const messages::throttle::throttle_status& x) {
  if (x.in_use > 0)
    ADD_FAILURE() << "permits to start are in use: " << x.in_use;
  if (x.waiting > 0)
    ADD_FAILURE() << "permits to start are waited for: " << x.waiting;
}

} // namespace mcpool::testkit
