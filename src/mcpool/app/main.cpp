// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/command_line.hpp>
#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/app/output.hpp>
#include <mcpool/app/session.hpp>
#include <mcpool/app/settings.hpp>
#include <mcpool/app/signals.hpp>
#include <mcpool/config/environment.hpp>
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

// The commands that a service can carry out as well.
template <class Command>
inline constexpr bool uses_pool
  = !std::is_same_v<
      Command,
      commands::
        serve> && !std::is_same_v<Command, commands::config_check> && !std::is_same_v<Command, commands::config_dump>;

// Asks a service; no configuration is needed here.
template <class Command>
int run_remote(const Command& x, const command_line& line,
               signals& from_shell) {
  session s{line, from_shell};
  if (auto ok = s.connect(); !ok)
    return s.fail(ok.error());
  return run(x, s);
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
      return app::serve(x, line, std::move(found), from_shell);
    } else {
      session s{line, std::move(found), from_shell};
      return run(x, s);
    }
  }
}

int run_command(const command_line& line) {
  signals from_shell;
  auto is_serve = std::holds_alternative<commands::serve>(line.what);
  auto fallback = is_serve ? log::level::info : log::level::warning;
  auto env = config::process_environment();
  if (auto ok = set_log_level(line, env, fallback); !ok) {
    complain(ok.error().text);
    return exit_code::bad_usage;
  }
  return std::visit(
    [&](const auto& x) {
      if constexpr (uses_pool<std::decay_t<decltype(x)>>)
        if (line.node)
          return run_remote(x, line, from_shell);
      return run_with(x, line, load_settings(line), from_shell);
    },
    line.what);
}

int run_program(int argc, char** argv) {
  auto parsed = parse_command_line(argc, argv);
  if (auto* end = std::get_if<parse_end>(&parsed)) {
    if (end->exit_code == exit_code::ok)
      print_text(end->text);
    else
      std::fputs(end->text.c_str(), stderr);
    return end->exit_code;
  }
  return run_command(std::get<command_line>(parsed));
}

} // namespace

} // namespace mcpool::app

int main(int argc, char** argv) {
  try {
    auto code = mcpool::app::run_program(argc, argv);
    return mcpool::app::code_after_output(code);
  } catch (const std::exception& why) {
    mcpool::app::complain(why.what());
    return mcpool::app::exit_code::refused;
  }
}
