// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/problem.hpp>
#include <mcpool/testkit/fake_server/stats.hpp>

#include <cstddef>
#include <string>

namespace mcpool::testkit::fake_server {

/// The statistics as files: readers always see a whole JSON object.
class stats_record {
public:
  /// Rewrites `path` whenever something changed.
  void use_file(std::string path);

  /// Claims the next free `DIRECTORY/process-<N>.json`, so that processes
  /// that share a directory count themselves. The directory must exist.
  /// @returns N, from 1.
  parsed<std::size_t> use_directory(const std::string& path, stats& numbers);

  /// Writes what changed since the last call; says so on stderr if it cannot.
  void flush(stats& numbers);

private:
  std::string file_;
  std::string process_file_;
};

} // namespace mcpool::testkit::fake_server
