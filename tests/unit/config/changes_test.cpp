// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/changes.hpp>

#include <mcpool/config/load.hpp>

#include <gtest/gtest.h>

namespace mcpool::config {

namespace {

document document_of(const std::string& servers, const std::string& pool = "") {
  auto text = "{\"mcpServers\":{" + servers + "},\"pool\":{" + pool + "}}";
  auto out = load_texts({{"/a.json", text}}, {});
  for (const auto& x : out.findings)
    ADD_FAILURE() << to_string(x);
  return out.value.value_or(document{});
}

std::string names(const std::vector<server_name>& list) {
  std::string out;
  for (const auto& x : list)
    out += x.value + ' ';
  return out;
}

constexpr auto two = R"("a":{"command":"x"},"b":{"command":"y"})";

} // namespace

TEST(ChangesTest, FindsNothingBetweenEquals) {
  auto out = changes_between(document_of(two), document_of(two));
  EXPECT_EQ(names(out.changed), "");
  EXPECT_EQ(names(out.removed), "");
  EXPECT_FALSE(out.pool_changed);
}

TEST(ChangesTest, IgnoresTheRevision) {
  auto before = document_of(two);
  before.servers[server_name{"a"}].revision = 9;
  EXPECT_EQ(names(changes_between(before, document_of(two)).changed), "");
}

TEST(ChangesTest, FindsNewChangedAndRemovedServers) {
  auto after = document_of(
    R"("d":{"command":"n"},"c":{"command":"n"},"b":{"command":"z"})");
  auto out = changes_between(document_of(two), after);
  EXPECT_EQ(names(out.changed), "b c d ");
  EXPECT_EQ(names(out.removed), "a ");
}

TEST(ChangesTest, FindsWhatLeavesTheFingerprintAlone) {
  for (auto member :
       {R"("startup":true)", R"("startup":false)", R"("title":"T")",
        R"("description":"D")", R"("keepAlive":true)"}) {
    auto text = std::string{R"("a":{"command":"x",)"} + member
                + R"(},"b":{"command":"y"})";
    auto after = document_of(text);
    auto before = document_of(two);
    EXPECT_EQ(names(changes_between(before, after).changed), "a ") << member;
    EXPECT_EQ(before.servers[server_name{"a"}].fingerprint,
              after.servers[server_name{"a"}].fingerprint);
  }
}

TEST(ChangesTest, FindsServersWhoseDefaultsChanged) {
  auto before = document_of(R"("a":{"command":"x"},)"
                            R"("b":{"command":"y","timeout":"1s"})");
  auto after = document_of(R"("a":{"command":"x"},)"
                           R"("b":{"command":"y","timeout":"1s"})",
                           R"("defaults":{"timeout":"2s"})");
  auto out = changes_between(before, after);
  EXPECT_EQ(names(out.changed), "a ");
  EXPECT_FALSE(out.pool_changed);
}

TEST(ChangesTest, FindsEveryChangeOfThePool) {
  for (auto pool :
       {R"("throttle":{"maxStarting":1})",
        R"("throttle":{"maxStartingPerOwner":1})",
        R"("throttle":{"maxWaiting":1})", R"("maxAttempts":1)",
        R"("cooldown":{"base":2000})", R"("cooldown":{"max":1})",
        R"("cooldown":{"resetAfter":1})", R"("threads":1)",
        R"("drainTimeout":1)", R"("livenessTtl":1)", R"("pingTimeout":1)",
        R"("maxCallsPerConnection":1)", R"("maxWaitingCallers":1)",
        R"("scopeIdleTimeout":1)", R"("maxScopes":1)"})
    EXPECT_TRUE(
      changes_between(document_of(two), document_of(two, pool)).pool_changed)
      << pool;
}

} // namespace mcpool::config
