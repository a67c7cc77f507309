// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/refusal.hpp>

#include <mcpool/core/result.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace mcpool {
namespace {

TEST(RefusalTest, PrintsItsCodeAndItsSentence) {
  EXPECT_EQ(to_string(make_refusal(errc::busy, "64 of 64 are taken")),
            "busy: 64 of 64 are taken");
}

TEST(RefusalTest, CarriesNothingElseUnlessToldTo) {
  auto x = make_refusal(errc::busy, "");
  EXPECT_FALSE(x.retry_after);
  EXPECT_FALSE(x.login_url);
  EXPECT_FALSE(x.remote);
}

TEST(RefusalTest, MakesAnUncheckedResultThrow) {
  result<int> x = make_refusal(errc::busy, "taken");
  EXPECT_THROW(static_cast<void>(x.value()), std::logic_error);
}

} // namespace
} // namespace mcpool
