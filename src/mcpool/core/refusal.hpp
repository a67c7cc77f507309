// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/errc.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mcpool {
inline namespace core {

/// A JSON-RPC error object as the server sent it (JSON-RPC 2.0, section 5.1).
struct remote_error {
  std::int64_t code = 0;
  std::string message;
  /// The `data` member as JSON text; empty when there was none.
  std::string data;
};

BOOST_DESCRIBE_STRUCT(remote_error, (), (code, message, data))

/// The typed reason why something is not there, with what the caller can do
/// about it. The error of every fallible function, and the context of every
/// error that an actor answers with.
struct refusal {
  errc code = errc::internal_error;
  /// One sentence that names the thing, the reason and the remedy.
  std::string text;
  /// How long to wait before asking again, where that is known.
  std::optional<std::chrono::nanoseconds> retry_after;
  /// Where a person can log in (`needs_login`).
  std::optional<std::string> login_url;
  /// What the server answered (`remote_error`).
  std::optional<remote_error> remote;
};

BOOST_DESCRIBE_STRUCT(refusal, (), (code, text, retry_after, login_url, remote))

/// Makes a refusal of a code and its sentence.
inline refusal make_refusal(errc code, std::string text) {
  return {code, std::move(text), std::nullopt, std::nullopt, std::nullopt};
}

/// Prints `code: text`.
std::string to_string(const refusal& x);

} // namespace core
} // namespace mcpool
