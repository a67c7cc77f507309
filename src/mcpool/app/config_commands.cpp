// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/config/dump.hpp>
#include <mcpool/config/finding.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/protocol/json_view.hpp>

namespace mcpool::app {

namespace {

struct check_view {
  bool valid = false;
  std::vector<config::finding> findings;
};

BOOST_DESCRIBE_STRUCT(check_view, (), (valid, findings))

std::string counted(std::size_t n, std::string_view noun) {
  return cat(n, " ", noun, n == 1 ? "" : "s");
}

} // namespace

int run(const commands::config_check&, const command_line& line,
        const settings& found) {
  const auto& x = found.outcome;
  if (line.json)
    print_line(protocol::to_json_text(check_view{bool{x}, x.findings}));
  else if (x)
    print_line(cat("valid: ", counted(x.value->servers.size(), "server"),
                   " in ", counted(found.files.size(), "file")));
  if (x)
    return exit_code::ok;
  for (const auto& one : x.findings)
    complain(to_string(one));
  return exit_code::bad_config;
}

int run(const commands::config_dump&, const command_line&,
        const settings& found) {
  auto text = config::dump(*found.outcome.value);
  text.erase(text.find_last_not_of('\n') + 1);
  print_line(text);
  return exit_code::ok;
}

} // namespace mcpool::app
