// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/session.hpp>

#include <mcpool/app/exit_code.hpp>
#include <mcpool/engine/ask.hpp>

namespace mcpool::app {

namespace {

actors::service_options options_of(settings found) {
  actors::service_options out;
  if (auto& config = found.outcome.value)
    out.config = std::move(*config);
  out.files = std::move(found.files);
  out.environment = std::move(found.environment);
  out.eager = actors::eager_start::off;
  return out;
}

} // namespace

session::session(const command_line& line, settings found, signals& from_shell)
  : line_(line),
    signals_(from_shell),
    config_(found.outcome.value->pool.threads),
    system_(config_) {
  service_.emplace(system_, options_of(std::move(found)));
  listener_.emplace(
    signals_, [this] { stop(); }, [] {});
}

session::session(const command_line& line, signals& from_shell)
  : line_(line),
    signals_(from_shell),
    config_(0, actors::reach::with_node),
    system_(config_) {}

result<void> session::connect() {
  auto found = node::connect(system_, *line_.node);
  if (!found)
    return found.error();
  remote_.emplace(std::move(*found));
  listener_.emplace(
    signals_, [this] { stop(); }, [] {});
  return {};
}

// Called on the thread of the signals.
void session::stop() {
  if (service_)
    engine::post(service_->pool(), messages::pool::shutdown{service_->in({})});
  else
    remote_->close();
  stop_.set_value();
}

const pool_actor& session::pool() const {
  return service_ ? service_->pool() : remote_->pool();
}

result<repository_actor> session::repository() {
  return service_ ? service_->repository(line_.owner)
                  : remote_->repository(line_.owner);
}

time_point session::now() const {
  return service_ ? service_->now() : remote_->now();
}

deadline session::until() const {
  return line_.timeout ? deadline{now() + *line_.timeout} : deadline{};
}

bool session::stopped_within(duration limit) const {
  return stopped_.wait_for(limit) == std::future_status::ready;
}

int session::fail(const refusal& why, format how) const {
  if (!signals_.stopped())
    return print_refusal(why, how);
  complain("interrupted");
  return exit_code::interrupted;
}

} // namespace mcpool::app
