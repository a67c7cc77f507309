// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/secret.hpp>

#include <map>
#include <string>
#include <vector>

namespace mcpool::transport {

/// The environment of a server's process, as `NAME=value`: of our own only what
/// programs need to find things and to talk to people, since the rest may hold
/// secrets; and `extra`, which wins.
///
/// Inherited are HOME, LOGNAME, PATH, SHELL, TERM and USER, as MCP's SDKs do
/// it, and LANG, LC_ALL, TMPDIR and TZ; not if the value starts with `()`,
/// which is a function of some shells. From any thread, while no other changes
/// the environment.
std::vector<std::string>
child_environment(const std::map<std::string, secret>& extra);

} // namespace mcpool::transport
