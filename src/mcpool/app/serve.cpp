// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/ask.hpp>

#include <future>

namespace mcpool::app {

namespace {

// Reads the files again; what comes of it is in the log.
void reload(const registry_actor& registry) {
  engine::post(registry, messages::registry::reload{});
}

} // namespace

int serve(const command_line& line, settings found, signals& from_shell) {
  auto drain = found.outcome.value->pool.drain_timeout;
  auto servers = found.outcome.value->servers.size();
  actors::system_config config{found.outcome.value->pool.threads};
  caf::actor_system system{config};
  actors::service_options options;
  options.config = std::move(*found.outcome.value);
  options.files = std::move(found.files);
  options.environment = std::move(found.environment);
  actors::service service{system, std::move(options)};
  caf::scoped_actor self{system};
  auto registry = engine::await<registry_actor>(
    self, service.pool(), messages::pool::find_registry{});
  if (!registry)
    return print_refusal(registry.error(),
                         line.json ? format::json : format::text);
  std::promise<void> stop;
  from_shell.listen([&stop] { stop.set_value(); },
                    [to = *registry] { reload(to); });
  log::pool::info("serving", "POOL serves ", servers, " servers");
  stop.get_future().wait();
  log::pool::info("stopping", "POOL ends; running calls may go on for ",
                  format_duration(drain));
  service.shutdown(service.in(drain));
  return exit_code::ok;
}

} // namespace mcpool::app
