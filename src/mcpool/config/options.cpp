// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/options.hpp>

namespace mcpool::config {

namespace {

constexpr auto connection = purpose::connection;
constexpr auto limit = purpose::limit;
constexpr auto annotation = purpose::annotation;

constexpr std::uint64_t kilobyte = 1000;
constexpr std::uint64_t gibibyte = 1ull << 30;

// Follows pointers to members, one after the other.
template <auto... Path, class Owner>
auto& at(Owner& x) {
  return (x.*....*Path);
}

using server = server_config;

std::vector<option<server>> make_server_options() {
  using transports = choice_field<server, transport_kind>;
  using replacements = choice_field<server, replacement_mode>;
  using text = text_field<server>;
  using texts = texts_field<server>;
  using secrets = secrets_field<server>;
  using flag = flag_field<server>;
  using startup = startup_field<server>;
  using count = count_field<server>;
  using bytes = bytes_field<server>;
  using time = duration_field<server>;
  return {
    {"type", transports{at<&server::transport>,
                        {{"stdio", transport_kind::stdio},
                         {"streamable-http", transport_kind::streamable_http},
                         {"streamable_http", transport_kind::streamable_http},
                         {"http", transport_kind::streamable_http}}}},
    {"title", text{at<&server::title>}, annotation},
    {"description", text{at<&server::description>}, annotation},
    {"command", text{at<&server::command>, text_role::command}, connection,
     fit::stdio},
    {"args", texts{at<&server::args>}, connection, fit::stdio},
    {"env", secrets{at<&server::env>, secrets_role::variables}, connection,
     fit::stdio},
    {"cwd", text{at<&server::cwd>, text_role::directory}, connection,
     fit::stdio},
    {"url", text{at<&server::url>, text_role::url}, connection, fit::http},
    {"headers", secrets{at<&server::headers>, secrets_role::headers},
     connection, fit::http},
    {"startup", startup{at<&server::startup>}, annotation},
    {"requiresOAuth", flag{at<&server::requires_oauth>}},
    {"replacement",
     replacements{at<&server::replacement>,
                  {{"overlap", replacement_mode::overlap},
                   {"stop_first", replacement_mode::stop_first}}}},
    {"keepAlive", flag{at<&server::keep_alive>}, annotation},
    {"timeout", time{at<&server::timeout>, 1ms, 24h}, limit},
    {"initTimeout", time{at<&server::init_timeout>, 1ms, 1h}, limit},
    {"connectTimeout", time{at<&server::connect_timeout>, 1ms, 10min}, limit,
     fit::http},
    {"streamIdleTimeout", time{at<&server::stream_idle_timeout>, 1s, 24h},
     limit, fit::http, "sseReadTimeout"},
    {"closeTimeout", time{at<&server::close_timeout>, 1ms, 5min}, limit},
    {"idleTimeout", time{at<&server::idle_timeout>, 0ms, 7 * 24h}, limit},
    {"maxLifetime", time{at<&server::max_lifetime>, 0ms, 30 * 24h}, limit},
    {"maxInFlight", count{at<&server::max_in_flight>, 1, 65'536}, limit},
    {"maxMessageBytes",
     bytes{at<&server::max_message_bytes>, kilobyte, gibibyte}, limit},
    {"list.maxPages", count{at<&server::list, &list_limits::pages>, 1, 10'000},
     limit},
    {"list.maxItems",
     count{at<&server::list, &list_limits::items>, 1, 1'000'000}, limit},
    {"list.maxBytes",
     bytes{at<&server::list, &list_limits::bytes>, kilobyte, gibibyte}, limit},
    {"list.timeout", time{at<&server::list, &list_limits::time>, 1ms, 1h},
     limit},
  };
}

using pool = pool_config;
using throttle = throttle_config;
using cooldown = cooldown_config;

std::vector<option<pool>> make_pool_options() {
  using count = count_field<pool>;
  using time = duration_field<pool>;
  return {
    {"throttle.maxStarting",
     count{at<&pool::throttle, &throttle::max_starting>, 1, 100'000}},
    {"throttle.maxStartingPerOwner",
     count{at<&pool::throttle, &throttle::max_starting_per_owner>, 1, 100'000}},
    {"throttle.maxWaiting",
     count{at<&pool::throttle, &throttle::max_waiting>, 1, 10'000'000}},
    {"maxAttempts", count{at<&pool::max_attempts>, 1, 10}},
    {"cooldown.base", time{at<&pool::cooldown, &cooldown::base>, 1ms, 1h}},
    {"cooldown.max", time{at<&pool::cooldown, &cooldown::max>, 1ms, 24h}},
    {"cooldown.resetAfter",
     time{at<&pool::cooldown, &cooldown::reset_after>, 0ms, 24h}},
    {"threads", count{at<&pool::threads>, 0, 256}},
    {"drainTimeout", time{at<&pool::drain_timeout>, 1ms, 1h}},
    {"livenessTtl", time{at<&pool::liveness_ttl>, 0ms, 24h}},
    {"pingTimeout", time{at<&pool::ping_timeout>, 1ms, 10min}},
    {"maxCallsPerConnection",
     count{at<&pool::max_calls_per_connection>, 1, 1'000'000}},
    {"maxWaitingCallers", count{at<&pool::max_waiting_callers>, 1, 10'000'000}},
    {"scopeIdleTimeout", time{at<&pool::scope_idle_timeout>, 0ms, 7 * 24h}},
    {"maxScopes", count{at<&pool::max_scopes>, 1, 10'000'000}},
  };
}

} // namespace

bool suits(fit x, transport_kind transport) noexcept {
  switch (x) {
    case fit::stdio: return transport == transport_kind::stdio;
    case fit::http: return transport == transport_kind::streamable_http;
    default: return true;
  }
}

const std::vector<option<server_config>>& server_options() {
  static const auto table = make_server_options();
  return table;
}

const std::vector<option<pool_config>>& pool_options() {
  static const auto table = make_pool_options();
  return table;
}

} // namespace mcpool::config
