// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/options.hpp>
#include <mcpool/config/reader.hpp>

#include <mcpool/core/cat.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mcpool::config {

/// A value of a file and the path that leads to it.
struct spot {
  const json_node& node;
  std::string path;
};

/// Turns single values into fields, and reports those that cannot be used. A
/// reported value leaves its field alone.
class value_reader {
public:
  value_reader(const origin& from, const environment& env, variables mode,
               finding_list& findings)
    : from_(from),
      env_(env),
      mode_(mode),
      findings_(findings) {}

  /// Adds a finding.
  void report(const spot& at, std::string text);

  /// Tells whether the value is of that kind; reports it otherwise.
  bool expect(const spot& at, json_kind kind);

  /// Visits the members of an object; a duplicate key is reported instead.
  void each_member(const spot& object,
                   const std::function<void(const spot&)>& visit);

  /// Reads the value of an option.
  template <class Owner>
  void read(const spot& at, const option<Owner>& x, Owner& into) {
    std::visit([&](const auto& field) { store(field, read(at, field), into); },
               x.field);
  }

  std::optional<bool> flag(const spot& at);

private:
  std::optional<std::string> text(const spot& at);
  std::optional<std::string> expanded(const spot& at);
  std::optional<std::string> command(const spot& at);
  std::optional<std::string> directory(const spot& at);
  std::optional<std::string> url(const spot& at);
  std::optional<std::string> text(const spot& at, text_role role);
  std::optional<std::vector<std::string>> texts(const spot& at);
  using secret_map = std::map<std::string, secret>;
  void add_secret(const spot& at, secrets_role role, secret_map& out);
  std::optional<secret_map> secrets(const spot& at, secrets_role role);
  std::optional<std::uint32_t> count(const spot& at, std::uint32_t least,
                                     std::uint32_t most);
  std::optional<std::uint64_t> bytes(const spot& at, std::uint64_t least,
                                     std::uint64_t most);
  std::optional<duration> time(const spot& at, duration least, duration most);
  std::size_t choice_of(const spot& at,
                        const std::vector<std::string_view>& names);
  void out_of_range(const spot& at, const std::string& least,
                    const std::string& most);

  template <class Owner>
  auto read(const spot& at, const text_field<Owner>& x) {
    return text(at, x.role);
  }

  template <class Owner>
  auto read(const spot& at, const texts_field<Owner>&) {
    return texts(at);
  }

  template <class Owner>
  auto read(const spot& at, const secrets_field<Owner>& x) {
    return secrets(at, x.role);
  }

  template <class Owner>
  auto read(const spot& at, const flag_field<Owner>&) {
    return flag(at);
  }

  template <class Owner>
  std::optional<startup_mode> read(const spot& at,
                                   const startup_field<Owner>&) {
    auto eager = flag(at);
    if (!eager)
      return std::nullopt;
    return *eager ? startup_mode::eager : startup_mode::never_shared;
  }

  template <class Owner, class T>
  std::optional<T> read(const spot& at, const choice_field<Owner, T>& x) {
    std::vector<std::string_view> names;
    for (const auto& choice : x.choices)
      names.push_back(choice.name);
    auto found = choice_of(at, names);
    if (found == names.size())
      return std::nullopt;
    return x.choices[found].value;
  }

  template <class Owner>
  auto read(const spot& at, const count_field<Owner>& x) {
    return count(at, x.least, x.most);
  }

  template <class Owner>
  auto read(const spot& at, const bytes_field<Owner>& x) {
    return bytes(at, x.least, x.most);
  }

  template <class Owner>
  auto read(const spot& at, const duration_field<Owner>& x) {
    return time(at, x.least, x.most);
  }

  template <class Field, class T, class Owner>
  static void store(const Field& field, std::optional<T> value, Owner& into) {
    if (value)
      field.at(into) = std::move(*value);
  }

  const origin& from_;
  const environment& env_;
  variables mode_;
  finding_list& findings_;
};

} // namespace mcpool::config
