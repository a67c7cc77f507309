// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/byte_size.hpp>
#include <mcpool/config/options.hpp>
#include <mcpool/config/substitute.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace mcpool::config {

/// Whether secrets and variables are written as they are (to compute with) or
/// masked and escaped (to be shown, and loaded again).
enum class write_mode : std::uint8_t { raw, shown };

/// Writes fields into a JSON object in the format of the file. `Json` is
/// `nlohmann::json` for sorted keys, or `nlohmann::ordered_json`.
template <class Json>
class option_writer {
public:
  option_writer(Json& object, write_mode mode) : object_(object), mode_(mode) {}

  /// Writes one option of `from`.
  template <class Owner>
  void write(const option<Owner>& x, Owner& from) {
    std::visit([&](const auto& field) { put(x.key, field, from); }, x.field);
  }

private:
  // The place of a key, with the objects around it.
  Json& at(std::string_view key) {
    auto place = &object_;
    for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.')) {
      place = &(*place)[std::string{key.substr(0, dot)}];
      key.remove_prefix(dot + 1);
    }
    return (*place)[std::string{key}];
  }

  std::string text(const std::string& x) const {
    return mode_ == write_mode::raw ? x : escape_variables(x);
  }

  template <class Owner>
  void put(std::string_view key, const text_field<Owner>& x, Owner& from) {
    auto variables = x.role == text_role::directory || x.role == text_role::url;
    at(key) = variables ? text(x.at(from)) : x.at(from);
  }

  template <class Owner>
  void put(std::string_view key, const texts_field<Owner>& x, Owner& from) {
    auto& array = at(key) = Json::array();
    for (const auto& element : x.at(from))
      array.push_back(text(element));
  }

  template <class Owner>
  void put(std::string_view key, const secrets_field<Owner>& x, Owner& from) {
    auto& object = at(key) = Json::object();
    for (const auto& [name, value] : x.at(from))
      object[name]
        = mode_ == write_mode::raw ? value.reveal() : to_string(value);
  }

  template <class Owner>
  void put(std::string_view key, const flag_field<Owner>& x, Owner& from) {
    at(key) = x.at(from);
  }

  template <class Owner>
  void put(std::string_view key, const startup_field<Owner>& x, Owner& from) {
    if (x.at(from) != startup_mode::on_demand)
      at(key) = x.at(from) == startup_mode::eager;
  }

  template <class Owner, class T>
  void put(std::string_view key, const choice_field<Owner, T>& x, Owner& from) {
    for (const auto& choice : x.choices) {
      if (choice.value == x.at(from)) {
        at(key) = std::string{choice.name};
        return;
      }
    }
  }

  template <class Owner>
  void put(std::string_view key, const count_field<Owner>& x, Owner& from) {
    at(key) = x.at(from);
  }

  template <class Owner>
  void put(std::string_view key, const bytes_field<Owner>& x, Owner& from) {
    at(key) = format_bytes(x.at(from));
  }

  template <class Owner>
  void put(std::string_view key, const duration_field<Owner>& x, Owner& from) {
    at(key) = format_duration(x.at(from));
  }

  Json& object_;
  write_mode mode_;
};

} // namespace mcpool::config
