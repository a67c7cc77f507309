// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/load.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/iface.hpp>

namespace mcpool::bench {

record raw_ping_loop(const options& o);

namespace {

using bare_actor = engine::iface<engine::fns<engine::fn<bool(repo::has)>>>;

/// A request that costs an actor next to nothing, with the smallest answer.
struct bare_request {
  bare_actor to;

  template <class Self, class Done>
  void operator()(Self* self, Done done) const {
    engine::ask(self, to, repo::has{})
      .then([done](bool ok) mutable { done(ok); },
            [done](const caf::error&) mutable { done(false); });
  }
};

/// Answers, and that is all. A class, because CAF 0.17 dereferences a null
/// pointer for a function without arguments.
class bare : public bare_actor::base {
public:
  using bare_actor::base::base;

  bare_actor::behavior_type make_behavior() override {
    return {[](const repo::has&) { return true; }};
  }
};

} // namespace

record raw_warm_get(const options& o) {
  if (o.number("ttl", 60000) == 0)
    return raw_ping_loop(o);
  actors::system_config config{
    static_cast<std::uint32_t>(o.number("threads", 0))};
  caf::actor_system system{config};
  load_plan plan{o};
  bare_actor to = system.spawn<bare>();
  record out;
  add_load(out, plan, measure(system, plan, bare_request{to}));
  return out;
}

} // namespace mcpool::bench
