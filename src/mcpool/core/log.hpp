// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/cat.hpp>
#include <mcpool/core/result.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace mcpool {
inline namespace core {

/// The log of the service: `log::repository::info("event-id", "sentence")`.
///
/// `error`: someone must act. `warning`: degraded and recovering. `info`: what
/// an operator understands without the source. `debug`: decisions. Sentences
/// have the actor as their subject and carry ids and sizes, never payloads or
/// tokens. Every function here may be called from any thread.
namespace log {

/// How urgent a line is.
enum class level : std::uint8_t { debug, info, warning, error, off };

/// Reads the name of a level; fails with `invalid_request` and the valid names.
result<level> parse_level(std::string_view name);

/// Lines below `least` are dropped. The default is `warning`.
void set_level(level least) noexcept;

/// Tells whether a line of this level would be written.
bool enabled(level x) noexcept;

/// Receives each line instead of standard error, for tests and for embedding
/// applications. An empty function restores standard error.
using sink = std::function<void(level, std::string_view component,
                                std::string_view event, std::string_view text)>;

/// Replaces the place that lines go to.
void set_sink(sink target);

/// Writes one line: time, level, component, event, text.
void write(level x, std::string_view component, std::string_view event,
           std::string_view text);

/// The four functions of a component that logs.
template <class Component>
struct component {
  template <class... Ts>
  static void debug(std::string_view event, const Ts&... parts) {
    line(level::debug, event, parts...);
  }

  template <class... Ts>
  static void info(std::string_view event, const Ts&... parts) {
    line(level::info, event, parts...);
  }

  template <class... Ts>
  static void warning(std::string_view event, const Ts&... parts) {
    line(level::warning, event, parts...);
  }

  template <class... Ts>
  static void error(std::string_view event, const Ts&... parts) {
    line(level::error, event, parts...);
  }

  template <class... Ts>
  static void line(level x, std::string_view event, const Ts&... parts) {
    if (enabled(x))
      write(x, Component::name, event, cat(parts...));
  }
};

struct pool : component<pool> {
  static constexpr std::string_view name = "pool";
};

struct registry : component<registry> {
  static constexpr std::string_view name = "registry";
};

struct throttle : component<throttle> {
  static constexpr std::string_view name = "throttle";
};

struct repository : component<repository> {
  static constexpr std::string_view name = "repository";
};

struct connection : component<connection> {
  static constexpr std::string_view name = "connection";
};

struct transport : component<transport> {
  static constexpr std::string_view name = "transport";
};

/// What servers write to their standard error, and their log notifications.
struct server : component<server> {
  static constexpr std::string_view name = "server";
};

struct engine : component<engine> {
  static constexpr std::string_view name = "engine";
};

} // namespace log

} // namespace core
} // namespace mcpool
