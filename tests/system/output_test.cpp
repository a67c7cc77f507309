// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// Output that nobody gets.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

namespace mcpool::system {

namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr auto disk_full
  = "mcpool: cannot write to standard output: No space left on device\n";

class OutputTest : public system_test {
protected:
  void SetUp() override { configure({{"files", fake()}}); }
};

TEST_F(OutputTest, FailsWhenItCannotBeWrittenRegression) {
  for (auto* args : {"config dump", "config check", "status", "tools files",
                     "has files", "--json has nobody", "--help", "--version"}) {
    auto x = run_shell(std::string{"$mcpool "} + args + " > /dev/full");
    EXPECT_EQ(x.code, 2) << args;
    EXPECT_EQ(x.err, disk_full) << args;
  }
}

TEST_F(OutputTest, KeepsTheCodeOfWhatFailedBesides) {
  configure_text("[]");
  auto x = run_shell("$mcpool --json config check > /dev/full");
  EXPECT_EQ(x.code, 3);
  EXPECT_THAT(x.err, HasSubstr("must be an object"));
  EXPECT_THAT(x.err, EndsWith(disk_full));
}

TEST_F(OutputTest, SaysNothingWhenNobodyReadsAnyMore) {
  auto x = run_shell("{ sleep 0.3; $mcpool config dump; echo $? >&2; } | true");
  EXPECT_EQ(x.err, "141\n");
}

TEST_F(OutputTest, WatchingEndsWhenNobodyReadsAnyMoreRegression) {
  auto x = run_shell(
    "{ $mcpool status --watch; echo $? >&2; } | head -n 1 | cut -c -5");
  EXPECT_EQ(x.out, "OWNER\n");
  EXPECT_EQ(x.err, "141\n");
}

TEST_F(OutputTest, WatchingEndsWhenItCannotBeWrittenRegression) {
  auto x = run_shell("$mcpool status --watch > /dev/full");
  EXPECT_EQ(x.code, 2);
  EXPECT_EQ(x.err, disk_full);
}

} // namespace

} // namespace mcpool::system
