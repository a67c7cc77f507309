// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// An application's own actor, tested against a whole pool without a thread, a
// socket or a second of real time. In your project the actor has a header of
// its own.

#include <mcpool/mcpool.hpp>
#include <mcpool/protocol/mcp/tool_result.hpp>

#include <mcpool/testkit/fixture.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

// -- the application ----------------------------------------------------------

// [actor]
/// Answers the name of a city with its forecast. Always answers: with an excuse
/// if the MCP server `weather` does not help.
class forecaster : public caf::event_based_actor {
public:
  forecaster(caf::actor_config& cfg, mcpool::repository_actor servers)
    : caf::event_based_actor(cfg),
      servers_(std::move(servers)) {}

  caf::behavior make_behavior() override {
    return {[this](const std::string& city) { return forecast(city); }};
  }

private:
  using call_result = mcpool::messages::connection::call_result;

  caf::result<std::string> forecast(const std::string& city) {
    mcpool::messages::repository::call x;
    x.server = {"weather"};
    x.method = "tools/call";
    x.params = mcpool::shared_text{mcpool::cat(
      R"({"name": "forecast", "arguments": {"city": ")", city, R"("}})")};
    auto answer = make_response_promise<std::string>();
    mcpool::engine::ask(this, servers_, std::move(x))
      .then(
        [=](const call_result& y) mutable { answer.deliver(read(y, city)); },
        [=](const caf::error&) mutable { answer.deliver(excuse(city)); });
    return answer;
  }

  static std::string read(const call_result& x, const std::string& city) {
    auto y = mcpool::protocol::mcp::parse_tool_result(x.json);
    auto useful = y && !y->is_error && !y->content.empty();
    return useful ? y->content[0].text : excuse(city);
  }

  static std::string excuse(const std::string& city) {
    return "nobody knows the weather in " + city;
  }

  mcpool::repository_actor servers_;
};
// [actor]

// -- its tests ----------------------------------------------------------------

// [test]
namespace testkit = mcpool::testkit;
using namespace std::chrono_literals;

class ForecasterTest : public testkit::fixture {
protected:
  testkit::answer<std::string> forecast(const std::string& city) {
    auto aut = keep(system().spawn<forecaster>(repository()));
    return ask<std::string>(aut, city);
  }

  testkit::scripted_server& weather = server("weather");
};

TEST_F(ForecasterTest, AsksTheServer) {
  weather.tool("forecast", [](const testkit::server_request& x) {
    return testkit::text("sunny in " + x.argument("city"));
  });
  EXPECT_EQ(forecast("Paris").value(), "sunny in Paris");
  EXPECT_EQ(weather.calls("forecast").size(), 1u);
}

TEST_F(ForecasterTest, ExcusesItselfWhenTheServerTakesTooLong) {
  weather.tool("forecast", [](const testkit::server_request&) {
    return testkit::after(1h, testkit::text("rain, probably"));
  });
  configuration().servers[{"weather"}].timeout = 5s;
  auto answer = forecast("Paris");
  advance(4990ms);
  EXPECT_FALSE(answer.ready());
  advance(10ms);
  EXPECT_EQ(answer.value(), "nobody knows the weather in Paris");
}
// [test]

TEST_F(ForecasterTest, ExcusesItselfWhenTheServerDoesNotStart) {
  weather.refuse_start();
  auto answer = forecast("Paris");
  advance(1min);
  EXPECT_EQ(answer.value(), "nobody knows the weather in Paris");
}

TEST_F(ForecasterTest, ExcusesItselfWhenTheServerDiesInTheCall) {
  weather.tool("forecast",
               [](const testkit::server_request&) { return testkit::crash(); });
  EXPECT_EQ(forecast("Paris").value(), "nobody knows the weather in Paris");
}

TEST_F(ForecasterTest, ExcusesItselfWhenTheToolFails) {
  weather.tool("forecast", [](const testkit::server_request&) {
    return testkit::tool_error("no such city");
  });
  EXPECT_EQ(forecast("Atlantis").value(),
            "nobody knows the weather in Atlantis");
}
