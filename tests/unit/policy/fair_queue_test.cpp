// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/policy/fair_queue.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace mcpool::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using tickets = std::vector<fair_queue::ticket>;

constexpr std::size_t plenty = 1000;

const auto ann = owner_scope{scope_kind::user, "ann"};
const auto bob = owner_scope{scope_kind::user, "bob"};
const auto cy = owner_scope{scope_kind::user, "cy"};

// Takes everything that may be served now.
tickets pop_all(fair_queue& x) {
  tickets out;
  while (auto next = x.pop())
    out.push_back(*next);
  return out;
}

TEST(FairQueueTest, HasNothingToServeAtFirst) {
  fair_queue x{plenty, plenty};
  EXPECT_EQ(x.pop(), std::nullopt);
  EXPECT_EQ(x.waiting(), 0u);
  EXPECT_EQ(x.in_use(), 0u);
  EXPECT_EQ(x.owners(), 0u);
}

TEST(FairQueueTest, ServesOneOwnerInOrderOfArrival) {
  fair_queue x{plenty, plenty};
  for (auto ticket : {3u, 1u, 2u})
    x.push(ann, ticket);
  EXPECT_THAT(pop_all(x), ElementsAre(3, 1, 2));
}

TEST(FairQueueTest, LetsOwnersTakeTurns) {
  fair_queue x{plenty, plenty};
  for (auto ticket : {10u, 11u, 12u, 13u})
    x.push(ann, ticket);
  x.push(bob, 20);
  x.push(bob, 21);
  x.push(cy, 30);
  EXPECT_THAT(pop_all(x), ElementsAre(10, 20, 30, 11, 21, 12, 13));
}

TEST(FairQueueTest, KeepsTheSharedScopeApartFromUsers) {
  fair_queue x{plenty, 1};
  x.push(shared_scope(), 1);
  x.push(owner_scope{scope_kind::user, ""}, 2);
  EXPECT_THAT(pop_all(x), ElementsAre(1, 2));
}

TEST(FairQueueTest, ServesALateOwnerBeforeTheRestOfALongQueue) {
  fair_queue x{plenty, plenty};
  for (fair_queue::ticket ticket = 0; ticket < 100; ++ticket)
    x.push(ann, ticket);
  EXPECT_EQ(x.pop(), 0u);
  x.push(bob, 200);
  EXPECT_EQ(x.pop(), 1u);
  EXPECT_EQ(x.pop(), 200u);
}

TEST(FairQueueTest, NeverServesMoreThanTheLimitOfAnOwner) {
  fair_queue x{plenty, 2};
  for (auto ticket : {10u, 11u, 12u})
    x.push(ann, ticket);
  x.push(bob, 20);
  EXPECT_THAT(pop_all(x), ElementsAre(10, 20, 11));
  EXPECT_EQ(x.waiting(), 1u);
}

TEST(FairQueueTest, GivesAnOwnerItsTurnBackWhenOneIsDone) {
  fair_queue x{plenty, 1};
  x.push(ann, 10);
  x.push(ann, 11);
  EXPECT_THAT(pop_all(x), ElementsAre(10));
  x.finish(ann);
  EXPECT_THAT(pop_all(x), ElementsAre(11));
}

TEST(FairQueueTest, PutsAnOwnerThatWasAtItsLimitBehindTheOthers) {
  fair_queue x{1, 1};
  x.push(ann, 10);
  x.push(ann, 11);
  x.push(bob, 20);
  EXPECT_THAT(pop_all(x), ElementsAre(10));
  x.finish(ann);
  EXPECT_THAT(pop_all(x), ElementsAre(20));
  x.finish(bob);
  EXPECT_THAT(pop_all(x), ElementsAre(11));
}

TEST(FairQueueTest, NeverServesMoreThanTheLimitOfAll) {
  fair_queue x{2, plenty};
  x.push(ann, 10);
  x.push(bob, 20);
  x.push(cy, 30);
  EXPECT_THAT(pop_all(x), ElementsAre(10, 20));
  EXPECT_EQ(x.in_use(), 2u);
  x.finish(ann);
  EXPECT_THAT(pop_all(x), ElementsAre(30));
}

TEST(FairQueueTest, ForgetsATicketThatWasRemoved) {
  fair_queue x{plenty, plenty};
  for (auto ticket : {1u, 2u, 3u})
    x.push(ann, ticket);
  EXPECT_TRUE(x.remove(2));
  EXPECT_EQ(x.waiting(), 2u);
  EXPECT_THAT(pop_all(x), ElementsAre(1, 3));
}

TEST(FairQueueTest, CannotRemoveWhatDoesNotWait) {
  fair_queue x{plenty, plenty};
  x.push(ann, 1);
  EXPECT_FALSE(x.remove(2));
  x.pop();
  EXPECT_FALSE(x.remove(1));
  EXPECT_EQ(x.in_use(), 1u);
}

TEST(FairQueueTest, SkipsAnOwnerWhoseLastTicketWasRemoved) {
  fair_queue x{plenty, plenty};
  x.push(ann, 1);
  x.push(bob, 2);
  EXPECT_TRUE(x.remove(1));
  EXPECT_THAT(pop_all(x), ElementsAre(2));
}

TEST(FairQueueTest, RemovesFromAnOwnerAtItsLimit) {
  fair_queue x{plenty, 1};
  x.push(ann, 1);
  x.push(ann, 2);
  EXPECT_THAT(pop_all(x), ElementsAre(1));
  EXPECT_TRUE(x.remove(2));
  x.finish(ann);
  EXPECT_THAT(pop_all(x), IsEmpty());
}

TEST(FairQueueTest, IgnoresAFinishOfAnOwnerWithoutTickets) {
  fair_queue x{plenty, plenty};
  x.finish(ann);
  x.push(ann, 1);
  x.finish(ann);
  EXPECT_EQ(x.in_use(), 0u);
  EXPECT_THAT(pop_all(x), ElementsAre(1));
}

TEST(FairQueueTest, ForgetsOwnersThatAreIdle) {
  fair_queue x{plenty, plenty};
  x.push(ann, 1);
  x.push(bob, 2);
  EXPECT_EQ(x.owners(), 2u);
  x.remove(2);
  EXPECT_EQ(x.owners(), 1u);
  x.pop();
  EXPECT_EQ(x.owners(), 1u);
  x.finish(ann);
  EXPECT_EQ(x.owners(), 0u);
}

TEST(FairQueueTest, CountsWhatAnOwnerWasServedAfterItsQueueIsEmpty) {
  fair_queue x{plenty, 1};
  x.push(ann, 1);
  x.pop();
  x.push(ann, 2);
  EXPECT_EQ(x.pop(), std::nullopt);
}

} // namespace
} // namespace mcpool::policy
