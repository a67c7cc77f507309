// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include "playground.hpp"

#include <functional>
#include <map>
#include <random>
#include <string>

namespace mcpool::system {

/// Does something bad every now and then, as the dice say, and makes good what
/// does not pass by itself.
class faults {
public:
  faults(playground& all, std::uint64_t seed);

  /// Until it is over.
  void run();

  /// Everything works from now on.
  void repair();

  /// How often each happened.
  const std::map<std::string, int>& counts() const { return counts_; }

private:
  using action = void (faults::*)();

  void one();
  void later(std::function<void()> undo);
  void undo_due();

  int roll(int low, int high);
  target& any();
  target& any(fate kind);
  std::optional<pid_t> any_program();

  // -- to servers -------------------------------------------------------------

  void kill_program();
  void stop_program();
  void restart_remote();
  void talk_nonsense();
  void forget_sessions();

  // -- to the network ---------------------------------------------------------

  void reset_network();
  void cut_network();
  void freeze_network();
  void slow_network();
  void break_answer();

  // -- by callers and operators -----------------------------------------------

  void change_configuration();
  void remove_server();
  bool configure_beyond(const target& x, std::uint64_t revision);
  void disconnect();
  void disconnect_everything();
  void drain();
  void verify();
  void let_callers_die();

  struct undo {
    std::chrono::steady_clock::time_point at;
    std::function<void()> what;
  };

  playground& all_;
  std::mt19937_64 random_;
  std::vector<undo> undo_;
  std::map<std::string, int> counts_;
};

} // namespace mcpool::system
