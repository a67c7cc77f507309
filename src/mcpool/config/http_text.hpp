// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <string_view>

// What may stand in an HTTP request. Each function says what is wrong with a
// text, or nothing if it is fine. No answer repeats the text, it may be secret.

namespace mcpool::config {

/// An absolute http or https URL with a host (RFC 9110, section 4.2), without
/// user, password and fragment.
std::string url_problem(std::string_view url);

/// A field name (RFC 9110, section 5.1) that mcpool does not set itself.
std::string header_name_problem(std::string_view name);

/// A field value (RFC 9110, section 5.5): no control character but the tab.
std::string header_value_problem(std::string_view value);

} // namespace mcpool::config
