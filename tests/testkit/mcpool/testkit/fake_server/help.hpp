// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace mcpool::testkit::fake_server {

/// The part of `--help` that explains rules, events, steps, tools, HTTP
/// resources and statistics.
std::string rule_help();

} // namespace mcpool::testkit::fake_server
