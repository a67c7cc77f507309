// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mcpool::transport {

/// The beginning of `text` as UTF-8 that is safe in a terminal, a log and JSON:
/// control characters and bytes that are no UTF-8 become `\x1b`. At most
/// `max_bytes` long, `...` at the end included if something was cut off.
std::string printable(std::string_view text, std::size_t max_bytes);

} // namespace mcpool::transport
