// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/environment.hpp>

#include <gtest/gtest.h>

#include <stdlib.h>

namespace mcpool::config {

TEST(EnvironmentTest, HoldsTheVariablesOfTheProcess) {
  ASSERT_EQ(::setenv("CONFIG_TEST_VARIABLE", "a=b", 1), 0);
  ASSERT_EQ(::setenv("CONFIG_TEST_EMPTY", "", 1), 0);
  auto env = process_environment();
  EXPECT_EQ(env["CONFIG_TEST_VARIABLE"], "a=b");
  EXPECT_EQ(env.count("CONFIG_TEST_EMPTY"), 1u);
  EXPECT_EQ(env.count("CONFIG_TEST_UNSET"), 0u);
}

} // namespace mcpool::config
