// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/cases.hpp>

#include <mcpool/bench/bench_pool.hpp>
#include <mcpool/bench/load.hpp>
#include <mcpool/engine/ask.hpp>

// The closed loops: one actor keeps `--concurrency` requests open.

namespace mcpool::bench {

namespace {

/// A `get` that must return the connection that is there.
struct get_request {
  repository_actor from;
  connection_actor expected;

  template <class Self, class Done>
  void operator()(Self* self, Done done) const {
    engine::ask(self, from, repo::get{{"s0"}, {}})
      .then(
        [done, this](const repo::connection_ref& x) mutable {
          done(x.connection == expected);
        },
        [done](const caf::error&) mutable { done(false); });
  }
};

/// The same, and a ping.
struct checked_get_request {
  repository_actor from;

  template <class Self, class Done>
  void operator()(Self* self, Done done) const {
    auto fail = [done](const caf::error&) mutable { done(false); };
    engine::ask(self, from, repo::get{{"s0"}, {}})
      .then(
        [self, done, fail](const repo::connection_ref& x) {
          engine::ask(self, x.connection, conn::verify{})
            .then([done](bool alive) mutable { done(alive); }, fail);
        },
        fail);
  }
};

/// A call whose answer must repeat what it says.
struct call_request {
  connection_actor to;
  shared_text params{std::string{echo_params}};

  template <class Self, class Done>
  void operator()(Self* self, Done done) const {
    conn::call x;
    x.method = "tools/call";
    x.params = params;
    engine::ask(self, to, std::move(x))
      .then(
        [done](const conn::call_result& y) mutable {
          done(y.json.view().find(greeting) != std::string_view::npos);
        },
        [done](const caf::error&) mutable { done(false); });
  }
};

record closed_loop_of_calls(const options& o, bench_pool& pool) {
  auto ref = pool.get(pool.owner("u0"), "s0");
  load_plan plan{o};
  record out;
  add_load(out, plan,
           measure(pool.system(), plan, call_request{ref.connection}));
  return out;
}

} // namespace

record warm_get(const options& o) {
  auto ttl = o.number("ttl", 60000);
  auto limits = wide_limits(o);
  limits.liveness_ttl = std::chrono::milliseconds{ttl};
  bench_pool pool{o, limits, http_servers(o, 1)};
  auto owner = pool.owner("u0");
  auto ref = pool.get(owner, "s0");
  load_plan plan{o};
  record out{{"ttl_ms", ttl}};
  if (ttl > 0)
    add_load(out, plan,
             measure(pool.system(), plan, get_request{owner, ref.connection}));
  else
    add_load(out, plan,
             measure(pool.system(), plan, checked_get_request{owner}));
  return out;
}

record call(const options& o) {
  bench_pool pool{o, wide_limits(o), http_servers(o, 1)};
  return closed_loop_of_calls(o, pool);
}

record stdio_call(const options& o) {
  bench_pool pool{o, wide_limits(o), stdio_servers(o, 1)};
  return closed_loop_of_calls(o, pool);
}

} // namespace mcpool::bench
