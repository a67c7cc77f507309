// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A project of somebody else that found mcpool with find_package(): it runs a
// pool with one server, greets through it and leaves nothing behind.

#include <mcpool/mcpool.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <iostream>
#include <utility>

namespace {

namespace repository = mcpool::messages::repository;

mcpool::result<void> greet(caf::scoped_actor& self,
                           const mcpool::repository_actor& servers) {
  auto found = mcpool::await(self, servers, repository::get{{"greeter"}, {}});
  if (!found)
    return found.error();
  repository::call hello;
  hello.server = {"greeter"};
  hello.method = "tools/call";
  hello.params = mcpool::shared_text{R"({"name": "greet"})"};
  auto answer = mcpool::await(self, servers, std::move(hello));
  if (!answer)
    return answer.error();
  std::cout << answer->json.view() << '\n';
  return mcpool::await(self, servers, repository::disconnect{{"greeter"}});
}

mcpool::result<void> run(caf::actor_system& system, const char* file) {
  auto options = mcpool::actors::load_options({file});
  if (!options)
    return options.error();
  mcpool::actors::service pool{system, std::move(*options)};
  auto servers = pool.repository(mcpool::shared_scope());
  if (!servers)
    return servers.error();
  caf::scoped_actor self{system};
  return greet(self, *servers);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: consumer CONFIG\n";
    return 64;
  }
  mcpool::actors::system_config config;
  caf::actor_system system{config};
  auto done = run(system, argv[1]);
  if (!done)
    std::cerr << to_string(done.error()) << '\n';
  return done ? 0 : 1;
}
