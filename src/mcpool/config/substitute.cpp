// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/substitute.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>

namespace mcpool::config {

namespace {

constexpr std::string_view letters
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
constexpr std::string_view letters_and_digits
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_name(std::string_view text) {
  return !text.empty() && letters.find(text[0]) != letters.npos
         && text.find_first_not_of(letters_and_digits) == text.npos;
}

void add_once(std::vector<std::string>& names, std::string_view name) {
  if (std::find(names.begin(), names.end(), name) == names.end())
    names.emplace_back(name);
}

// Replaces one reference; `inside` is what stands between the braces.
void replace(std::string_view inside, const environment& env,
             substitution& out) {
  auto split = inside.find(":-");
  auto name = inside.substr(0, split);
  if (!is_name(name)) {
    out.problem = "holds a ${...} that is no variable; write ${NAME} or "
                  "${NAME:-default}, and $${ for the text ${";
    return;
  }
  auto found = env.find(name);
  if (split != inside.npos && (found == env.end() || found->second.empty()))
    out.text += inside.substr(split + 2);
  else if (found != env.end())
    out.text += found->second;
  else
    add_once(out.unset, name);
}

// Consumes the next piece of `text`.
void step(std::string_view& text, const environment& env, substitution& out) {
  auto take = [&text](std::size_t n) {
    auto piece = text.substr(0, n);
    text.remove_prefix(piece.size());
    return piece;
  };
  if (starts_with(text, "$${")) {
    out.text += take(3).substr(1);
  } else if (starts_with(text, "${")) {
    auto end = text.find('}');
    if (end == text.npos)
      out.problem = "holds a ${ without its }; write $${ for the text ${";
    else
      replace(take(end + 1).substr(2, end - 2), env, out);
  } else {
    out.text += take(1);
    out.text += take(std::min(text.find('$'), text.size()));
  }
}

} // namespace

substitution substitute(std::string_view text, const environment& env) {
  substitution out;
  while (!text.empty() && out.problem.empty()) {
    step(text, env, out);
    if (out.text.size() > max_substituted_bytes)
      out.problem = cat("is too long: more than ", max_substituted_bytes,
                        " bytes with its variables replaced");
  }
  return out;
}

std::string escape_variables(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_with(text.substr(i), "${"))
      out += '$';
    out += text[i];
  }
  return out;
}

} // namespace mcpool::config
