// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A pool inside an application's own actor system: connect, call, disconnect,
// once from a thread and once from an actor.

#include <mcpool/mcpool.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <string_view>
#include <utility>

namespace {

namespace connection = mcpool::messages::connection;
namespace repository = mcpool::messages::repository;

/// The application's own configuration of CAF; it may have types of its own.
class my_config : public caf::actor_system_config {
public:
  my_config() { mcpool::actors::add_types(*this); }
};

// A call of the tool `echo`; `arguments` is a JSON object as text.
// [request]
repository::call echo(std::string_view arguments) {
  repository::call out;
  out.server = {"demo"};
  out.method = "tools/call";
  out.params = mcpool::shared_text{
    mcpool::cat(R"({"name": "echo", "arguments": )", arguments, "}")};
  return out;
}
// [request]

/// One of the application's own actors. It never blocks.
class greeter : public caf::event_based_actor {
public:
  greeter(caf::actor_config& cfg, mcpool::repository_actor servers)
    : caf::event_based_actor(cfg),
      servers_(std::move(servers)) {}

  // [actor]
  caf::behavior make_behavior() override {
    mcpool::engine::ask(this, servers_, echo(R"({"message": "bye"})"))
      .then(
        [](const connection::call_result& x) {
          std::cout << x.json.view() << '\n';
        },
        [](const caf::error& why) {
          std::cerr << to_string(mcpool::engine::to_refusal(why)) << '\n';
        });
    return {};
  }
  // [actor]

private:
  mcpool::repository_actor servers_;
};

// [embed]
mcpool::result<void> run(caf::actor_system& system,
                         mcpool::actors::service_options options) {
  mcpool::actors::service pool{system, std::move(options)};
  auto servers = pool.repository(mcpool::shared_scope());
  if (!servers)
    return servers.error();
  caf::scoped_actor self{system};
  auto found = mcpool::await(self, *servers, repository::get{{"demo"}, {}});
  if (!found)
    return found.error();
  std::cout << "demo speaks MCP " << found->protocol_version << '\n';
  auto answer = mcpool::await(self, *servers, echo(R"({"message": "hello"})"));
  if (!answer)
    return answer.error();
  std::cout << answer->json.view() << '\n';
  self->wait_for(system.spawn<greeter>(*servers));
  return mcpool::await(self, *servers, repository::disconnect{{"demo"}});
}
// [embed]

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: embed CONFIG\n";
    return 64;
  }
  mcpool::actors::init_types();
  my_config config;
  caf::actor_system system{config};
  auto options = mcpool::actors::load_options({argv[1]});
  auto done = options ? run(system, std::move(*options)) : options.error();
  if (done)
    return 0;
  std::cerr << to_string(done.error()) << '\n';
  return 1;
}
