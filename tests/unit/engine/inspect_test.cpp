// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/inspect.hpp>

#include "probe.hpp"

#include <caf/deep_to_string.hpp>

#include <gmock/gmock.h>

#include <chrono>
#include <limits>

using ::testing::HasSubstr;
using ::testing::Not;

namespace mcpool::engine::sample {
namespace {

using namespace std::chrono_literals;

everything full() {
  everything x;
  x.flag = true;
  x.small = 200;
  x.signed_number = -5;
  x.big = std::numeric_limits<std::uint64_t>::max();
  x.fraction = -0.125;
  x.text = "text with \0 inside and ü";
  x.paint = color::blue;
  x.span = -1500ms + 3ns;
  x.instant = time_point{1'700'000'000s + 7ns};
  x.until = {time_point{1'800'000'000s}};
  x.token = secret{"hunter2"};
  x.payload = shared_text{R"({"a":1})"};
  for (std::size_t i = 0; i < x.fingerprint.bytes.size(); ++i)
    x.fingerprint.bytes[i] = static_cast<std::uint8_t>(255 - i);
  x.owner = owner_scope{scope_kind::user, "ann"};
  x.server = {"files"};
  x.call = {11};
  x.permit = {12};
  x.why = make_refusal(errc::busy, "full");
  x.why.retry_after = 2s;
  x.nested = {"nested", -1};
  x.maybe_text = "maybe";
  x.maybe_nested = inner{"deep", std::nullopt};
  x.texts = {"", "one", "two"};
  x.list = {{"a", 1}, {"b", std::nullopt}};
  x.secrets = {{"KEY", secret{"hunter3"}}, {"NONE", secret{}}};
  x.by_name = {{server_name{"s"}, inner{"t", 5}}};
  return x;
}

class InspectTest : public ::testing::Test {
protected:
  template <class T>
  T sent(const T& x) {
    auto out = testing::round_trip(harness.system(), x);
    EXPECT_TRUE(out);
    return out ? *out : T{};
  }

  testing::deterministic harness;
};

TEST_F(InspectTest, CarriesNumbersAndTexts) {
  auto x = full();
  auto y = sent(x);
  EXPECT_EQ(y.flag, x.flag);
  EXPECT_EQ(y.small, x.small);
  EXPECT_EQ(y.signed_number, x.signed_number);
  EXPECT_EQ(y.big, x.big);
  EXPECT_EQ(y.fraction, x.fraction);
  EXPECT_EQ(y.text, x.text);
}

TEST_F(InspectTest, CarriesBytesThatAreNoText) {
  everything x;
  x.text = std::string{"\0\xff\n", 3};
  EXPECT_EQ(sent(x).text, x.text);
}

TEST_F(InspectTest, CarriesEnums) {
  for (auto paint : {color::red, color::green, color::blue}) {
    everything x;
    x.paint = paint;
    EXPECT_EQ(sent(x).paint, paint);
  }
}

TEST_F(InspectTest, CarriesTimes) {
  auto x = full();
  auto y = sent(x);
  EXPECT_EQ(y.span, x.span);
  EXPECT_EQ(y.instant, x.instant);
  EXPECT_EQ(y.until, x.until);
}

TEST_F(InspectTest, CarriesADeadlineThatWasNotGiven) {
  EXPECT_FALSE(sent(everything{}).until.given());
}

TEST_F(InspectTest, CarriesSecretsAndSharedTextsWhole) {
  auto x = full();
  auto y = sent(x);
  EXPECT_EQ(y.token.reveal(), "hunter2");
  EXPECT_EQ(y.payload, x.payload);
  EXPECT_EQ(y.secrets, x.secrets);
}

TEST_F(InspectTest, CarriesASliceAloneAndNotWhatItWasCutFrom) {
  auto whole = shared_text{std::string(10'000, 'x') + "end"};
  everything x;
  x.payload = whole.slice(whole.view().substr(10'000));
  auto bytes = testing::to_bytes(harness.system(), x);
  EXPECT_LT(bytes->size(), 1000u);
  EXPECT_EQ(sent(x).payload.view(), "end");
}

TEST_F(InspectTest, CarriesIdsAndOwners) {
  auto x = full();
  auto y = sent(x);
  EXPECT_EQ(y.fingerprint, x.fingerprint);
  EXPECT_EQ(y.owner, x.owner);
  EXPECT_EQ(y.server, x.server);
  EXPECT_EQ(y.call, x.call);
  EXPECT_EQ(y.permit, x.permit);
}

TEST_F(InspectTest, CarriesStructsInStructs) {
  auto x = full();
  auto y = sent(x);
  EXPECT_EQ(y.nested, x.nested);
  EXPECT_EQ(y.list, x.list);
  EXPECT_EQ(y.by_name, x.by_name);
  EXPECT_EQ(y.texts, x.texts);
  EXPECT_EQ(y.why.code, x.why.code);
  EXPECT_EQ(y.why.text, x.why.text);
  EXPECT_EQ(y.why.retry_after, x.why.retry_after);
}

TEST_F(InspectTest, CarriesOptionalFieldsThatAreThere) {
  auto y = sent(full());
  EXPECT_EQ(y.maybe_text, "maybe");
  EXPECT_EQ(y.maybe_nested, (inner{"deep", std::nullopt}));
}

TEST_F(InspectTest, CarriesOptionalFieldsThatAreNotThere) {
  auto y = sent(everything{});
  EXPECT_EQ(y.maybe_text, std::nullopt);
  EXPECT_EQ(y.maybe_nested, std::nullopt);
}

TEST_F(InspectTest, CarriesAStructWithoutMembers) {
  auto bytes = testing::to_bytes(harness.system(), nothing{});
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(testing::from_bytes<nothing>(harness.system(), *bytes));
}

TEST_F(InspectTest, OverwritesWhatTheReceiverHeld) {
  // An empty optional replaces a full one: nothing of the old value is left.
  auto bytes
    = testing::to_bytes(harness.system(), std::vector<inner>{{"a", {}}});
  auto y = testing::from_bytes<std::vector<inner>>(harness.system(), *bytes);
  ASSERT_TRUE(y);
  EXPECT_EQ(y->at(0).maybe, std::nullopt);
}

TEST_F(InspectTest, FailsOnEveryCutMessage) {
  auto bytes = *testing::to_bytes(harness.system(), full());
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    auto cut = testing::byte_list(bytes.begin(), bytes.begin() + long(n));
    EXPECT_FALSE(testing::from_bytes<everything>(harness.system(), cut))
      << n << " of " << bytes.size();
  }
}

TEST_F(InspectTest, FailsOnBytesThatAreLeft) {
  auto bytes = *testing::to_bytes(harness.system(), inner{"a", 1});
  bytes.push_back({});
  EXPECT_FALSE(testing::from_bytes<inner>(harness.system(), bytes));
}

TEST_F(InspectTest, PrintsSecretsAsStars) {
  auto text = caf::deep_to_string(full());
  EXPECT_THAT(text, HasSubstr("***"));
  EXPECT_THAT(text, Not(HasSubstr("hunter")));
}

TEST_F(InspectTest, PrintsASecretAloneAsStars) {
  EXPECT_THAT(caf::deep_to_string(secret{"hunter2"}), HasSubstr("***"));
  EXPECT_THAT(caf::deep_to_string(secret{"hunter2"}), Not(HasSubstr("hunter")));
}

TEST_F(InspectTest, PrintsMessagesWithoutTheirSecrets) {
  auto text = caf::deep_to_string(caf::make_message(full()));
  EXPECT_THAT(text, Not(HasSubstr("hunter")));
}

TEST_F(InspectTest, PrintsEnumsByName) {
  EXPECT_EQ(to_string(color::green), "green");
  EXPECT_THAT(caf::deep_to_string(color::green), HasSubstr("green"));
}

TEST_F(InspectTest, ReadsOnlyEnumeratorsThatExist) {
  auto x = color::red;
  EXPECT_TRUE(enum_from_integer<color>(7, x));
  EXPECT_EQ(x, color::green);
  EXPECT_FALSE(enum_from_integer<color>(1, x));
  EXPECT_EQ(x, color::green);
}

} // namespace
} // namespace mcpool::engine::sample
