// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/http_connection.hpp>

#include <optional>
#include <string>

namespace mcpool::testkit::fake_server {

/// What a client did wrong in the header of a request.
struct violation {
  /// A short fixed word for the statistics.
  std::string kind;
  std::string text;
  /// The status it deserves; 0 is to be tolerated.
  int status = 0;
};

/// A field of the request's header; empty if there is none.
std::string field(const http_request& request, const std::string& name);

/// Accept and Content-Type of a POST.
std::optional<violation> check_post(const http_request& request);

/// Accept of a GET.
std::optional<violation> check_get(const http_request& request);

/// MCP-Protocol-Version on a request in a session of version `negotiated`
/// (empty: no answer to `initialize` yet).
std::optional<violation> check_version(const http_request& request,
                                       const std::string& negotiated);

} // namespace mcpool::testkit::fake_server
