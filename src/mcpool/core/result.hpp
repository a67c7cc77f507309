// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>

#include <boost/system/result.hpp>

#include <stdexcept>

namespace mcpool {
inline namespace core {

/// A value, or the refusal that says why there is none.
template <class T>
using result = boost::system::result<T, refusal>;

/// Called by `result::value()` on a refusal: misuse, since callers ask first.
[[noreturn]] inline void
throw_exception_from_error(const refusal& why, const boost::source_location&) {
  throw std::logic_error("unchecked refusal: " + why.text);
}

} // namespace core
} // namespace mcpool
