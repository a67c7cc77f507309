// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/endpoint_gate.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace mcpool::policy {
namespace {

using namespace std::chrono_literals;
using ticket = endpoint_gate::ticket;
using admission = endpoint_gate::admission;

/// Drives a gate as the THROTTLE does, with random starts, and knows of each
/// where it must be.
class driver {
public:
  explicit driver(unsigned seed) : random_(seed) {}

  void step() {
    now_ += std::chrono::milliseconds{below(1000)};
    switch (below(4)) {
      case 0: return ask();
      case 1: return settle_one(start_outcome::unreachable);
      case 2:
        return settle_one(below(4) == 0 ? start_outcome::reached
                                        : start_outcome::unknown);
      default: return admit_one();
    }
  }

  /// Ends every start; nothing may be left.
  void finish() {
    while (!starts_.empty())
      below(2) == 0 ? settle_one(start_outcome::unknown) : admit_one();
    EXPECT_EQ(aut_.parked(), 0u);
  }

  void check() {
    std::size_t parked = 0;
    std::map<std::string, std::size_t> probes, waiting;
    for (const auto& [x, one] : starts_) {
      parked += one.where == place::parked;
      probes[one.endpoint] += one.where == place::probe;
      waiting[one.endpoint] += one.where == place::parked;
    }
    ASSERT_EQ(aut_.parked(), parked);
    for (const auto& [endpoint, count] : probes)
      ASSERT_LE(count, 1u) << "one probe at a time: " << endpoint;
    for (const auto& [endpoint, count] : waiting)
      ASSERT_TRUE(count == 0 || probes[endpoint] == 1)
        << "whoever waits, waits for a probe: " << endpoint;
  }

private:
  /// Where a start is: asking, let through while the endpoint was open, alone
  /// with it, or waiting.
  enum class place { queued, running, probe, parked };

  struct start {
    std::string endpoint;
    place where = place::queued;
  };

  unsigned below(unsigned limit) {
    return std::uniform_int_distribution<unsigned>{0, limit - 1}(random_);
  }

  void ask() { starts_[++last_].endpoint = std::string(1, 'a' + below(3)); }

  template <class Accept>
  std::map<ticket, start>::iterator pick(Accept accept) {
    std::vector<std::map<ticket, start>::iterator> all;
    for (auto i = starts_.begin(); i != starts_.end(); ++i)
      if (accept(i->second))
        all.push_back(i);
    return all.empty() ? starts_.end() : all[below(all.size())];
  }

  void admit_one() {
    auto pos = pick([](const start& x) { return x.where == place::queued; });
    if (pos == starts_.end())
      return;
    switch (aut_.admit(pos->second.endpoint, pos->first, now_)) {
      case admission::open: pos->second.where = place::running; break;
      case admission::probe: pos->second.where = place::probe; break;
      case admission::parked: pos->second.where = place::parked; break;
    }
  }

  void settle_one(start_outcome outcome) {
    auto pos = pick([](const start&) { return true; });
    if (pos == starts_.end())
      return;
    auto [x, one] = *pos;
    starts_.erase(pos);
    auto runs = one.where == place::running || one.where == place::probe;
    if (!runs)
      outcome = start_outcome::unknown;
    auto change = aut_.settle(one.endpoint, x, outcome, now_);
    for (auto next : change.again)
      move(next, one.endpoint);
    for (auto next : change.refused)
      move(next, one.endpoint);
    for (auto next : change.refused)
      starts_.erase(next);
    EXPECT_TRUE(
      change.refused.empty()
      || (one.where == place::probe && outcome == start_outcome::unreachable));
    if (outcome != start_outcome::reached)
      return;
    for (auto& [id, other] : starts_) {
      if (other.endpoint != one.endpoint)
        continue;
      EXPECT_NE(other.where, place::parked) << "it is open for all";
      if (other.where == place::probe)
        other.where = place::running;
    }
  }

  void move(ticket x, const std::string& endpoint) {
    auto pos = starts_.find(x);
    ASSERT_NE(pos, starts_.end()) << "nobody is woken who is gone";
    EXPECT_EQ(pos->second.where, place::parked);
    EXPECT_EQ(pos->second.endpoint, endpoint);
    pos->second.where = place::queued;
  }

  std::mt19937 random_;
  time_point now_ = time_point{} + 1h;
  endpoint_gate aut_;
  std::map<ticket, start> starts_;
  ticket last_ = 0;
};

TEST(EndpointGatePropertyTest, NobodyIsLostAndOneProbesAtATime) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    driver x{seed};
    for (int i = 0; i < 500 && !::testing::Test::HasFailure(); ++i) {
      x.step();
      x.check();
    }
    x.finish();
  }
}

} // namespace
} // namespace mcpool::policy
