// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/system/allowance.hpp>
#include <mcpool/system/embedded_pool.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <cstddef>
#include <future>
#include <optional>
#include <string>

namespace mcpool::system {

using namespace std::chrono_literals;

/// What came of a request.
struct answer {
  result<std::string> value;
  std::chrono::milliseconds took{};
};

/// `it failed with connection_lost: … after 12 ms`.
std::string to_string(const answer& x);

/// A test in which servers, networks or callers do their worst, and which sees
/// to it that nothing is left of that: no process, descriptor, session, permit
/// or reply that is owed.
class chaos_test : public system_test {
protected:
  /// Ends pool and server, and counts descriptors once more.
  void TearDown() override;

  /// Starts the pool on what `configure` wrote.
  void open_pool();

  /// Calls a tool within a limit.
  answer call_within(std::chrono::milliseconds limit, const std::string& server,
                     const std::string& tool,
                     const json& arguments = json::object());

  /// The same in another thread.
  std::future<answer> begin_within(std::chrono::milliseconds limit,
                                   const std::string& server,
                                   const std::string& tool,
                                   const json& arguments = json::object());

  /// Connects within a limit, in another thread; the text is the revision.
  std::future<answer> begin_get(std::chrono::milliseconds limit,
                                const std::string& server);

  /// Expects that a server is of use again in time.
  void expect_recovery(const std::string& name,
                       std::chrono::milliseconds limit = scaled(10s));

  /// Expects that soon nothing is under way, and nothing left after everything
  /// was disconnected. `idle_sockets` are connections that may be kept to ask
  /// again.
  void expect_nothing_left(std::size_t idle_sockets = 0);

  std::optional<embedded_pool> pool;
  std::optional<http_server> server;

private:
  std::string under_way();
  std::string foreign_processes() const;

  /// Before there was a pool, and with an idle one.
  std::size_t descriptors_without_ = 0;
  std::size_t descriptors_with_ = 0;
};

} // namespace mcpool::system
