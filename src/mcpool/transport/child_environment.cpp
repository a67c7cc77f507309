// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/child_environment.hpp>

#include <mcpool/core/cat.hpp>

#include <cstdlib>
#include <string_view>

namespace mcpool::transport {

namespace {

constexpr const char* inherited[]
  = {"HOME",  "LANG", "LC_ALL", "LOGNAME", "PATH",
     "SHELL", "TERM", "TMPDIR", "TZ",      "USER"};

} // namespace

std::vector<std::string>
child_environment(const std::map<std::string, secret>& extra) {
  std::vector<std::string> out;
  for (auto name : inherited) {
    auto value = std::getenv(name);
    if (value != nullptr && std::string_view{value}.substr(0, 2) != "()"
        && extra.count(name) == 0)
      out.push_back(cat(name, "=", value));
  }
  for (auto& [name, value] : extra)
    out.push_back(cat(name, "=", value.reveal()));
  return out;
}

} // namespace mcpool::transport
