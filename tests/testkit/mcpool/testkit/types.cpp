// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/types.hpp>

#include <mcpool/actors/system_config.hpp>

#include <utility>
#include <vector>

namespace mcpool::testkit {

namespace {

std::vector<std::function<void()>>& initializers() {
  static std::vector<std::function<void()>> all;
  return all;
}

} // namespace

void init_types() {
  actors::init_types();
  for (const auto& f : initializers())
    f();
}

namespace detail {

bool at_init_types(std::function<void()> f) {
  initializers().push_back(std::move(f));
  return true;
}

} // namespace detail

} // namespace mcpool::testkit
