// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/changes.hpp>
#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/script.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace mcpool::testkit::fake_server {

/// Runs the steps of a rule, one after the other, around one answer.
class step_run : public std::enable_shared_from_this<step_run> {
public:
  /// Gives the answer in the way `changes` say and then calls the function.
  using answerer = std::function<void(const changes&, std::function<void()>)>;

  /// Sends a request of this method to the client.
  using asker = std::function<void(const std::string&)>;

  /// Starts a run; it keeps itself alive.
  static void start(world& all, steps todo, std::shared_ptr<exchange> back,
                    answerer answer, asker ask);

private:
  step_run(world& all, steps todo, std::shared_ptr<exchange> back,
           answerer answer, asker ask);

  void next();
  void give_answer();
  void end_process(const step& one);
  bool do_process(const step& one);
  bool do_message(const step& one);
  bool do_connection(const step& one);

  world& world_;
  steps todo_;
  std::size_t position_ = 0;
  bool answered_ = false;
  changes changes_;
  std::shared_ptr<exchange> back_;
  answerer answer_;
  asker ask_;
};

} // namespace mcpool::testkit::fake_server
