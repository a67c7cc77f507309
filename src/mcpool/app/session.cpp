// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/session.hpp>

#include <mcpool/app/exit_code.hpp>
#include <mcpool/engine/ask.hpp>

namespace mcpool::app {

namespace {

actors::service_options options_of(settings found, actors::eager_start eager) {
  actors::service_options out;
  if (auto& config = found.outcome.value)
    out.config = std::move(*config);
  out.files = std::move(found.files);
  out.environment = std::move(found.environment);
  out.eager = eager;
  return out;
}

} // namespace

session::session(const command_line& line, settings found, signals& from_shell,
                 actors::eager_start eager)
  : line_(line),
    signals_(from_shell),
    config_(found.outcome.value->pool.threads),
    system_(config_),
    service_(system_, options_of(std::move(found), eager)) {
  auto pool = service_.pool();
  signals_.listen(
    [this, pool] {
      engine::post(pool, messages::pool::shutdown{service_.in({})});
    },
    [] {});
}

deadline session::until() const {
  return line_.timeout ? service_.in(*line_.timeout) : deadline{};
}

int session::fail(const refusal& why, format how) const {
  if (!signals_.stopped())
    return print_refusal(why, how);
  complain("interrupted");
  return exit_code::interrupted;
}

} // namespace mcpool::app
