// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// A pool in use, while everything goes wrong that can: see --help.

#include "faults.hpp"
#include "load.hpp"
#include "promises.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>

#include <CLI/CLI.hpp>

#include <iostream>
#include <random>
#include <thread>

namespace mcpool::system {

namespace {

class SoakTest : public playground {
protected:
  void run_load(load_counts& count) {
    for (int i = 0; i < 12; ++i)
      threads.emplace_back(
        [&, i] { call_at_random(*this, chosen().seed + i + 1, count); });
    for (auto& x : targets)
      if (x.kind == fate::spared)
        threads.emplace_back([&] { call_spared(*this, x, count); });
    threads.emplace_back([this] { watch_promises(*this); });
  }

  void join() {
    end();
    for (auto& x : threads)
      x.join();
    threads.clear();
  }

  // What is known about a server that does not.
  std::string describe(target& x) {
    auto row = status(x);
    auto out = cat(name_of(row.phase), ", ", row.calls_in_flight,
                   " calls in flight, ", row.waiting, " waiting");
    if (x.network)
      out += cat(", ", x.network->connections(), " connections");
    if (x.server)
      out += cat("\n", x.server->stats().dump());
    return out;
  }

  // Each server answers again, as what it was last configured to be.
  void expect_all_well() {
    for (auto& x : targets) {
      std::optional<answer> last;
      auto works = [&] {
        last = ask(x, scaled(2s), "echo", {{"message", "well"}});
        return last->value && *last->value == "well";
      };
      EXPECT_TRUE(eventually(works, scaled(15s)))
        << x.name << ": " << to_string(*last) << '\n'
        << describe(x);
    }
  }

  void expect_all_gone() {
    for (const auto& owner : {"ann", "bob"})
      EXPECT_TRUE(
        pool->ask_as<void>(*user_scope(owner), repo::disconnect_all{}));
    EXPECT_TRUE(pool->disconnect_all());
    for (auto& x : targets) {
      if (x.is_program()) {
        auto gone = [&] { return programs_of(x).empty(); };
        EXPECT_TRUE(eventually(gone, cleanup_limit)) << x.name;
      } else if (x.kind != fate::far_away) {
        auto none = [&] { return x.server->stats()["sessions"]["live"] == 0; };
        EXPECT_TRUE(eventually(none, cleanup_limit))
          << x.name << ": " << x.server->stats()["sessions"];
      }
    }
  }

  std::vector<std::thread> threads;
};

TEST_F(SoakTest, KeepsItsPromises) {
  load_counts count;
  faults bad{*this, chosen().seed};
  run_load(count);
  std::thread clock{[this] {
    std::this_thread::sleep_for(chosen().time);
    end();
  }};
  bad.run();
  clock.join();
  join();
  bad.repair();
  expect_all_well();
  expect_all_gone();
  std::cout << count.answered << " calls answered, " << count.refused
            << " refused, " << count.spared << " of spared servers\n";
  for (const auto& [name, times] : bad.counts())
    std::cout << name << ' ' << times << ' ';
  std::cout << '\n';
  EXPECT_GT(count.answered, 0);
  EXPECT_GT(count.refused, 0);
}

} // namespace

} // namespace mcpool::system

int main(int argc, char** argv) {
  using mcpool::system::chosen;
  CLI::App app{"Uses a pool while its servers, their network, its callers and "
               "its configuration fail at random, and checks its promises.",
               "mcpool-soak"};
  int seconds = 60;
  chosen().seed = std::random_device{}();
  app.add_option("--seconds", seconds, "for how long (60)")
    ->check(CLI::Range(1, 1'000'000));
  app.add_option("--seed", chosen().seed, "what comes next, and when");
  CLI11_PARSE(app, argc, argv);
  chosen().time = std::chrono::seconds{seconds};
  std::cout << "seed " << chosen().seed << std::endl;
  ::testing::InitGoogleTest();
  return RUN_ALL_TESTS();
}
