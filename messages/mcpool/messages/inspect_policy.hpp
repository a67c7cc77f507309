// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/inspect.hpp>
#include <mcpool/policy/connection_phase.hpp>
#include <mcpool/policy/endpoint_gate.hpp>

namespace mcpool::policy {

MCPOOL_INSPECT_NAMESPACE

} // namespace mcpool::policy
