// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Many callers in a process of their own, which wait to be killed:
//
//   mcpool-crowd HOST:PORT CALLERS
//
// Each calls the tool `sleep` of the server `it` for a minute.

#include <mcpool/mcpool.hpp>
#include <mcpool/system/caller.hpp>

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <thread>

namespace {

using namespace mcpool;
namespace repo = messages::repository;

repo::call sleep_call() {
  repo::call out;
  out.server = {"it"};
  out.method = "tools/call";
  out.params = shared_text{R"({"name":"sleep","arguments":{"ms":60000}})"};
  return out;
}

result<void> crowd(caf::actor_system& system, const char* address,
                   int callers) {
  auto at = engine::parse_node_address(address);
  if (!at)
    return at.error();
  auto pool = node::connect(system, *at);
  if (!pool)
    return pool.error();
  auto servers = pool->repository(shared_scope());
  if (!servers)
    return servers.error();
  auto count = std::make_shared<system::tally>();
  using one = system::caller<messages::connection::call_result, repo::call>;
  for (int i = 0; i < callers; ++i)
    system.spawn<one>(*servers, sleep_call(), count);
  std::this_thread::sleep_for(std::chrono::minutes{1});
  return {};
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "Usage: mcpool-crowd HOST:PORT CALLERS\n";
    return 64;
  }
  actors::system_config config{2, actors::reach::with_node};
  caf::actor_system system{config};
  auto done = crowd(system, argv[1], std::atoi(argv[2]));
  std::cerr << (done ? "nobody killed us" : to_string(done.error())) << '\n';
  std::_Exit(1);
}
