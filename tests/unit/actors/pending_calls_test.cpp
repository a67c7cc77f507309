// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pending_calls.hpp>

#include <gmock/gmock.h>

#include <string>
#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace mcpool::actors {
namespace {

using place = pending_calls::place;

pending_call entry(std::vector<std::string>* log = nullptr,
                   const std::string& method = "tools/call") {
  pending_call out;
  out.request.method = method;
  out.text = shared_text{method};
  out.outcome = [log, method](const result<shared_text>& x) {
    if (log != nullptr)
      log->push_back(method + (x ? " ok" : " failed"));
  };
  return out;
}

pending_call named(std::uint64_t name) {
  auto out = entry();
  out.request.id = {name};
  return out;
}

TEST(PendingCallsTest, GivesIdsThatAreNeverUsedAgain) {
  pending_calls calls;
  EXPECT_EQ(calls.next(), 1);
  EXPECT_EQ(calls.add(entry(), place::on_wire), 1);
  EXPECT_TRUE(calls.take(1));
  EXPECT_EQ(calls.next(), 2);
  EXPECT_EQ(calls.add(entry(), place::on_wire), 2);
}

TEST(PendingCallsTest, TakesACallOnce) {
  pending_calls calls;
  auto id = calls.add(entry(), place::on_wire);
  EXPECT_NE(calls.find(id), nullptr);
  EXPECT_TRUE(calls.take(id));
  EXPECT_EQ(calls.find(id), nullptr);
  EXPECT_FALSE(calls.take(id));
  EXPECT_EQ(calls.size(), 0u);
}

TEST(PendingCallsTest, KnowsNoCallWithoutAnId) {
  pending_calls calls;
  calls.add(entry(), place::on_wire);
  EXPECT_EQ(calls.find(0), nullptr);
  EXPECT_FALSE(calls.take(0));
}

TEST(PendingCallsTest, FindsACallByItsCallersName) {
  pending_calls calls;
  auto id = calls.add(named(7), place::on_wire);
  EXPECT_EQ(calls.find_named({}, {7}), id);
  EXPECT_EQ(calls.find_named({}, {8}), 0);
  calls.take(id);
  EXPECT_EQ(calls.find_named({}, {7}), 0);
}

TEST(PendingCallsTest, KeepsTheNewerOfTwoCallsOfOneName) {
  pending_calls calls;
  auto older = calls.add(named(7), place::on_wire);
  auto newer = calls.add(named(7), place::on_wire);
  calls.take(older);
  EXPECT_EQ(calls.find_named({}, {7}), newer);
}

TEST(PendingCallsTest, FindsNoCallWithoutAName) {
  pending_calls calls;
  calls.add(entry(), place::on_wire);
  EXPECT_EQ(calls.find_named({}, {0}), 0);
}

TEST(PendingCallsTest, ListsWhatWaitsInOrder) {
  pending_calls calls;
  for (auto i = 0; i < 40; ++i)
    calls.add(entry(), place::on_wire);
  for (auto id : {31, 4, 17})
    calls.move(id, place::waiting);
  EXPECT_THAT(calls.waiting(), ElementsAre(4, 17, 31));
  calls.move(17, place::on_wire);
  calls.take(4);
  EXPECT_THAT(calls.waiting(), ElementsAre(31));
  EXPECT_TRUE(calls.waits(31));
  EXPECT_FALSE(calls.waits(17));
}

TEST(PendingCallsTest, CountsTheCallsOfCallersWhereTheyAre) {
  pending_calls calls;
  auto own = entry();
  own.from = pending_call::origin::connection;
  calls.add(std::move(own), place::on_wire);
  auto a = calls.add(entry(), place::waiting);
  auto b = calls.add(entry(), place::on_wire);
  EXPECT_EQ(calls.in_flight(), 1u);
  EXPECT_EQ(calls.queued(), 1u);
  EXPECT_EQ(calls.waiting_bytes(), 10u); // "tools/call"
  calls.move(a, place::on_wire);
  calls.move(a, place::on_wire);
  calls.move(99, place::waiting);
  EXPECT_EQ(calls.in_flight(), 2u);
  EXPECT_EQ(calls.queued(), 0u);
  EXPECT_EQ(calls.waiting_bytes(), 0u);
  calls.move(b, place::waiting);
  calls.take_all();
  EXPECT_EQ(calls.in_flight(), 0u);
  EXPECT_EQ(calls.queued(), 0u);
  EXPECT_EQ(calls.waiting_bytes(), 0u);
}

TEST(PendingCallsTest, TakesAllInOrderAndForgetsTheirNames) {
  pending_calls calls;
  std::vector<std::string> log;
  for (auto method : {"a", "b", "c"})
    calls.add(entry(&log, method), place::on_wire);
  calls.add(named(7), place::on_wire);
  for (auto& x : calls.take_all())
    x.finish(make_refusal(errc::connection_lost, "gone"));
  EXPECT_THAT(log, ElementsAre("a failed", "b failed", "c failed"));
  EXPECT_EQ(calls.size(), 0u);
  EXPECT_EQ(calls.find_named({}, {7}), 0);
  EXPECT_THAT(calls.take_all(), IsEmpty());
}

TEST(PendingCallsTest, GivesAContinuationTheResult) {
  std::vector<std::string> log;
  auto x = entry(&log);
  x.finish(shared_text{"{}"});
  EXPECT_THAT(log, ElementsAre("tools/call ok"));
}

} // namespace
} // namespace mcpool::actors
