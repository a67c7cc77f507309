// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/log.hpp>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace mcpool {
inline namespace core {
namespace log {

namespace {

constexpr std::array<std::string_view, 5> names{
  {"debug", "info", "warning", "error", "off"}};

std::atomic<level> least{level::warning};

// The sink changes rarely and is read for every line: swapped as a whole.
std::shared_ptr<const sink> current_sink;

std::shared_ptr<spdlog::logger> make_logger() {
  auto out = std::make_shared<spdlog::logger>(
    "mcpool", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  out->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
  out->set_level(spdlog::level::debug);
  out->flush_on(spdlog::level::debug);
  return out;
}

spdlog::logger& stderr_logger() {
  static auto logger = make_logger();
  return *logger;
}

spdlog::level::level_enum native(level x) {
  switch (x) {
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
    case level::off: break;
  }
  return spdlog::level::off;
}

} // namespace

result<level> parse_level(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<level>(i);
  return make_refusal(errc::invalid_request,
                      cat("'", name,
                          "' is no log level: use debug, info, "
                          "warning, error or off"));
}

void set_level(level x) noexcept {
  least.store(x, std::memory_order_relaxed);
}

bool enabled(level x) noexcept {
  return x >= least.load(std::memory_order_relaxed);
}

void set_sink(sink target) {
  auto next
    = target ? std::make_shared<const sink>(std::move(target)) : nullptr;
  std::atomic_store(&current_sink, std::move(next));
}

void write(level x, std::string_view component, std::string_view event,
           std::string_view text) {
  if (auto target = std::atomic_load(&current_sink))
    return (*target)(x, component, event, text);
  stderr_logger().log(native(x), "{} {}: {}", component, event, text);
}

} // namespace log
} // namespace core
} // namespace mcpool
