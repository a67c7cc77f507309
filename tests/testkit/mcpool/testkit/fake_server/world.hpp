// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/options.hpp>
#include <mcpool/testkit/fake_server/stats.hpp>
#include <mcpool/testkit/fake_server/stats_record.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace mcpool::testkit::fake_server {

/// What every part of the server shares.
struct world {
  boost::asio::io_context& io;
  options& chosen;
  stats& numbers;
  stats_record& record;
  /// Which process this is; see `stats_record::use_directory`.
  std::size_t process_number = 1;

  /// Calls `what` after `time`, on the loop.
  void after(std::chrono::milliseconds time, std::function<void()> what);

  /// Writes the statistics down if they changed.
  void flush() { record.flush(numbers); }

  /// Ends the process, with its statistics written.
  [[noreturn]] void leave(int code, const std::string& reason);
};

} // namespace mcpool::testkit::fake_server
