// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <nlohmann/json.hpp>

#include <functional>
#include <string>

namespace mcpool::testkit::fake_server {

/// What a request comes to: `{"result": ...}` or `{"error": {...}}`.
using outcome = nlohmann::json;

/// Takes an outcome, now or later, once.
using outcome_sink = std::function<void(outcome)>;

/// `{"result": value}`.
inline outcome success(nlohmann::json value) {
  return {{"result", std::move(value)}};
}

/// `{"error": {"code", "message"}}`.
inline outcome failure(int code, const std::string& message) {
  return {{"error", {{"code", code}, {"message", message}}}};
}

/// A tool's result that is one text.
inline outcome text_result(const std::string& text, bool is_error = false) {
  nlohmann::json result{
    {"content", {{{"type", "text"}, {"text", text}}}},
  };
  if (is_error)
    result["isError"] = true;
  return success(std::move(result));
}

} // namespace mcpool::testkit::fake_server
