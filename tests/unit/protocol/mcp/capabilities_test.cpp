// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/mcp/capabilities.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mcpool::protocol::mcp {
namespace {

using testing::HasSubstr;

TEST(CapabilitiesTest, OffersNothingByDefault) {
  auto x = parse_capabilities("{}").value();
  EXPECT_FALSE(x.tools || x.prompts || x.resources || x.subscribe || x.logging
               || x.completions || x.tools_changed || x.prompts_changed
               || x.resources_changed);
}

TEST(CapabilitiesTest, ReadsEveryCapability) {
  auto x = parse_capabilities(
             R"({"tools":{},"prompts":{},"resources":{},"logging":{},)"
             R"("completions":{},"experimental":{"x":{}}})")
             .value();
  EXPECT_TRUE(x.tools && x.prompts && x.resources && x.logging
              && x.completions);
  EXPECT_FALSE(x.subscribe || x.tools_changed || x.prompts_changed
               || x.resources_changed);
}

TEST(CapabilitiesTest, ReadsTheFlagsOfACapability) {
  auto x = parse_capabilities(
             R"({"tools":{"listChanged":true},"prompts":{"listChanged":false},)"
             R"("resources":{"subscribe":true,"listChanged":true}})")
             .value();
  EXPECT_TRUE(x.tools_changed && x.subscribe && x.resources_changed);
  EXPECT_FALSE(x.prompts_changed);
}

TEST(CapabilitiesTest, CountsOnlyObjectsAndTrueAsOffered) {
  auto x = parse_capabilities(
             R"({"tools":true,"prompts":null,"resources":false,"logging":0})")
             .value();
  EXPECT_TRUE(x.tools);
  EXPECT_FALSE(x.prompts || x.resources || x.logging);
}

TEST(CapabilitiesTest, RefusesWhatIsNoObject) {
  for (auto json : {"", "[]", "null", "true", "{"})
    EXPECT_EQ(parse_capabilities(json).error().code, errc::protocol_violation);
}

struct need_case {
  std::string_view method;
  capability what;
};

class NeedTest : public testing::TestWithParam<need_case> {};

TEST_P(NeedTest, IsAsTheSpecificationSays) {
  EXPECT_EQ(needed_for(GetParam().method, "2025-11-25"), GetParam().what);
}

INSTANTIATE_TEST_SUITE_P(
  Methods, NeedTest,
  testing::Values(need_case{"initialize", capability::none},
                  need_case{"ping", capability::none},
                  need_case{"tools/list", capability::tools},
                  need_case{"tools/call", capability::tools},
                  need_case{"prompts/list", capability::prompts},
                  need_case{"prompts/get", capability::prompts},
                  need_case{"resources/list", capability::resources},
                  need_case{"resources/templates/list", capability::resources},
                  need_case{"resources/read", capability::resources},
                  need_case{"resources/subscribe", capability::subscribe},
                  need_case{"resources/unsubscribe", capability::subscribe},
                  need_case{"logging/setLevel", capability::logging},
                  need_case{"completion/complete", capability::completions},
                  need_case{"acme/custom", capability::none},
                  need_case{"", capability::none}));

TEST(CapabilitiesTest, NeedsNoFlagForCompletionsInTheOldestRevision) {
  EXPECT_EQ(needed_for("completion/complete", "2024-11-05"), capability::none);
  EXPECT_EQ(needed_for("completion/complete", "2025-03-26"),
            capability::completions);
}

TEST(CapabilitiesTest, OffersExactlyWhatIsSet) {
  capabilities x;
  EXPECT_TRUE(offers(x, capability::none));
  for (auto [flag, what] :
       {std::pair{&capabilities::tools, capability::tools},
        std::pair{&capabilities::prompts, capability::prompts},
        std::pair{&capabilities::resources, capability::resources},
        std::pair{&capabilities::subscribe, capability::subscribe},
        std::pair{&capabilities::logging, capability::logging},
        std::pair{&capabilities::completions, capability::completions}}) {
    EXPECT_FALSE(offers(x, what));
    x.*flag = true;
    EXPECT_TRUE(offers(x, what));
    x = {};
  }
}

TEST(CapabilitiesTest, NamesWhatIsMissing) {
  capabilities server;
  server.resources = true;
  EXPECT_TRUE(check_offered(server, "resources/read", "2025-11-25"));
  auto x = check_offered(server, "resources/subscribe", "2025-11-25");
  ASSERT_FALSE(x);
  EXPECT_EQ(x.error().code, errc::not_supported);
  EXPECT_THAT(x.error().text, HasSubstr("resources.subscribe"));
  EXPECT_THAT(x.error().text, HasSubstr("resources/subscribe needs"));
}

} // namespace
} // namespace mcpool::protocol::mcp
