// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "filler.hpp"
#include "same.hpp"

#include <mcpool/core/describe.hpp>
#include <mcpool/messages/types.hpp>

#include <boost/mp11/algorithm.hpp>
#include <caf/deep_to_string.hpp>

#include <gmock/gmock.h>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

using ::testing::HasSubstr;
using ::testing::Not;

namespace mcpool::messages {
namespace {

// Every type that has an id, so that none can be left out.
constexpr auto first_id = caf::id_block::mcpool_engine::begin;
constexpr auto end_id = caf::id_block::mcpool_messages::end;

template <class Offsets>
struct list_types;

template <std::size_t... Offsets>
struct list_types<std::index_sequence<Offsets...>> {
  using type
    = ::testing::Types<typename caf::type_by_id<first_id + Offsets>::type...>;
};

using all_types =
  typename list_types<std::make_index_sequence<end_id - first_id>>::type;

template <class T>
class RoundTripTest : public ::testing::Test {
protected:
  T filled() {
    T out{};
    filler_.fill(out);
    return out;
  }

  engine::testing::deterministic harness;

private:
  filler filler_{harness};
};

TYPED_TEST_SUITE(RoundTripTest, all_types);

TYPED_TEST(RoundTripTest, FillsEveryField) {
  auto x = this->filled();
  auto y = TypeParam{};
  if constexpr (is_described_struct<TypeParam>)
    boost::mp11::mp_for_each<members_of<TypeParam>>([&](auto d) {
      EXPECT_FALSE(same(x.*d.pointer, y.*d.pointer)) << d.name;
    });
  else
    EXPECT_FALSE(same(x, y));
}

TYPED_TEST(RoundTripTest, ArrivesWhole) {
  auto x = this->filled();
  auto y = engine::testing::round_trip(this->harness.system(), x);
  ASSERT_TRUE(y);
  EXPECT_TRUE(same(x, *y));
}

// Zero need not be an enumerator, so an enum has no default: all its values
// arrive instead.
TYPED_TEST(RoundTripTest, ArrivesWithItsDefaults) {
  std::vector<TypeParam> all;
  if constexpr (is_described_enum<TypeParam>)
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<TypeParam>>(
      [&all](auto x) { all.push_back(x.value); });
  else
    all.emplace_back();
  ASSERT_FALSE(all.empty());
  for (const auto& x : all) {
    auto y = engine::testing::round_trip(this->harness.system(), x);
    ASSERT_TRUE(y);
    EXPECT_TRUE(same(x, *y));
  }
}

TYPED_TEST(RoundTripTest, PrintsNoSecret) {
  EXPECT_THAT(caf::deep_to_string(this->filled()),
              Not(HasSubstr(filler::password)));
}

TEST(MessagesTest, PrintSecretsOfAConfigurationAsStars) {
  config::server_config x;
  x.env = {{"TOKEN", secret{"hunter"}}};
  x.headers = {{"Authorization", secret{"hunter"}}};
  auto text = caf::deep_to_string(x);
  EXPECT_THAT(text, HasSubstr("***"));
  EXPECT_THAT(text, HasSubstr("TOKEN"));
  EXPECT_THAT(text, Not(HasSubstr("hunter")));
}

TEST(MessagesTest, CarryTheSecretsOfAConfiguration) {
  engine::testing::deterministic harness;
  registry::put_config x;
  x.config.env = {{"TOKEN", secret{"hunter"}}};
  auto y = engine::testing::round_trip(harness.system(), x);
  ASSERT_TRUE(y);
  EXPECT_EQ(y->config.env.at("TOKEN").reveal(), "hunter");
}

TEST(MessagesTest, CarryNoHandleAsNoHandle) {
  engine::testing::deterministic harness;
  auto y = engine::testing::round_trip(harness.system(), connection::call{});
  ASSERT_TRUE(y);
  EXPECT_FALSE(y->progress);
}

} // namespace
} // namespace mcpool::messages
