// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/stats.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace mcpool::testkit::fake_server {

/// A request of the client that is being worked on.
struct call {
  nlohmann::json id;
  std::string method;
  nlohmann::json params;
  bool cancelled = false;
  std::shared_ptr<exchange> back;
};

/// One MCP session: the whole process on stdio, a session id on HTTP.
struct session {
  /// Which one it is, from 1; `@SESSION` in rules.
  std::size_t number = 1;
  std::string id;
  /// The negotiated version; empty before the answer to `initialize`.
  std::string version;
  bool initialize_received = false;
  bool initialized = false;
  std::size_t requests = 0;
  gauge::token live;
  /// Handshakes that wait for `notifications/initialized`.
  std::deque<gauge::token> handshakes;
  /// Ids the client used, as JSON text; bounded.
  std::unordered_set<std::string> used_ids;
  /// Requests that are neither answered nor cancelled, by id as JSON text.
  std::map<std::string, std::shared_ptr<call>> running;
  /// Ids the client cancelled; bounded.
  std::vector<nlohmann::json> cancelled_ids;
  std::size_t cancelled_count = 0;
  /// Requests to the client that wait for its answer, by id.
  std::map<std::string, std::function<void(const nlohmann::json&)>> asked;
  /// Tools added by `list_changed`.
  std::size_t added_tools = 0;
  /// Sends what belongs to no request. Returns false if there is no way.
  std::function<bool(const std::string&)> push;
};

} // namespace mcpool::testkit::fake_server
