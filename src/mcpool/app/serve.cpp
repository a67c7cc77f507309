// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/node.hpp>

#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace mcpool::app {

namespace {

// Reads the files again; what comes of it is in the log.
void reload(const registry_actor& registry) {
  engine::post(registry, messages::registry::reload{});
}

/// What `serve` waits for: a signal, or the end of the POOL, which another
/// process may end.
class stop_event {
public:
  /// From any thread, any number of times.
  void set() {
    std::call_once(once_, [this] { promise_.set_value(); });
  }

  void wait() { promise_.get_future().wait(); }

private:
  std::once_flag once_;
  std::promise<void> promise_;
};

// Lets other processes in, if that is wanted.
result<void> listen(const commands::serve& x, caf::actor_system& system,
                    const pool_actor& pool,
                    std::optional<node::publication>& out) {
  if (!x.listen)
    return {};
  auto done = node::publish(system, pool, *x.listen);
  if (!done)
    return done.error();
  out.emplace(std::move(*done));
  print_line(cat("listening on ", to_string(out->at())));
  return {};
}

} // namespace

int serve(const commands::serve& x, const command_line& line, settings found,
          signals& from_shell) {
  auto how = line.json ? format::json : format::text;
  auto drain = found.outcome.value->pool.drain_timeout;
  auto servers = found.outcome.value->servers.size();
  actors::system_config config{found.outcome.value->pool.threads,
                               x.listen ? actors::reach::with_node
                                        : actors::reach::local};
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
    return print_refusal(registry.error(), how);
  auto stop = std::make_shared<stop_event>();
  // Ends before the actor system, which the handler of SIGHUP needs.
  signals::listener from_user{from_shell, [stop] { stop->set(); },
                              [to = *registry] { reload(to); }};
  service.pool()->attach_functor([stop] { stop->set(); });
  std::optional<node::publication> door;
  if (auto ok = listen(x, system, service.pool(), door); !ok)
    return print_refusal(ok.error(), how);
  log::pool::info("serving", "POOL serves ", servers, " servers");
  stop->wait();
  log::pool::info("stopping", "POOL ends; running calls may go on for ",
                  format_duration(drain));
  door.reset();
  service.shutdown(service.in(drain));
  return exit_code::ok;
}

} // namespace mcpool::app
