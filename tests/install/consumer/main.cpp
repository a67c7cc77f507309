// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A project of somebody else that found mcpool with find_package().

#include <mcpool/core/owner_scope.hpp>

#include <iostream>

int main() {
  auto scope = mcpool::user_scope("ann");
  if (!scope) {
    std::cerr << "no scope for a valid user id\n";
    return 1;
  }
  auto name = mcpool::to_string(*scope);
  if (name != "user(ann)") {
    std::cerr << "the scope of ann is called " << name << '\n';
    return 1;
  }
  return 0;
}
