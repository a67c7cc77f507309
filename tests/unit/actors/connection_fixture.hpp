// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/connection.hpp>
#include <mcpool/actors/throttle.hpp>
#include <mcpool/transport/endpoint.hpp>

#include "scripted_test.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

namespace mcpool::actors {

/// One CONNECTION to the scripted server `files`, with a real THROTTLE.
class ConnectionTest : public ScriptedTest {
protected:
  using phase = policy::connection_phase;
  using call = messages::connection::call;
  using call_result = messages::connection::call_result;
  using cancel = messages::connection::cancel;
  using drain = messages::connection::drain;
  using list = messages::connection::list;
  using list_result = messages::connection::list_result;
  using status = messages::connection::status;
  using connection_status = messages::connection::connection_status;
  using verify = messages::connection::verify;

  ConnectionTest() { config.name = {"files"}; }

  ~ConnectionTest() override { end_all(); }

  /// Starts THROTTLE and CONNECTION and runs everything.
  void start() {
    permits = throttle_actor{engine::spawn<throttle>(
      harness.system(), limits.throttle, harness.wheel())};
    keep(permits);
    connection_setup setup;
    setup.owner = shared_scope();
    setup.config = config;
    setup.start_until = start_until;
    setup.limits = limits;
    setup.throttle = permits;
    setup.make_transport = network.factory();
    setup.wheel = harness.wheel();
    setup.report = [this](phase_changed x) { events.push_back(std::move(x)); };
    setup.report_idle = [this](const went_idle&) { ++idle_reports; };
    setup.incarnation = 5;
    aut = connection_actor{
      engine::spawn<connection>(harness.system(), std::move(setup))};
    keep(aut);
    run();
  }

  /// Starts with a server that does all by itself but answering calls.
  void start_ready() {
    habits() = testkit::unanswering();
    start();
    ASSERT_EQ(phase_now(), phase::ready);
  }

  testkit::server_habits& habits() { return network.habits("files"); }

  testkit::scripted_session& session() { return network.last("files"); }

  phase phase_now() const {
    return events.empty() ? phase::on_demand : events.back().phase;
  }

  std::vector<phase> phases() const {
    std::vector<phase> out;
    for (const auto& x : events)
      out.push_back(x.phase);
    return out;
  }

  /// Why it ended, as reported last.
  refusal why_ended() const {
    if (events.empty() || !events.back().why)
      return make_refusal(errc::internal_error, "it did not end");
    return *events.back().why;
  }

  answer<call_result> request(const std::string& method = "tools/call",
                              deadline until = {}) {
    call x;
    x.method = method;
    x.until = until;
    return ask<call_result>(aut, x);
  }

  std::uint32_t permits_in_use() { return permits_of(permits).in_use; }

  /// Another start cannot reach the endpoint of the server.
  void close_endpoint() {
    auto& other = new_puppet();
    auto x = other.ask<messages::throttle::permit>(
      permits, messages::throttle::acquire{
                 *user_scope("other"), {}, transport::endpoint_of(config)});
    other.tell(permits, messages::throttle::release{
                          x.value().id, policy::start_outcome::unreachable});
    ASSERT_EQ(permits_of(permits).unreachable, 1u);
  }

  /// What the start of the connection has found out is known.
  bool endpoint_is_open() { return permits_of(permits).unreachable == 0; }

  void refuse_unread(std::int64_t id) {
    session().fail(id, make_refusal(errc::connection_lost, "session unknown"),
                   transport::delivery::not_sent);
  }

  config::server_config config = server("files");
  config::pool_config limits;
  /// When the start must be over; none if not given.
  deadline start_until;
  throttle_actor permits;
  connection_actor aut;
  std::vector<phase_changed> events;
  /// How often it was found idle.
  int idle_reports = 0;
};

} // namespace mcpool::actors
