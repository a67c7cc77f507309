// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/changes.hpp>
#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/outcome.hpp>
#include <mcpool/testkit/fake_server/session.hpp>
#include <mcpool/testkit/fake_server/step_run.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::testkit::fake_server {

/// Handles MCP messages, whatever they came over. Knows no sockets and no
/// pipes: a front gives it messages and takes what it sends through an
/// `exchange`. One thread.
class server {
public:
  explicit server(world& all);

  /// Handles one message of the client. `also` are further names of the
  /// occasion for rules, such as `POST`.
  void on_message(const std::shared_ptr<session>& who,
                  const nlohmann::json& message, std::shared_ptr<exchange> back,
                  std::vector<std::string_view> also);

  /// Runs the steps of the first rule that fits, around `answer`.
  void on_occasion(const occasion& what, std::shared_ptr<exchange> back,
                   step_run::answerer answer);

  /// Sends a request to the client over `send`; `then` gets its answer,
  /// which also goes into the statistics.
  void ask(const std::shared_ptr<session>& who, const std::string& method,
           const nlohmann::json& params,
           const std::function<void(const std::string&)>& send,
           std::function<void(const nlohmann::json&)> then);

  /// The session is over: what it runs is given up.
  void end_session(session& who);

private:
  // -- kinds of messages

  void on_request(const std::shared_ptr<session>& who,
                  const nlohmann::json& message, std::shared_ptr<exchange> back,
                  std::vector<std::string_view> also);
  void on_notification(const std::shared_ptr<session>& who,
                       const nlohmann::json& message,
                       std::shared_ptr<exchange> back,
                       std::vector<std::string_view> also);
  void on_response(const std::shared_ptr<session>& who,
                   const nlohmann::json& message,
                   std::shared_ptr<exchange> back,
                   std::vector<std::string_view> also);

  // -- requests

  void check_request(session& who, const nlohmann::json& message);
  std::shared_ptr<call> admit(session& who, const nlohmann::json& message,
                              const std::shared_ptr<exchange>& back);
  void hold_gauges(session& who, const call& what);
  void answer_request(const std::shared_ptr<session>& who,
                      const std::shared_ptr<call>& what, const changes& how,
                      std::function<void()> then);
  void forget(session& who, const call& what);
  void finish(session& who, const call& what, const changes& how,
              const outcome& value);
  void dispatch(const std::shared_ptr<session>& who,
                const std::shared_ptr<call>& what, const outcome_sink& sink);

  // -- notifications

  void on_initialized(session& who);
  void on_cancelled(session& who, const nlohmann::json& params);

  void answer_with(const std::shared_ptr<exchange>& back, const reply& what);
  step_run::asker asker_for(const std::shared_ptr<session>& who,
                            const std::shared_ptr<exchange>& back);

  world& world_;
  std::uint64_t last_asked_ = 0;
};

} // namespace mcpool::testkit::fake_server
