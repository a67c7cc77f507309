// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/node.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/engine/generation.hpp>
#include <mcpool/engine/node_probe.hpp>
#include <mcpool/engine/node_watch.hpp>
#include <mcpool/engine/timer_wheel.hpp>

#include <caf/exit_reason.hpp>
#include <caf/io/basp/version.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>
#include <caf/timespan.hpp>
#if MCPOOL_CAF1
#include <caf/io/middleman_actor.hpp>
#endif

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

namespace mcpool::engine {

// -- addresses ----------------------------------------------------------------

namespace {

refusal bad_address(std::string_view text) {
  return make_refusal(errc::invalid_request,
                      cat("'", text,
                          "' is no address; write HOST:PORT, for "
                          "example 127.0.0.1:7000"));
}

// Without brackets; nothing if they do not match.
std::optional<std::string_view> host_in(std::string_view text) {
  auto is_bracketed = !text.empty() && text.front() == '[';
  if (!is_bracketed)
    return text.find(':') == text.npos ? std::optional{text} : std::nullopt;
  if (text.size() < 3 || text.back() != ']')
    return std::nullopt;
  return text.substr(1, text.size() - 2);
}

} // namespace

result<node_address> parse_node_address(std::string_view text) {
  node_address out;
  auto colon = text.rfind(':');
  auto port = colon == text.npos ? text : text.substr(colon + 1);
  auto [end, code]
    = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (code != std::errc{} || end != port.data() + port.size())
    return bad_address(text);
  if (colon == text.npos || colon == 0)
    return out;
  auto host = host_in(text.substr(0, colon));
  if (!host)
    return bad_address(text);
  out.host = *host;
  return out;
}

std::string to_string(const node_address& x) {
  if (x.host.find(':') != std::string::npos)
    return cat("[", x.host, "]:", x.port);
  return cat(x.host, ":", x.port);
}

bool is_loopback(const node_address& x) {
  return x.host == "localhost" || x.host == "::1"
         || x.host.rfind("127.", 0) == 0;
}

// -- configuration ------------------------------------------------------------

namespace {

refusal no_node() {
  return make_refusal(errc::invalid_request,
                      "this actor system has no node; call "
                      "mcpool::node::load in its configuration");
}

// CAF's own limit is not used; see `node_watch`. Zero would mean none in 0.17
// and at once in 1.x.
constexpr duration longest_silence = std::chrono::hours{100 * 365 * 24};

void set_time(caf::actor_system_config& cfg, std::string_view name,
              duration x) {
  auto prefix = MCPOOL_CAF1 ? "caf." : "";
  cfg.set(cat(prefix, name), caf::timespan{x});
}

} // namespace

void init_node_types() {
#if MCPOOL_CAF1
  caf::io::middleman::init_global_meta_objects();
#endif
}

void load_node(caf::actor_system_config& cfg) {
  cfg.load<caf::io::middleman>();
  set_time(cfg, "middleman.heartbeat-interval", heartbeat_interval);
  set_time(cfg, "middleman.connection-timeout", longest_silence);
}

// -- publish ------------------------------------------------------------------

result<std::uint16_t> publish(caf::actor_system& system, const caf::actor& x,
                              const node_address& at) {
  if (!system.has_middleman())
    return no_node();
  watch_connections(system);
  auto port = system.middleman().publish(x, at.port, at.host.c_str(), true);
  if (port)
    return *port;
  return make_refusal(errc::connect_failed,
                      cat("cannot listen on ", to_string(at),
                          ": the port is taken or not allowed, or the address "
                          "is none of this machine"));
}

void unpublish(caf::actor_system& system, const caf::actor& x,
               std::uint16_t port) {
  if (system.has_middleman())
    system.middleman().unpublish(x, port);
}

// -- connect ------------------------------------------------------------------

namespace {

refusal other_generation(const node_address& to, std::uint64_t theirs) {
  return make_refusal(
    errc::unsupported_version,
    cat("the service at ", to_string(to),
        " is built with another generation of CAF (its protocol has version ",
        theirs, ", ours ", caf::io::basp::version,
        "); both sides must be the same build of mcpool"));
}

refusal connect_failure(const node_address& to, const caf::error& why) {
  auto is_late = to_refusal(why).code == errc::call_timed_out
                 || why == caf::make_error(caf::sec::connection_timeout);
  return make_refusal(is_late ? errc::connect_timeout : errc::connect_failed,
                      cat("cannot connect to mcpool at ", to_string(to),
                          is_late ? ": it does not answer"
                                  : ": it ended the connection, or is no "
                                    "service of this build of mcpool"));
}

result<caf::actor> connect_caf(caf::actor_system& system,
                               const node_address& to, duration limit) {
  result<caf::actor> out = caf::actor{};
  caf::scoped_actor self{system};
  auto middleman = system.middleman().actor_handle();
  auto ok
    = [&](caf::node_id&, caf::strong_actor_ptr& x, std::set<std::string>&) {
        if (x)
          out = caf::actor_cast<caf::actor>(x);
        else
          out = make_refusal(errc::connect_failed,
                             cat("the node at ", to_string(to),
                                 " does not publish a service of mcpool"));
      };
  auto fail = [&](caf::error& why) { out = connect_failure(to, why); };
#if MCPOOL_CAF1
  self->mail(caf::connect_atom_v, to.host, to.port)
    .request(middleman, caf::timespan{limit})
    .receive(ok, fail);
#else
  self
    ->request(middleman, caf::duration{limit}, caf::connect_atom::value,
              to.host, to.port)
    .receive(ok, fail);
#endif
  return out;
}

} // namespace

result<caf::actor> connect(caf::actor_system& system, const node_address& to,
                           duration limit) {
  if (!system.has_middleman())
    return no_node();
  auto end = now() + limit;
  auto version = probe_node(to, limit);
  if (!version)
    return version.error();
  if (*version != caf::io::basp::version)
    return other_generation(to, *version);
  watch_connections(system);
  return connect_caf(system, to,
                     std::max<duration>(end - now(), duration::zero()));
}

bool is_node_lost(const caf::error& why) {
  return why == caf::make_error(caf::exit_reason::remote_link_unreachable);
}

} // namespace mcpool::engine
