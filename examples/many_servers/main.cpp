// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Connects every server of a configuration at once. One that fails costs its
// own row and nobody's time.

#include <mcpool/mcpool.hpp>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace std::chrono_literals;
namespace repository = mcpool::messages::repository;

void print_row(std::string_view server, std::string_view state,
               std::string_view more) {
  std::cout << std::left << std::setw(10) << server << std::setw(18) << state
            << more.substr(0, more.find('\n')) << '\n';
}

void print(const repository::connection_map& x) {
  print_row("SERVER", "STATE", "DETAIL");
  for (const auto& [server, ref] : x.connections)
    print_row(server.value, "ready", "MCP " + ref.protocol_version);
  for (const auto& [server, why] : x.refusals)
    print_row(server.value, name_of(why.code), why.text);
}

repository::get_many everything_in(const mcpool::config::document& config) {
  repository::get_many out;
  for (const auto& [server, ignored] : config.servers)
    out.servers.push_back(server);
  out.servers.push_back({"nowhere"});
  return out;
}

mcpool::result<void> run(caf::actor_system& system,
                         mcpool::actors::service_options options) {
  auto request = everything_in(options.config);
  mcpool::actors::service pool{system, std::move(options)};
  auto servers = pool.repository(mcpool::shared_scope());
  if (!servers)
    return servers.error();
  caf::scoped_actor self{system};
  request.until = pool.in(30s);
  auto found = mcpool::await(self, *servers, std::move(request));
  if (!found)
    return found.error();
  print(*found);
  return mcpool::await(self, *servers, repository::disconnect_all{});
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: many_servers CONFIG\n";
    return 64;
  }
  mcpool::actors::system_config config;
  caf::actor_system system{config};
  auto options = mcpool::actors::load_options({argv[1]});
  auto done = options ? run(system, std::move(*options)) : options.error();
  if (done)
    return 0;
  std::cerr << to_string(done.error()) << '\n';
  return 1;
}
