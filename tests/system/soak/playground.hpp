// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "metronome.hpp"

#include <mcpool/system/chaos_test.hpp>
#include <mcpool/system/tcp_proxy.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mcpool::system {

/// How long it runs and how its dice fall.
struct soak_options {
  std::chrono::seconds time{60};
  std::uint64_t seed = 0;
};

inline soak_options& chosen() {
  static soak_options x;
  return x;
}

/// What may happen to a server.
enum class fate {
  /// Nothing bad.
  spared,
  /// A program: it is killed and stopped.
  program,
  /// On the network: it is killed and started again, and talks nonsense.
  remote,
  /// On the network, which fails.
  far_away,
};

/// One server of one owner. Its name says whose it is, so that its processes
/// and sessions do.
struct target {
  std::string name;
  owner_scope owner;
  fate kind = fate::program;
  bool over_stdio = true;
  /// Written to the configuration, as the variable GENERATION.
  std::atomic<int> generation{0};
  /// Known to the REPOSITORY at the latest when this says so.
  std::atomic<int> acknowledged{0};
  /// Left out of the configuration for a while.
  std::atomic<bool> removed{false};
  /// Held while the server is started again.
  std::mutex changing;
  /// On the network.
  std::optional<http_server> server;
  std::optional<tcp_proxy> network;

  bool is_program() const { return over_stdio; }
};

/// The servers, the pool and what was found to be wrong.
class playground : public chaos_test {
public:
  /// A request of an owner, with a limit. Time that the machine did not let us
  /// run does not count.
  answer ask(const target& x, std::chrono::milliseconds limit,
             const std::string& tool, const json& arguments = json::object());

  /// The connection of a target, if there is one already or soon.
  std::optional<repo::connection_ref> find(const target& x,
                                           std::chrono::milliseconds limit);

  embedded_pool& the_pool() { return *pool; }

  /// Writes the configuration as the targets are now.
  void write_configuration();

  /// Its row in the status.
  messages::connection::connection_status status(const target& x);

  /// The programs that run for a target, and are not dead.
  std::vector<pid_t> programs_of(const target& x) const;

  /// A promise was broken.
  void complain(const std::string& what);

  bool is_over() const { return over_; }

  std::deque<target> targets;
  metronome beat;

protected:
  void SetUp() override;
  void TearDown() override;

  void end() { over_ = true; }

  std::atomic<bool> over_{false};

private:
  void add(const std::string& name, const owner_scope& owner, fate kind);
  json entry(target& x);

  std::mutex mutex_;
};

} // namespace mcpool::system
