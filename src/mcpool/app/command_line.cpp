// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/command_line.hpp>

#include <mcpool/app/exit_code.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/version.hpp>

#include <CLI/CLI.hpp>

#include <sstream>
#include <string_view>
#include <utility>

namespace mcpool::app {

namespace {

constexpr auto description
  = "mcpool keeps the connections between owners and the MCP servers they may "
    "use.\nWithout --node each command runs a pool of its own.";

constexpr auto footer
  = "Exit codes: 0 done, 1 \"no\" or an error of the tool, 2 refused, 3 the "
    "configuration\ncannot be used, 64 wrong usage, 130 interrupted, 141 nobody "
    "reads the output.";

// CLI11 converts what it checks; here a text becomes a value or an error.
template <class T, class Parse>
void add_parsed_option(CLI::App& app, const std::string& flag, T& out,
                       const std::string& help, Parse parse) {
  app.add_option_function<std::string>(
    flag,
    [&out, flag, parse](const std::string& text) {
      auto value = parse(text);
      if (!value)
        throw CLI::ValidationError(flag, value.error().text);
      out = *value;
    },
    help);
}

// Where a service is: its port is known.
result<node::address> parse_service(const std::string& text) {
  auto out = engine::parse_node_address(text);
  if (out && out->port == 0)
    return make_refusal(errc::invalid_request, "no service listens at port 0");
  return out;
}

// Everything that CLI11 writes into while it parses.
struct parser {
  command_line out;
  commands::serve serve;
  commands::has has;
  commands::get get;
  commands::tools tools;
  commands::call call;
  commands::request request;
  commands::status status;
  commands::disconnect disconnect;
  commands::config_check check;
  commands::config_dump dump;
  CLI::App app{description, "mcpool"};

  parser();

