// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/script.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace mcpool::testkit::fake_server {

/// What the steps so far want the answer to look like.
struct changes {
  /// How the answer leaves; its text is only used if `replaced`.
  reply base;
  /// The text is no answer to the message at all.
  bool replaced = false;
  /// `{"result"}` or `{"error"}` in place of the real outcome.
  std::optional<nlohmann::json> outcome;
  /// The id in place of the real one; discarded JSON: no id.
  std::optional<nlohmann::json> id;
  bool batch = false;
  std::int64_t depth = 0;

  /// Takes a step in. Returns false if it does not change the answer.
  bool apply(const step& one);

  /// Whether the real outcome is still wanted.
  bool need_outcome() const { return !replaced && !outcome && depth == 0; }
};

/// Compact JSON text; invalid UTF-8 is replaced.
std::string to_text(const nlohmann::json& message);

/// The answer to the request with this id. `outcome` is `{"result"}` or
/// `{"error"}`.
reply render(const changes& how, const nlohmann::json& id,
             const nlohmann::json& outcome, bool in_array);

} // namespace mcpool::testkit::fake_server
