// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/core/secret.hpp>
#include <mcpool/core/time.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct curl_slist;

namespace mcpool::transport {

/// One header field of a request.
struct http_field {
  std::string name;
  secret value;
};

/// Tells whether `x` can be sent: a token as its name, and a value without
/// control characters (RFC 9110, section 5).
bool is_valid(const http_field& x) noexcept;

/// Scheme, host and port of `url`, for comparing and for people:
/// `https://host:443`. Fails with `invalid_config` for what is no http or https
/// URL.
result<std::string> origin_of(std::string_view url);

/// Resolves the `Location` of a 307 or 308 against `url`. Fails with
/// `connect_failed`, naming where it pointed, for another origin and for an
/// address with a user name or password.
result<std::string> resolve_redirect(std::string_view url,
                                     std::string_view location);

/// What many requests have in common, prepared once: the address, the header
/// fields, how long a connection may take. Immutable; any thread.
class http_target {
public:
  /// Fails with `invalid_config` for an address that is no http or https URL.
  /// Fields that are not valid are left out: callers check first.
  static result<std::shared_ptr<const http_target>>
  make(std::string url, const std::vector<http_field>& fields,
       duration connect_timeout);

  http_target(const http_target&) = delete;
  http_target& operator=(const http_target&) = delete;
  ~http_target();

  /// Where requests go.
  const std::string& url() const noexcept { return url_; }

  /// Scheme, host and port, for errors and logs.
  const std::string& origin() const noexcept { return origin_; }

  /// The fields in libcurl's form.
  curl_slist* fields() const noexcept { return fields_; }

  /// For name lookup, TCP and TLS together.
  duration connect_timeout() const noexcept { return connect_timeout_; }

private:
  http_target(std::string url, std::string origin, duration connect_timeout);

  void add(const http_field& x);

  std::string url_;
  std::string origin_;
  curl_slist* fields_ = nullptr;
  duration connect_timeout_;
};

} // namespace mcpool::transport
