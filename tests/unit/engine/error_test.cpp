// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/error.hpp>

#include "probe.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <gmock/gmock.h>

#include <chrono>

using ::testing::HasSubstr;
using ::testing::Not;

namespace mcpool::engine {
namespace {

using namespace std::chrono_literals;

refusal full_refusal() {
  refusal out;
  out.code = errc::remote_error;
  out.text = "the server said no";
  out.retry_after = 1500ms;
  out.login_url = "https://login.example/";
  out.remote = remote_error{-32001, "no", R"({"why":"because"})"};
  return out;
}

TEST(ErrorTest, CarriesARefusalThereAndBack) {
  auto x = to_refusal(to_error(full_refusal()));
  EXPECT_EQ(x.code, errc::remote_error);
  EXPECT_EQ(x.text, "the server said no");
  EXPECT_EQ(x.retry_after, 1500ms);
  EXPECT_EQ(x.login_url, "https://login.example/");
  ASSERT_TRUE(x.remote);
  EXPECT_EQ(x.remote->code, -32001);
  EXPECT_EQ(x.remote->message, "no");
  EXPECT_EQ(x.remote->data, R"({"why":"because"})");
}

TEST(ErrorTest, KeepsOptionalFieldsEmpty) {
  auto x = to_refusal(to_error(make_refusal(errc::busy, "full")));
  EXPECT_EQ(x.code, errc::busy);
  EXPECT_EQ(x.text, "full");
  EXPECT_FALSE(x.retry_after);
  EXPECT_FALSE(x.login_url);
  EXPECT_FALSE(x.remote);
}

TEST(ErrorTest, CarriesEveryCode) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<errc>>(
    [](auto d) {
      auto x = to_error(make_refusal(d.value, d.name));
      EXPECT_TRUE(failed(x)) << d.name;
      EXPECT_EQ(to_refusal(x).code, d.value) << d.name;
      EXPECT_EQ(to_refusal(x).text, d.name);
    });
}

TEST(ErrorTest, NamesTheCodeOfAnErrorWithoutContext) {
  auto x = to_refusal(caf::make_error(errc::busy));
  EXPECT_EQ(x.code, errc::busy);
  EXPECT_EQ(x.text, "no details");
}

TEST(ErrorTest, MapsATimeoutOfCaf) {
  auto x = to_refusal(caf::make_error(caf::sec::request_timeout));
  EXPECT_EQ(x.code, errc::call_timed_out);
}

TEST(ErrorTest, MapsAnActorThatEnded) {
  for (const auto& why :
       {caf::make_error(caf::sec::request_receiver_down),
        caf::make_error(caf::exit_reason::user_shutdown),
        caf::make_error(caf::exit_reason::kill),
        caf::make_error(caf::exit_reason::remote_link_unreachable)})
    EXPECT_EQ(to_refusal(why).code, errc::connection_lost);
}

// An actor that quits without a reason leaves an empty error.
TEST(ErrorTest, MapsNoErrorRegression) {
  EXPECT_EQ(to_refusal(caf::error{}).code, errc::connection_lost);
}

TEST(ErrorTest, MapsOtherErrorsOfCafWithTheirCode) {
  auto x = to_refusal(caf::make_error(caf::sec::runtime_error));
  EXPECT_EQ(x.code, errc::internal_error);
  EXPECT_THAT(x.text, HasSubstr(std::to_string(int(caf::sec::runtime_error))));
}

TEST(ErrorTest, KeepsCodesOfCafApartFromOurs) {
  // The same number in another category.
  auto theirs = caf::make_error(static_cast<caf::sec>(errc::shutting_down));
  EXPECT_EQ(to_refusal(theirs).code, errc::internal_error);
}

TEST(ErrorTest, FailsUnlessItIsEmpty) {
  EXPECT_FALSE(failed(caf::error{}));
  EXPECT_TRUE(failed(caf::make_error(errc::busy)));
  EXPECT_TRUE(failed(caf::make_error(caf::sec::request_timeout)));
}

TEST(ErrorTest, RendersTheSentence) {
  auto context = caf::make_message(full_refusal());
  auto code = static_cast<std::uint8_t>(errc::remote_error);
  EXPECT_EQ(render_error(code, context), "remote_error: the server said no");
}

TEST(ErrorTest, RendersTheNameWithoutContext) {
  auto code = static_cast<std::uint8_t>(errc::busy);
  EXPECT_EQ(render_error(code, caf::message{}), "busy");
}

TEST(ErrorTest, RendersACodeOfANewerNode) {
  EXPECT_EQ(render_error(250, caf::message{}), "?");
}

} // namespace
} // namespace mcpool::engine
