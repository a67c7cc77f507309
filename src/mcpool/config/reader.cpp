// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/reader.hpp>

#include <mcpool/config/fingerprint_of.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/config/object_reader.hpp>

#include <algorithm>
#include <cctype>

namespace mcpool::config {

namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_list = 12;

constexpr std::string_view override_prefix = "MCPOOL_";

// Belong to the command line.
constexpr std::string_view reserved[] = {"MCPOOL_CONFIG", "MCPOOL_LOG"};

std::string name_problem(std::string_view name) {
  auto is_control
    = [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; };
  if (name.empty() || name.size() > longest_name)
    return cat("must be a name of 1 to ", longest_name, " bytes");
  if (name.find('/') != name.npos
      || std::any_of(name.begin(), name.end(), is_control))
    return "must be a name without / and control characters";
  return {};
}

std::string limit_objection(const option<server_config>& x) {
  return x.use == purpose::limit
           ? ""
           : "has no default; write it into the servers it is meant for";
}

std::string_view name_of(transport_kind x) {
  return x == transport_kind::stdio ? "stdio" : "streamable-http";
}

// The servers themselves are read later, when all defaults are known.
void check_names(value_reader& values, const spot& servers) {
  if (values.expect(servers, json_kind::object))
    values.each_member(servers, [&values](const spot& x) {
      if (auto problem = name_problem(x.node.name); !problem.empty())
        values.report(x, std::move(problem));
    });
}

// What a server is by its keys, or nothing if that was reported.
class transport_finder {
public:
  transport_finder(value_reader& values, const spot& server)
    : values_(values),
      server_(server) {}

  std::optional<transport_kind> find() {
    if (auto type = find_member(server_.node, "type"))
      return declared(*type);
    auto command = find_member(server_.node, "command") != nullptr;
    auto url = find_member(server_.node, "url") != nullptr;
    if (command && url)
      values_.report(server_, "has both command and url; keep one, or say "
                              "with type which of them counts");
    else if (!command && !url)
      values_.report(server_,
                     "needs command (a local program) or url (a remote "
                     "server)");
    if (command == url)
      return std::nullopt;
    return command ? transport_kind::stdio : transport_kind::streamable_http;
  }

private:
  std::optional<transport_kind> declared(const json_node& type) {
    // A value that is wrong is reported when all keys are read.
    const auto& field = std::get<choice_field<server_config, transport_kind>>(
      server_options().front().field);
    for (const auto& choice : field.choices)
      if (type.kind == json_kind::text && choice.name == type.text)
        return checked(choice.value);
    return std::nullopt;
  }

  std::optional<transport_kind> checked(transport_kind x) {
    auto needed = x == transport_kind::stdio ? "command" : "url";
    if (!find_member(server_.node, needed))
      values_.report(server_,
                     cat("needs ", needed, ", being of type ", name_of(x)));
    return x;
  }

  value_reader& values_;
  const spot& server_;
};

std::string fit_objection(const option<server_config>& x,
                          std::optional<transport_kind> transport) {
  if (!transport || suits(x.fits, *transport))
    return {};
  auto other = x.fits == fit::stdio ? transport_kind::stdio
                                    : transport_kind::streamable_http;
  return cat("fits servers of type ", name_of(other), " only, and this one is ",
             name_of(*transport));
}

bool is_disabled(value_reader& values, const spot& server) {
  auto found = find_member(server.node, disabled_key);
  if (!found)
    return false;
  return values.flag({*found, member_path(server.path, disabled_key)})
    .value_or(false);
}

server_config fresh(const server_config& defaults, std::string name,
                    std::optional<transport_kind> transport) {
  auto out = defaults;
  out.name.value = std::move(name);
  out.transport = transport.value_or(transport_kind::stdio);
  out.replacement = out.transport == transport_kind::stdio
                      ? replacement_mode::stop_first
                      : replacement_mode::overlap;
  return out;
}

// `throttle.maxStarting` becomes `MCPOOL_THROTTLE_MAX_STARTING`.
std::string variable_of(std::string_view key) {
  std::string out{override_prefix};
  for (auto c : key) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte))
      out += '_';
    out += c == '.' ? '_' : static_cast<char>(std::toupper(byte));
  }
  return out;
}

json_node node_of(const std::string& text) {
  auto digits = text.substr(text.substr(0, 1) == "-" ? 1 : 0);
  auto number
    = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  return {number ? json_kind::number : json_kind::text, "", text, {}, 0};
}

