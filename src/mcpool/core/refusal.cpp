// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/refusal.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>

namespace mcpool {
inline namespace core {

std::string to_string(const refusal& x) {
  return cat(name_of(x.code), ": ", x.text);
}

} // namespace core
} // namespace mcpool
