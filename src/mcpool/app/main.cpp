// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/command_line.hpp>
#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/app/output.hpp>
#include <mcpool/app/session.hpp>
#include <mcpool/app/settings.hpp>
#include <mcpool/app/signals.hpp>
#include <mcpool/config/finding.hpp>

#include <cstdio>
#include <exception>
#include <type_traits>

namespace mcpool::app {

namespace {

int bad_configuration(const settings& found) {
  for (const auto& x : found.outcome.findings)
    complain(to_string(x));
  return exit_code::bad_config;
}

template <class Command>
int run_with(const Command& x, const command_line& line, settings found,
             signals& from_shell) {
  using namespace commands;
  if constexpr (std::is_same_v<Command, config_check>) {
    return run(x, line, found);
  } else {
    if (!found.outcome)
      return bad_configuration(found);
    if constexpr (std::is_same_v<Command, config_dump>) {
      return run(x, line, found);
    } else if constexpr (std::is_same_v<Command, commands::serve>) {
      return app::serve(line, std::move(found), from_shell);
    } else {
      session s{line, std::move(found), from_shell, actors::eager_start::off};
      return run(x, s);
    }
  }
}

int run_command(const command_line& line) {
  signals from_shell;
  auto found = load_settings(line);
  auto is_serve = std::holds_alternative<commands::serve>(line.what);
  auto fallback = is_serve ? log::level::info : log::level::warning;
  if (auto ok = set_log_level(line, found.environment, fallback); !ok) {
    complain(ok.error().text);
    return exit_code::bad_usage;
  }
  return std::visit(
    [&](const auto& x) {
      return run_with(x, line, std::move(found), from_shell);
    },
    line.what);
}

int run_program(int argc, char** argv) {
  auto parsed = parse_command_line(argc, argv);
  if (auto* end = std::get_if<parse_end>(&parsed)) {
    std::fputs(end->text.c_str(), end->exit_code == 0 ? stdout : stderr);
    return end->exit_code;
  }
  return run_command(std::get<command_line>(parsed));
}

} // namespace

} // namespace mcpool::app

int main(int argc, char** argv) {
  try {
    return mcpool::app::run_program(argc, argv);
  } catch (const std::exception& why) {
    mcpool::app::complain(why.what());
    return mcpool::app::exit_code::refused;
  }
}
