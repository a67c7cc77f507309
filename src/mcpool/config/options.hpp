// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/pool_config.hpp>
#include <mcpool/config/server_config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// Every key of the file stands in one of the two tables at the end. Loading,
// dumping, fingerprints and the tests of schema and documentation all follow
// them, so that none of them can forget a key.

namespace mcpool::config {

/// Finds the field of an option in its struct.
template <class Owner, class T>
using accessor = T& (*)(Owner&);

/// What a text is, beyond being one.
enum class text_role : std::uint8_t {
  /// For people; taken as it is.
  plain,
  /// A program: no variables, relative paths count from the file's folder.
  command,
  /// A folder: relative paths count from the file's folder.
  directory,
  /// An http or https URL.
  url,
};

template <class Owner>
struct text_field {
  accessor<Owner, std::string> at;
  text_role role = text_role::plain;
};

template <class Owner>
struct texts_field {
  accessor<Owner, std::vector<std::string>> at;
};

/// What the keys of a map of secrets are.
enum class secrets_role : std::uint8_t { variables, headers };

template <class Owner>
struct secrets_field {
  accessor<Owner, std::map<std::string, secret>> at;
  secrets_role role = secrets_role::variables;
};

template <class Owner>
struct flag_field {
  accessor<Owner, bool> at;
};

/// `true`, `false` or absent.
template <class Owner>
struct startup_field {
  accessor<Owner, startup_mode> at;
};

/// A value of a `choice_field` as it is written.
template <class T>
struct choice {
  std::string_view name;
  T value;
};

/// One of several names; the first name of a value is the one that is dumped.
template <class Owner, class T>
struct choice_field {
  accessor<Owner, T> at;
  std::vector<choice<T>> choices;
};

/// A number from `least` to `most`.
template <class Owner>
struct count_field {
  accessor<Owner, std::uint32_t> at;
  std::uint32_t least;
  std::uint32_t most;
};

/// A number of bytes from `least` to `most`.
template <class Owner>
struct bytes_field {
  accessor<Owner, std::uint64_t> at;
  std::uint64_t least;
  std::uint64_t most;
};

/// A span of time from `least` to `most`.
template <class Owner>
struct duration_field {
  accessor<Owner, duration> at;
  duration least;
  duration most;
};

template <class Owner>
using any_field
  = std::variant<text_field<Owner>, texts_field<Owner>, secrets_field<Owner>,
                 flag_field<Owner>, startup_field<Owner>,
                 choice_field<Owner, transport_kind>,
                 choice_field<Owner, replacement_mode>, count_field<Owner>,
                 bytes_field<Owner>, duration_field<Owner>>;

/// Which servers a key fits.
enum class fit : std::uint8_t { any, stdio, http };

/// What a key is for.
enum class purpose : std::uint8_t {
  /// Part of what a connection is.
  connection,
  /// The same, and a default for all servers can stand in `pool.defaults`.
  limit,
  /// Changing it leaves connections alone; not part of the fingerprint.
  annotation,
};

/// One key of the file.
template <class Owner>
struct option {
  /// With the keys of the objects around it: `list.maxPages`.
  std::string_view key;
  any_field<Owner> field;
  purpose use = purpose::connection;
  fit fits = fit::any;
  /// Another spelling; empty if there is none.
  std::string_view alias = {};
};

/// Tells whether a key fits a server of that transport.
bool suits(fit x, transport_kind transport) noexcept;

/// Takes a server out of the configuration; the one key without a field.
inline constexpr std::string_view disabled_key = "disabled";

/// The keys of a server, in the order of a dump.
const std::vector<option<server_config>>& server_options();

/// The keys of `pool` but `defaults`, in the order of a dump.
const std::vector<option<pool_config>>& pool_options();

} // namespace mcpool::config