  void add_global_options();
  CLI::App* add(const char* name, const char* help);
  template <class T>
  void choose(CLI::App* sub, const T& arguments);
  void add_serve();
  void add_status();
  void check_node() const;
  void add_server_commands();
  void add_call_commands();
  void add_config_commands();
};

parser::parser() {
  app.footer(footer);
  app.require_subcommand(1);
  app.allow_extras();
  app.fallthrough();
  add_global_options();
  add_serve();
  add_server_commands();
  add_call_commands();
  add_status();
  add_config_commands();
}

void parser::add_global_options() {
  app.set_version_flag("--version", cat("mcpool ", version));
  app
    .add_option("--config", out.config_files,
                "A configuration file; may be repeated, later ones win "
                "(default: $MCPOOL_CONFIG, ./mcpool.json, "
                "/etc/mcpool/mcpool.json)")
    ->allow_extra_args(false)
    ->type_name("FILE");
  add_parsed_option(app, "--owner", out.owner,
                    "Act for this user (default: the shared scope)",
                    [](const std::string& x) { return user_scope(x); });
  add_parsed_option(app, "--log", out.log_level,
                    "debug, info, warning, error or off (default: $MCPOOL_LOG; "
                    "info for serve, warning else)",
                    [](const std::string& x) { return log::parse_level(x); });
  add_parsed_option(app, "--timeout", out.timeout,
                    "How long to wait, for example 10s",
                    [](const std::string& x) { return parse_duration(x); });
  app.add_flag("--json", out.json, "Print JSON, for scripts");
  add_parsed_option(app, "--node", out.node,
                    "Use the service that listens at [HOST:]PORT instead of a "
                    "pool of its own",
                    [](const std::string& x) { return parse_service(x); });
}

CLI::App* parser::add(const char* name, const char* help) {
  return app.add_subcommand(name, help)->fallthrough();
}

// The arguments are filled in later, so the command is copied when it is run.
template <class T>
void parser::choose(CLI::App* sub, const T& arguments) {
  sub->callback([this, &arguments] { out.what = arguments; });
}

void parser::add_serve() {
  auto* x = add("serve", "Run the service until SIGINT or SIGTERM");
  add_parsed_option(
    *x, "--listen", serve.listen,
    "Let other processes use it: [HOST:]PORT; port 0 chooses one. "
    "Whoever can connect can do everything (default host: 127.0.0.1)",
    [](const std::string& y) { return engine::parse_node_address(y); });
  choose(x, serve);
}

void parser::add_status() {
  auto* x = add("status", "Show why there are connections, or none");
  x->add_flag("--watch", status.watch,
              "Each second until SIGINT; without a terminal, each change");
  choose(x, status);
}

// What reads files here or serves has no use for another service.
void parser::check_node() const {
  auto is_local = std::holds_alternative<commands::serve>(out.what)
                  || std::holds_alternative<commands::config_check>(out.what)
                  || std::holds_alternative<commands::config_dump>(out.what);
  if (out.node && is_local)
    throw CLI::ValidationError("--node", "the command works without a service");
}

void parser::add_server_commands() {
  auto* x = add("has", "May the owner connect to a server? Exit code 0 or 1");
  x->add_option("SERVER", has.server, "Its name")->required();
  choose(x, has);
  x = add("get", "Connect, and show what was agreed on");
  x->add_option("SERVER", get.servers, "Their names")->required();
  choose(x, get);
  x = add("tools", "List the tools of a server");
  x->add_option("SERVER", tools.server, "Its name")->required();
  choose(x, tools);
  x = add("disconnect", "End connections");
  auto* names = x->add_option("SERVER", disconnect.servers, "Their names");
  auto* all = x->add_flag("--all", disconnect.all, "End all of them");
  names->excludes(all);
  x->callback([this, names, all] {
    if (names->count() == 0 && all->count() == 0)
      throw CLI::RequiredError("SERVER or --all");
    out.what = disconnect;
  });
}

void parser::add_call_commands() {
  auto* x = add("call", "Call a tool and print its content");
  x->add_option("SERVER", call.server, "Its name")->required();
  x->add_option("TOOL", call.tool, "The tool's name")->required();
  x->add_option("JSON", call.arguments,
                "The arguments, a JSON object; - reads standard input");
  choose(x, call);
  x = add("request", "Send any MCP request and print the raw result");
  x->add_option("SERVER", request.server, "Its name")->required();
  x->add_option("METHOD", request.method, "For example resources/list")
    ->required();
  x->add_option("JSON", request.params,
                "The params, a JSON object; - reads standard input");
  choose(x, request);
}

void parser::add_config_commands() {
  auto* x = add("config", "Look at the configuration");
  x->require_subcommand(1);
  auto* sub
    = x->add_subcommand("check", "Tell everything that is wrong with it");
  choose(sub->fallthrough(), check);
  sub = x->add_subcommand("dump", "Print what is in effect, secrets masked");
  choose(sub->fallthrough(), dump);
}

using name_list = std::vector<std::string>;

name_list option_names(const CLI::App& app) {
  name_list out;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames())
      out.push_back(cat("--", name));
  return out;
}

name_list command_names(const CLI::App& app) {
  name_list out;
  for (const auto* sub : app.get_subcommands({}))
    out.push_back(sub->get_name());
  return out;
}

// What nobody knows may be a typing error.
std::string unknown(std::string_view kind, const std::string& word,
                    const name_list& known) {
  auto text = cat("there is no ", kind, " '", word, "'");
  if (auto meant = config::near_miss(word, {known.begin(), known.end()}))
    text += cat("; did you mean '", *meant, "'?");
  return text;
}

const CLI::App& chosen_command(const CLI::App& app) {
  auto chosen = app.get_subcommands();
  return chosen.empty() ? app : chosen_command(*chosen.front());
}

std::string unknown_word(const CLI::App& app, const std::string& word) {
  const auto& last = chosen_command(app);
  if (word.size() > 1 && word[0] == '-') {
    auto known = option_names(app);
    for (auto& name : option_names(last))
      known.push_back(std::move(name));
    return unknown("option", word.substr(0, word.find('=')), known);
  }
  auto commands = command_names(last);
  if (!commands.empty())
    return unknown("command", word, commands);
  return cat("'", word, "' is more than the command takes");
}

// What is missing, in our words.
std::string missing(const CLI::App& app, const CLI::RequiredError& why) {
  const auto& last = chosen_command(app);
  auto commands = command_names(last);
  if (commands.empty())
    return why.what();
  std::string text;
  for (const auto& name : commands)
    text += cat(text.empty() ? "" : ", ", name);
  return cat("a command is missing: ", text);
}

parse_end usage_error(std::string_view text) {
  return {cat("mcpool: ", text, "\nRun `mcpool --help` for the commands.\n"),
          exit_code::bad_usage};
}

} // namespace

std::variant<command_line, parse_end> parse_command_line(int argc,
                                                         char** argv) {
  parser x;
  try {
    x.app.parse(argc, argv);
    x.check_node();
  } catch (const CLI::Success& done) {
    std::ostringstream out;
    x.app.exit(done, out, out);
    return parse_end{out.str(), exit_code::ok};
  } catch (const CLI::RequiredError& why) {
    auto words = x.app.remaining(true);
    return usage_error(words.empty() ? missing(x.app, why)
                                     : unknown_word(x.app, words.front()));
  } catch (const CLI::Error& why) {
    auto words = x.app.remaining(true);
    return usage_error(words.empty() ? why.what()
                                     : unknown_word(x.app, words.front()));
  }
  if (auto words = x.app.remaining(true); !words.empty())
    return usage_error(unknown_word(x.app, words.front()));
  return std::move(x.out);
}

} // namespace mcpool::app
