// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/value_reader.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::config {

/// Says that a key is unknown, and what was probably meant.
std::string unknown_key(std::string_view key,
                        const std::vector<std::string_view>& known);

/// Reads an object by a table of options.
template <class Owner>
class object_reader {
public:
  using table = std::vector<option<Owner>>;

  /// Says why an option may not stand here; empty if it may.
  using objection = std::function<std::string(const option<Owner>&)>;

  /// `extra` are keys of the object itself that somebody else reads.
  object_reader(value_reader& values, const table& options,
                std::vector<std::string_view> extra, objection object_to)
    : values_(values),
      options_(options),
      extra_(std::move(extra)),
      object_to_(std::move(object_to)) {}

  /// Reads all members of `object` into `into`.
  void read(const spot& object, Owner& into) { read(object, "", into); }

private:
  // `prefix` holds the keys of the objects around, each with its dot.
  void read(const spot& object, const std::string& prefix, Owner& into) {
    values_.each_member(object, [&](const spot& member) {
      read_member(object, member, prefix, into);
    });
  }

  void read_member(const spot& object, const spot& member,
                   const std::string& prefix, Owner& into) {
    const auto& name = member.node.name;
    auto key = prefix + name;
    if (prefix.empty() && contains(extra_, name))
      return;
    if (auto x = find(key))
      read_option(object, member, *x, into);
    else if (is_group(key))
      read_group(member, key + '.', into);
    else
      values_.report(member, unknown_key(name, known(prefix)));
  }

  void read_group(const spot& member, const std::string& prefix, Owner& into) {
    if (values_.expect(member, json_kind::object))
      read(member, prefix, into);
  }

  void read_option(const spot& object, const spot& member,
                   const option<Owner>& x, Owner& into) {
    auto problem = object_to_(x);
    if (!problem.empty())
      values_.report(member, std::move(problem));
    else if (member.node.name == x.alias && find_member(object.node, x.key))
      values_.report(
        member, cat("is another name of ", x.key, "; keep one of the two"));
    else
      values_.read(member, x, into);
  }

  static bool contains(const std::vector<std::string_view>& names,
                       std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  const option<Owner>* find(std::string_view key) const {
    for (const auto& x : options_)
      if (x.key == key || (!x.alias.empty() && x.alias == key))
        return &x;
    return nullptr;
  }

  bool is_group(const std::string& key) const {
    auto prefix = key + '.';
    return std::any_of(options_.begin(), options_.end(), [&](const auto& x) {
      return x.key.substr(0, prefix.size()) == prefix;
    });
  }

  // The keys of the object with this prefix. Those that may not stand here are
  // among them: whoever mistyped one shall hear its name, then the objection.
  std::vector<std::string_view> known(const std::string& prefix) const {
    std::vector<std::string_view> out;
    for (const auto& x : options_) {
      if (x.key.substr(0, prefix.size()) != prefix)
        continue;
      auto rest = x.key.substr(prefix.size());
      auto name = rest.substr(0, rest.find('.'));
      if (!contains(out, name))
        out.push_back(name);
      if (!x.alias.empty())
        out.push_back(x.alias);
    }
    if (prefix.empty())
      out.insert(out.end(), extra_.begin(), extra_.end());
    return out;
  }

  value_reader& values_;
  const table& options_;
  std::vector<std::string_view> extra_;
  objection object_to_;
};

} // namespace mcpool::config
