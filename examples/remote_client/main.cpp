// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A pool in one process and its user in another. ctest runs both:
//
//   remote_client serve CONFIG | remote_client use

#include <mcpool/mcpool.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace repository = mcpool::messages::repository;
namespace messages = mcpool::messages;

mcpool::result<void> serve(caf::actor_system& system, const char* config) {
  auto options = mcpool::actors::load_options({config});
  if (!options)
    return options.error();
  // [publish]
  mcpool::actors::service pool{system, std::move(*options)};
  auto door = mcpool::node::publish(system, pool.pool(), {"127.0.0.1", 0});
  if (!door)
    return door.error();
  std::cout << to_string(door->at()) << std::endl;
  caf::scoped_actor self{system};
  self->wait_for(pool.pool());
  // [publish]
  return {};
}

repository::call echo(std::string_view message) {
  repository::call out;
  out.server = {"demo"};
  out.method = "tools/call";
  out.params = mcpool::shared_text{mcpool::cat(
    R"({"name": "echo", "arguments": {"message": ")", message, R"("}})")};
  return out;
}

// [connect]
mcpool::result<void> use(caf::actor_system& system,
                         const mcpool::node::address& at) {
  auto pool = mcpool::node::connect(system, at);
  if (!pool)
    return pool.error();
  auto servers = pool->repository(mcpool::shared_scope());
  if (!servers)
    return servers.error();
  caf::scoped_actor self{system};
  auto answer = mcpool::await(self, *servers, echo("hello from afar"));
  if (!answer)
    return answer.error();
  std::cout << answer->json.view() << '\n';
  auto all = mcpool::await(self, *servers, repository::status{});
  if (!all)
    return all.error();
  for (const auto& x : all->servers)
    std::cout << x.server.value << " is " << mcpool::name_of(x.phase) << '\n';
  return mcpool::await(self, pool->pool(), messages::pool::shutdown{});
}
// [connect]

mcpool::result<void> use_first_line(caf::actor_system& system) {
  std::string line;
  std::getline(std::cin, line);
  auto at = mcpool::engine::parse_node_address(line);
  return at ? use(system, *at) : at.error();
}

} // namespace

int main(int argc, char** argv) {
  auto role = std::string_view{argc < 2 ? "" : argv[1]};
  if (!(role == "serve" && argc == 3) && !(role == "use" && argc == 2)) {
    std::cerr << "Usage: remote_client serve CONFIG | remote_client use\n";
    return 64;
  }
  mcpool::actors::system_config config{0, mcpool::actors::reach::with_node};
  caf::actor_system system{config};
  auto done = role == "serve" ? serve(system, argv[2]) : use_first_line(system);
  if (done)
    return 0;
  std::cerr << to_string(done.error()) << '\n';
  return 1;
}
