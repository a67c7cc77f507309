// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/registry.hpp>

#include <mcpool/actors/bounded_count.hpp>
#include <mcpool/config/changes.hpp>
#include <mcpool/config/check_server.hpp>
#include <mcpool/config/finding.hpp>
#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/engine/ask.hpp>

#include <string>
#include <utility>

namespace mcpool::actors {

using namespace messages::registry;
using messages::config_listener::config_changed;
using messages::config_listener::config_removed;

namespace {

using config::server_config;
using config::transport_kind;

result<void> check(const server_config& x) {
  if (x.name.value.empty())
    return make_refusal(errc::invalid_config, "a server needs a name");
  auto is_stdio = x.transport == transport_kind::stdio;
  if (is_stdio && x.command.empty())
    return make_refusal(errc::invalid_config,
                        cat("server '", x.name, "' needs a command"));
  if (!is_stdio && x.url.empty())
    return make_refusal(errc::invalid_config,
                        cat("server '", x.name, "' needs a url"));
  return config::check_server(x);
}

// Only the servers of a document matter here.
config::document as_document(std::map<server_name, server_config> servers) {
  config::document out;
  out.servers = std::move(servers);
  return out;
}

config_view view_of(const std::map<server_name, server_config>& servers) {
  config_view out;
  out.servers.reserve(servers.size());
  for (const auto& [server, x] : servers)
    out.servers.push_back(x);
  return out;
}

} // namespace

registry::registry(handle::pointer self, config::document files,
                   std::shared_ptr<config_source> source,
                   registry_limits limits)
  : self_(self),
    watches_(self),
    source_(std::move(source)),
    limits_(limits) {
  files_ = std::move(files);
  apply();
}

registry::~registry() {
  auto why = make_refusal(errc::shutting_down, "the service is ending");
  for (auto* waiters : {&reload_waiters_, &next_reload_waiters_})
    for (auto& x : *waiters)
      x.fail(why);
}

registry::handle::behavior_type registry::make_behavior() {
  if (source_)
    source_->start([me = caf::actor_cast<caf::actor_addr>(self_)](
                     config_source::outcome x, read_cause cause) {
      if (auto to = caf::actor_cast<caf::actor>(me))
        engine::post(to, config_loaded{std::move(x), cause});
    });
  return {
    [this](const find_config& x) { return on_find_config(x); },
    [this](const all_configs&) { return on_all_configs(); },
    [this](put_config& x) { return on_put_config(x); },
    [this](const erase_config& x) { return on_erase_config(x); },
    [this](const subscribe& x) { return on_subscribe(x); },
    [this](reload) { return on_reload(); },
    [this](const config_loaded& x) { on_config_loaded(x); },
  };
}

// -- message handlers ---------------------------------------------------------

caf::result<server_config>
registry::on_find_config(const find_config& x) const {
  auto pos = effective_.find(x.server);
  if (pos != effective_.end())
    return pos->second;
  std::vector<std::string_view> known;
  for (const auto& [server, config] : effective_)
    known.push_back(server.value);
  auto text = cat("no server '", x.server, "' is configured");
  if (auto meant = config::near_miss(x.server.value, known))
    text += cat("; did you mean '", *meant, "'?");
  return engine::to_error(make_refusal(errc::not_configured, std::move(text)));
}

config_view registry::on_all_configs() const {
  return view_of(effective_);
}

caf::result<void> registry::on_put_config(put_config& x) {
  if (auto ok = check(x.config); !ok)
    return engine::to_error(ok.error());
  if (overrides_.size() >= limits_.servers
      && overrides_.count(x.config.name) == 0)
    return engine::to_error(too_many("the application put too many servers",
                                     overrides_.size(), limits_.servers));
  x.config.fingerprint = config::fingerprint_of(x.config);
  overrides_[x.config.name] = std::move(x.config);
  apply();
  return caf::unit;
}

caf::result<void> registry::on_erase_config(const erase_config& x) {
  if (overrides_.erase(x.server) == 0)
    return engine::to_error(
      make_refusal(errc::not_configured,
                   cat("the application put no server '", x.server, "'")));
  apply();
  return caf::unit;
}

caf::result<config_view> registry::on_subscribe(const subscribe& x) {
  if (!x.listener)
    return view_of(effective_);
  auto keeps_alive = x.kind == subscription::keeps_alive;
  auto address = x.listener.address();
  if (keeps_alive && !is_kept(address) && kept_listeners_ >= limits_.listeners)
    return engine::to_error(too_many("too many listen to the configuration",
                                     kept_listeners_, limits_.listeners));
  forget_listener(address);
  kept_listeners_ += keeps_alive;
  listeners_[address] = keeps_alive ? x.listener : config_listener_actor{};
  watches_.watch(x.listener, [this, address](const caf::error&) {
    forget_listener(address);
  });
  return view_of(effective_);
}

bool registry::is_kept(const caf::actor_addr& who) const {
  auto pos = listeners_.find(who);
  return pos != listeners_.end() && pos->second;
}

void registry::forget_listener(const caf::actor_addr& who) {
  auto pos = listeners_.find(who);
  if (pos == listeners_.end())
    return;
  kept_listeners_ -= static_cast<bool>(pos->second);
  listeners_.erase(pos);
}

caf::result<void> registry::on_reload() {
  if (!source_)
    return caf::unit;
  if (next_reload_waiters_.size() >= limits_.reloads)
    return engine::to_error(
      too_many("too many wait for the configuration to be read again",
               next_reload_waiters_.size(), limits_.reloads));
  next_reload_waiters_.emplace_back(self_);
  auto out = next_reload_waiters_.back().result();
  if (reload_waiters_.empty())
    begin_reload();
  return out;
}

void registry::on_config_loaded(const config_loaded& x) {
  if (!*x.outcome) {
    auto why = config::refusal_of(x.outcome->findings);
    log::registry::error("config-invalid",
                         "REGISTRY keeps the old configuration, the new one "
                         "cannot be used:\n",
                         why.text);
    if (x.cause == read_cause::reload)
      settle_reload(why);
    return;
  }
  use_files(*x.outcome->value);
  if (x.cause == read_cause::reload)
    settle_reload({});
}

// -- helpers ------------------------------------------------------------------

void registry::use_files(const config::document& next) {
  if (config::changes_between(files_, next).pool_changed)
    log::registry::warning("pool-changed",
                           "REGISTRY keeps the old \"pool\" settings; changes "
                           "of them need a restart");
  files_.servers = next.servers;
  apply();
}

registry::config_map registry::merged() const {
  auto out = files_.servers;
  for (const auto& [server, x] : overrides_)
    out[server] = x;
  return out;
}

// Makes what the tiers say the state in force, and tells what changed.
void registry::apply() {
  auto before = as_document(effective_);
  auto after = as_document(merged());
  auto changes = config::changes_between(before, after);
  for (const auto& server : changes.removed) {
    effective_.erase(server);
    log::registry::info("config-removed", "REGISTRY has no server ", server,
                        " any more");
    publish(config_removed{server, ++last_revision_});
  }
  for (const auto& server : changes.changed) {
    auto& x = effective_[server];
    x = after.servers.at(server);
    x.revision = ++last_revision_;
    log::registry::debug("config-changed", "REGISTRY has revision ", x.revision,
                         " of ", server);
    publish(config_changed{x});
  }
}

template <class Event>
void registry::publish(const Event& x) {
  for (const auto& [address, kept] : listeners_)
    if (auto to = caf::actor_cast<config_listener_actor>(address))
      engine::tell(self_, to, x);
}

// One at a time, however many ask.
void registry::begin_reload() {
  reload_waiters_ = std::exchange(next_reload_waiters_, {});
  source_->reload();
}

void registry::settle_reload(const result<void>& x) {
  for (auto& waiter : std::exchange(reload_waiters_, {}))
    if (x)
      waiter.ok();
    else
      waiter.fail(x.error());
  if (!next_reload_waiters_.empty())
    begin_reload();
}

} // namespace mcpool::actors
