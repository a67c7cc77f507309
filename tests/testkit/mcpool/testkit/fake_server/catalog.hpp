// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/options.hpp>
#include <mcpool/testkit/fake_server/outcome.hpp>
#include <mcpool/testkit/fake_server/session.hpp>

#include <cstddef>

namespace mcpool::testkit::fake_server {

/// The initialize result for this requested version; sets the session's.
outcome initialize_result(const options& chosen, session& who,
                          const nlohmann::json& params);

/// `tools/list`: the built-in tools, `tool_1`..., then the added ones.
outcome list_tools(const options& chosen, const session& who,
                   const nlohmann::json& params);

/// Whether a tool of this name is listed without being built in.
bool is_extra_tool(const options& chosen, const session& who,
                   const std::string& name);

/// `prompts/list`, `prompts/get`, `resources/list`, `resources/read`,
/// `resources/templates/list`, `resources/subscribe`,
/// `resources/unsubscribe`, `completion/complete` and `logging/setLevel`.
/// Any other method gets -32601.
outcome answer_simple(const options& chosen, const std::string& method,
                      const nlohmann::json& params);

} // namespace mcpool::testkit::fake_server
