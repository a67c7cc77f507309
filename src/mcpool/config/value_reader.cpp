// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/value_reader.hpp>

#include <mcpool/config/byte_size.hpp>
#include <mcpool/config/http_text.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/config/substitute.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;

bool is_utf8(const std::string& text) {
  try {
    nlohmann::json(text).dump();
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

std::string shown(const json_node& x) {
  return x.kind == json_kind::text ? in_quotes(x.text) : x.text;
}

bool is_negative(const json_node& x) {
  return x.kind == json_kind::number && x.text.front() == '-';
}

std::string resolved(const fs::path& folder, const std::string& path) {
  auto out = (folder / path).lexically_normal().string();
  if (out.size() > 1 && out.back() == '/')
    out.pop_back();
  return out;
}

// Transports that other hosts know and this version does not.
bool is_known_elsewhere(std::string_view type) {
  return type == "sse" || type == "websocket" || type == "ws";
}

std::string listed(const std::vector<std::string_view>& names) {
  std::string out;
  for (auto name : names)
    out += cat(out.empty() ? "" : ", ", '"', name, '"');
  return out;
}

std::string variable_name_problem(std::string_view name) {
  auto bad = name.empty() || name.find('=') != name.npos
             || name.find('\0') != name.npos;
  return bad ? "is no name of a variable; it must not be empty, and not hold = "
               "or NUL"
             : "";
}

// The other spelling of a header that is there already.
const std::string* same_header(const std::map<std::string, secret>& headers,
                               const std::string& name) {
  auto equal = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a))
           == std::tolower(static_cast<unsigned char>(b));
  };
  for (const auto& entry : headers)
    if (std::equal(entry.first.begin(), entry.first.end(), name.begin(),
                   name.end(), equal))
      return &entry.first;
  return nullptr;
}

} // namespace

void value_reader::report(const spot& at, std::string text) {
  findings_.add(from_.index,
                {from_.file, at.path, at.node.line, std::move(text)});
}

bool value_reader::expect(const spot& at, json_kind kind) {
  if (at.node.kind == kind)
    return true;
  report(at, cat("must be ", describe(kind), ", not ", describe(at.node.kind)));
  return false;
}

void value_reader::each_member(const spot& object,
                               const std::function<void(const spot&)>& visit) {
  std::set<std::string_view> seen;
  for (const auto& x : object.node.children) {
    spot member{x, member_path(object.path, x.name)};
    if (seen.insert(x.name).second)
      visit(member);
    else
      report(member, "is there twice; keep one of them");
  }
}

std::optional<bool> value_reader::flag(const spot& at) {
  if (!expect(at, json_kind::boolean))
    return std::nullopt;
  return at.node.text == "true";
}

std::optional<std::string> value_reader::text(const spot& at) {
  if (!expect(at, json_kind::text))
    return std::nullopt;
  if (at.node.text.find('\0') == std::string::npos)
    return at.node.text;
  report(at, "must not hold a NUL character");
  return std::nullopt;
}

// A text with its variables replaced.
std::optional<std::string> value_reader::expanded(const spot& at) {
  auto raw = text(at);
  if (!raw)
    return std::nullopt;
  auto out = substitute(*raw, env_);
  if (!out.problem.empty())
    report(at, out.problem);
  else if (mode_ == variables::required)
    for (const auto& name : out.unset)
      report(at, cat("refers to the variable ", name,
                     ", which is not set; set "
                     "it or write ${",
                     name, ":-default}"));
  if (!out)
    return std::nullopt;
  if (is_utf8(out.text))
    return std::move(out.text);
  report(at, "is no valid UTF-8 with its variables replaced");
  return std::nullopt;
}

std::optional<std::string> value_reader::command(const spot& at) {
  auto out = text(at);
  if (!out)
    return std::nullopt;
  if (out->empty())
    report(at, "must not be empty");
  else if (out->find("${") != std::string::npos)
    report(at, "must not hold variables; they are replaced in args, env, cwd, "
               "url and headers only");
  else if (out->find('/') != std::string::npos && out->front() != '/')
    return resolved(from_.folder, *out);
  else
    return out;
  return std::nullopt;
}

std::optional<std::string> value_reader::directory(const spot& at) {
  auto out = expanded(at);
  if (out && !out->empty() && out->front() != '/')
    return resolved(from_.folder, *out);
  return out;
}

std::optional<std::string> value_reader::url(const spot& at) {
  auto out = expanded(at);
  if (!out)
    return std::nullopt;
  auto problem = url_problem(*out);
  if (problem.empty())
    return out;
  report(at, std::move(problem));
  return std::nullopt;
}

