// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace mcpool::testkit::fake_server {

/// Why a piece of text could not be understood; a sentence for people.
struct problem {
  std::string text;
};

/// A value, or the reason why there is none.
template <class T>
using parsed = boost::system::result<T, problem>;

} // namespace mcpool::testkit::fake_server
