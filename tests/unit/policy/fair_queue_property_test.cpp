// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/fair_queue.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace mcpool::policy {
namespace {

using ticket = fair_queue::ticket;

// The same promise with vectors and loops only: slow, and plainly right.
class naive_queue {
public:
  naive_queue(std::size_t max_in_use, std::size_t max_per_owner)
    : max_in_use_(max_in_use),
      max_per_owner_(max_per_owner) {}

  void push(const owner_scope& owner, ticket x) {
    waiting_.push_back({owner, x});
    update_turns();
  }

  bool remove(ticket x) {
    auto same = [x](const entry& y) { return y.id == x; };
    auto pos = std::find_if(waiting_.begin(), waiting_.end(), same);
    if (pos == waiting_.end())
      return false;
    waiting_.erase(pos);
    update_turns();
    return true;
  }

  std::optional<ticket> pop() {
    if (in_use() >= max_in_use_ || turns_.empty())
      return std::nullopt;
    auto owner = turns_.front();
    turns_.erase(turns_.begin());
    auto pos = first_of(owner);
    auto out = pos->id;
    waiting_.erase(pos);
    ++used_[owner];
    update_turns();
    return out;
  }

  void finish(const owner_scope& owner) {
    if (used_[owner] > 0)
      --used_[owner];
    update_turns();
  }

  std::size_t waiting() const { return waiting_.size(); }

  std::size_t in_use() const {
    std::size_t sum = 0;
    for (const auto& [owner, n] : used_)
      sum += n;
    return sum;
  }

  std::size_t owners() const {
    std::map<owner_scope, std::size_t> all;
    for (const auto& [owner, n] : used_)
      if (n > 0)
        ++all[owner];
    for (const auto& x : waiting_)
      ++all[x.owner];
    return all.size();
  }

private:
  struct entry {
    owner_scope owner;
    ticket id;
  };

  std::vector<entry>::iterator first_of(const owner_scope& owner) {
    return std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const entry& x) { return x.owner == owner; });
  }

  bool wants(const owner_scope& owner) {
    return first_of(owner) != waiting_.end() && used_[owner] < max_per_owner_;
  }

  // At most one owner begins or ceases to want a turn in one step.
  void update_turns() {
    auto ceased = [this](const owner_scope& x) { return !wants(x); };
    turns_.erase(std::remove_if(turns_.begin(), turns_.end(), ceased),
                 turns_.end());
    for (const auto& x : waiting_)
      if (wants(x.owner)
          && std::find(turns_.begin(), turns_.end(), x.owner) == turns_.end())
        turns_.push_back(x.owner);
  }

  std::size_t max_in_use_;
  std::size_t max_per_owner_;
  std::vector<entry> waiting_;
  std::vector<owner_scope> turns_;
  std::map<owner_scope, std::size_t> used_;
};

struct limits {
  std::size_t max_in_use;
  std::size_t max_per_owner;
};

class FairQueuePropertyTest : public testing::TestWithParam<unsigned> {
public:
  owner_scope any_owner() {
    auto n = random_() % 6;
    return n == 0 ? shared_scope()
                  : owner_scope{scope_kind::user, std::to_string(n)};
  }

  limits any_limits() { return {1 + random_() % 12, 1 + random_() % 4}; }

  void act(fair_queue& x, naive_queue& y) {
    switch (random_() % 5) {
      case 0:
      case 1: {
        auto owner = any_owner();
        x.push(owner, ++last_);
        y.push(owner, last_);
        break;
      }
      case 2: {
        auto id = last_ == 0 ? 0 : 1 + random_() % last_;
        ASSERT_EQ(x.remove(id), y.remove(id)) << "ticket " << id;
        break;
      }
      case 3: ASSERT_EQ(x.pop(), y.pop()); break;
      default: {
        auto owner = any_owner();
        x.finish(owner);
        y.finish(owner);
      }
    }
  }

protected:
  std::mt19937 random_{GetParam()};
  ticket last_ = 0;
};

TEST_P(FairQueuePropertyTest, DoesWhatTheNaiveQueueDoes) {
  auto max = any_limits();
  fair_queue x{max.max_in_use, max.max_per_owner};
  naive_queue y{max.max_in_use, max.max_per_owner};
  for (int step = 0; step < 1500; ++step) {
    ASSERT_NO_FATAL_FAILURE(act(x, y)) << "step " << step;
    ASSERT_EQ(x.waiting(), y.waiting()) << "step " << step;
    ASSERT_EQ(x.in_use(), y.in_use()) << "step " << step;
    ASSERT_EQ(x.owners(), y.owners()) << "step " << step;
    ASSERT_LE(x.in_use(), max.max_in_use);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FairQueuePropertyTest, testing::Range(1u, 21u));

} // namespace
} // namespace mcpool::policy