std::optional<std::string> value_reader::text(const spot& at, text_role role) {
  switch (role) {
    case text_role::command: return command(at);
    case text_role::directory: return directory(at);
    case text_role::url: return url(at);
    default: return text(at);
  }
}

std::optional<std::vector<std::string>> value_reader::texts(const spot& at) {
  if (!expect(at, json_kind::array))
    return std::nullopt;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < at.node.children.size(); ++i)
    if (auto x = expanded({at.node.children[i], element_path(at.path, i)}))
      out.push_back(std::move(*x));
  return out;
}

void value_reader::add_secret(const spot& at, secrets_role role,
                              secret_map& out) {
  const auto& name = at.node.name;
  auto headers = role == secrets_role::headers;
  auto problem
    = headers ? header_name_problem(name) : variable_name_problem(name);
  if (!problem.empty())
    return report(at, std::move(problem));
  auto other = headers ? same_header(out, name) : nullptr;
  if (other)
    return report(at, cat("is the same header as ", in_quotes(*other)));
  auto value = expanded(at);
  if (!value)
    return;
  problem = headers ? header_value_problem(*value) : "";
  if (!problem.empty())
    return report(at, std::move(problem));
  out.emplace(name, secret{std::move(*value)});
}

std::optional<value_reader::secret_map>
value_reader::secrets(const spot& at, secrets_role role) {
  if (!expect(at, json_kind::object))
    return std::nullopt;
  secret_map out;
  each_member(at, [&](const spot& x) { add_secret(x, role, out); });
  return out;
}

void value_reader::out_of_range(const spot& at, const std::string& least,
                                const std::string& most) {
  report(at, cat(shown(at.node), " is out of range; allowed is ", least, " to ",
                 most));
}

std::optional<std::uint32_t>
value_reader::count(const spot& at, std::uint32_t least, std::uint32_t most) {
  const auto& text = at.node.text;
  auto digits = text.substr(is_negative(at.node) ? 1 : 0);
  if (at.node.kind != json_kind::number
      || digits.find_first_not_of("0123456789") != digits.npos) {
    report(at, cat("must be a whole number, not ",
                   at.node.kind == json_kind::number
                     ? text
                     : std::string{describe(at.node.kind)}));
    return std::nullopt;
  }
  std::uint32_t out = 0;
  auto end = text.data() + text.size();
  auto failed = std::from_chars(text.data(), end, out).ec;
  if (failed == std::errc{} && out >= least && out <= most)
    return out;
  out_of_range(at, cat(least), cat(most));
  return std::nullopt;
}

std::optional<std::uint64_t>
value_reader::bytes(const spot& at, std::uint64_t least, std::uint64_t most) {
  auto kind = at.node.kind;
  auto out = kind == json_kind::number || kind == json_kind::text
               ? parse_bytes(at.node.text)
               : std::nullopt;
  if (out && *out >= least && *out <= most)
    return out;
  if (out || is_negative(at.node))
    out_of_range(at, format_bytes(least), format_bytes(most));
  else
    report(at, "must be a number of bytes, or one with a unit such as "
               "\"512KiB\", \"16MiB\" or \"1GiB\"");
  return std::nullopt;
}

std::optional<duration> value_reader::time(const spot& at, duration least,
                                           duration most) {
  auto kind = at.node.kind;
  if (kind != json_kind::number && kind != json_kind::text) {
    report(at, cat("must be a duration such as \"30s\", or a number of "
                   "milliseconds, not ",
                   describe(kind)));
    return std::nullopt;
  }
  if (at.node.text == "off" && least == duration::zero())
    return duration::zero();
  auto out = parse_duration(at.node.text);
  if (out && *out >= least && *out <= most)
    return *out;
  if (out || is_negative(at.node))
    out_of_range(at, format_duration(least), format_duration(most));
  else
    report(at, cat(shown(at.node), " is no duration up to 365d; write one such "
                                   "as \"250ms\", \"30s\", \"15m\" or \"2h\""));
  return std::nullopt;
}

std::size_t
value_reader::choice_of(const spot& at,
                        const std::vector<std::string_view>& names) {
  if (!expect(at, json_kind::text))
    return names.size();
  const auto& text = at.node.text;
  auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end())
    return static_cast<std::size_t>(found - names.begin());
  if (is_known_elsewhere(text))
    report(at, cat(in_quotes(text),
                   " is not supported by this version; allowed "
                   "are ",
                   listed(names)));
  else if (auto meant = near_miss(text, names))
    report(at, cat(in_quotes(text), " is not allowed; did you mean \"", *meant,
                   "\"?"));
  else
    report(
      at, cat(in_quotes(text), " is not allowed; allowed are ", listed(names)));
  return names.size();
}

} // namespace mcpool::config