template <class Owner>
void read_override(value_reader& values, const environment& env,
                   const std::string& variable, const option<Owner>& x,
                   Owner& into) {
  auto found = env.find(variable);
  if (found == env.end())
    return;
  auto node = node_of(found->second);
  values.read({node, variable}, x, into);
}

void check_variables(value_reader& values, const environment& env,
                     const std::vector<std::string>& known) {
  std::vector<std::string_view> names{known.begin(), known.end()};
  names.insert(names.end(), std::begin(reserved), std::end(reserved));
  for (auto i = env.lower_bound(override_prefix); i != env.end(); ++i) {
    if (i->first.compare(0, override_prefix.size(), override_prefix) != 0)
      break;
    if (std::find(names.begin(), names.end(), i->first) != names.end())
      continue;
    auto meant = near_miss(i->first, names);
    values.report({json_node{}, i->first},
                  cat("is no variable of mcpool, whose names begin with "
                      "MCPOOL_",
                      meant ? cat("; did you mean ", *meant, "?") : ""));
  }
}

} // namespace

std::string unknown_key(std::string_view key,
                        const std::vector<std::string_view>& known) {
  if (auto meant = near_miss(key, known))
    return cat("is no known key; did you mean \"", *meant, "\"?");
  if (known.size() > longest_list)
    return "is no known key";
  std::string names;
  for (auto name : known)
    names += cat(names.empty() ? "" : ", ", name);
  return cat("is no known key; known here: ", names);
}

void check_top_level(const json_node& root, const origin& from,
                     finding_list& findings) {
  static const environment none;
  value_reader values{from, none, variables::optional, findings};
  spot top{root, ""};
  if (!values.expect(top, json_kind::object))
    return;
  values.each_member(top, [&](const spot& x) {
    if (x.node.name == "$schema")
      values.expect(x, json_kind::text);
    else if (x.node.name == "mcpServers")
      check_names(values, x);
    else if (x.node.name == "pool")
      values.expect(x, json_kind::object);
    else
      values.report(
        x, unknown_key(x.node.name, {"mcpServers", "pool", "$schema"}));
  });
}

void read_pool(const json_node& pool, const origin& from, document& out,
               finding_list& findings) {
  static const environment none;
  value_reader values{from, none, variables::optional, findings};
  spot place{pool, "pool"};
  object_reader<pool_config> reader{
    values, pool_options(), {"defaults"}, [](const auto&) { return ""; }};
  reader.read(place, out.pool);
  auto defaults = find_member(pool, "defaults");
  spot inner{defaults ? *defaults : pool, "pool.defaults"};
  if (!defaults || !values.expect(inner, json_kind::object))
    return;
  object_reader<server_config> limits{
    values, server_options(), {}, limit_objection};
  limits.read(inner, out.defaults);
}

void read_overrides(const environment& env, const origin& from, document& out,
                    finding_list& findings) {
  value_reader values{from, env, variables::optional, findings};
  std::vector<std::string> known;
  for (const auto& x : pool_options()) {
    known.push_back(variable_of(x.key));
    read_override(values, env, known.back(), x, out.pool);
  }
  for (const auto& x : server_options()) {
    if (x.use != purpose::limit)
      continue;
    known.push_back(variable_of(cat("defaults.", x.key)));
    read_override(values, env, known.back(), x, out.defaults);
  }
  check_variables(values, env, known);
}

std::optional<server_config> read_server(const json_node& server,
                                         const origin& from,
                                         const environment& env, variables mode,
                                         const server_config& defaults,
                                         finding_list& findings) {
  spot place{server, member_path("mcpServers", server.name)};
  value_reader probe{from, env, mode, findings};
  if (!probe.expect(place, json_kind::object))
    return std::nullopt;
  auto disabled = is_disabled(probe, place);
  value_reader values{from, env, disabled ? variables::optional : mode,
                      findings};
  auto transport = transport_finder{values, place}.find();
  auto out = fresh(defaults, server.name, transport);
  object_reader<server_config> reader{
    values, server_options(), {disabled_key}, [transport](const auto& x) {
      return fit_objection(x, transport);
    }};
  reader.read(place, out);
  if (disabled)
    return std::nullopt;
  out.fingerprint = fingerprint_of(out);
  return out;
}

} // namespace mcpool::config
