// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/finding.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

TEST(FindingTest, PrintsFileLineKeyAndText) {
  EXPECT_EQ(to_string(finding{"a.json", "pool.threads", 7, "is odd"}),
            "a.json:7: pool.threads: is odd");
}

TEST(FindingTest, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(to_string(finding{"a.json", "", 0, "is empty"}),
            "a.json: is empty");
  EXPECT_EQ(to_string(finding{"a.json", "", 2, "is no JSON"}),
            "a.json:2: is no JSON");
  EXPECT_EQ(to_string(finding{"", "MCPOOL_THREADS", 0, "is odd"}),
            "MCPOOL_THREADS: is odd");
  EXPECT_EQ(to_string(finding{"", "", 0, "and 3 findings more"}),
            "and 3 findings more");
}

TEST(FindingTest, BecomesOneRefusalWithALineEach) {
  auto out = refusal_of({{"a", "", 0, "is bad"}, {"b", "", 0, "is worse"}});
  EXPECT_EQ(out.code, errc::invalid_config);
  EXPECT_EQ(out.text, "a: is bad\nb: is worse");
}

} // namespace mcpool::config
