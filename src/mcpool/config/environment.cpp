// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/environment.hpp>

#include <unistd.h>

namespace mcpool::config {

environment process_environment() {
  environment out;
  for (auto entry = environ; entry && *entry; ++entry) {
    std::string_view line{*entry};
    auto split = line.find('=');
    if (split != 0 && split != line.npos)
      out.emplace(line.substr(0, split), line.substr(split + 1));
  }
  return out;
}

} // namespace mcpool::config
