// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/scripted_servers.hpp>

namespace mcpool::testkit {

scripted_server& scripted_servers::at(const std::string& name) {
  auto [pos, is_new] = all_.try_emplace(name, network_, name);
  if (is_new && on_new_)
    on_new_(scripted_config(name));
  return pos->second;
}

} // namespace mcpool::testkit
