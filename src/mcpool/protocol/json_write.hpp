// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <string_view>

namespace mcpool::protocol {

/// Appends `text` as a JSON string (RFC 8259, section 7), on one line. What is
/// no UTF-8 in it becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);

/// Returns `text` as a JSON string, as above.
std::string quote(std::string_view text);

/// Appends valid JSON text without its line breaks, which can only stand
/// between the tokens. Nothing else changes.
void append_one_line(std::string& out, std::string_view json);

} // namespace mcpool::protocol
