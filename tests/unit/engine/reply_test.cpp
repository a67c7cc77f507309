// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/reply.hpp>

#include "probe.hpp"

#include <mcpool/engine/ask.hpp>

#include <gmock/gmock.h>

#include <utility>
#include <vector>

using ::testing::HasSubstr;

namespace mcpool::engine::sample {
namespace {

class ReplyTest : public ProbeTest {
protected:
  /// An actor that told `x` to the actor under test, and counts what comes
  /// back to it.
  template <class Message>
  caf::actor teller(Message x) {
    return harness.start([this, x](caf::event_based_actor* self) {
      self->become([this](const number&) { ++received; });
      tell(self, aut, x);
    });
  }

  bool is_alive(const caf::actor& who) {
    auto ended = false;
    inside([&](probe& x) {
      x.watches.watch(who, [&](const caf::error&) { ended = true; });
    });
    inside([&](probe& x) { x.watches.forget(who); });
    return !ended;
  }

  int received = 0;
};

TEST_F(ReplyTest, AnswersWithAValue) {
  auto answer = ask<number>(park{});
  EXPECT_FALSE(answer.ready());
  inside([](probe& x) { x.parked.at(0).ok(number{7}); });
  EXPECT_EQ(answer.value().value, 7);
}

TEST_F(ReplyTest, AnswersWithACopyOfAValue) {
  auto answer = ask<number>(park{});
  inside([](probe& x) {
    const auto out = number{7};
    x.parked.at(0).ok(out);
  });
  EXPECT_EQ(answer.value().value, 7);
}

TEST_F(ReplyTest, AnswersWithARefusal) {
  auto answer = ask<number>(park{});
  inside([](probe& x) {
    x.parked.at(0).fail(make_refusal(errc::busy, "16 of 16 in use"));
  });
  EXPECT_EQ(answer.why().code, errc::busy);
  EXPECT_EQ(answer.why().text, "16 of 16 in use");
}

TEST_F(ReplyTest, AnswersWithAnError) {
  auto answer = ask<number>(park{});
  inside([](probe& x) {
    x.parked.at(0).fail(to_error(make_refusal(errc::busy, "full")));
  });
  EXPECT_EQ(answer.why().code, errc::busy);
}

TEST_F(ReplyTest, AnswersARequestForNothing) {
  auto answer = ask<void>(park_void{});
  EXPECT_FALSE(answer.ready());
  inside([](probe& x) { x.parked_void.at(0).ok(); });
  EXPECT_TRUE(answer.ready());
  EXPECT_NO_THROW(answer.value());
}

TEST_F(ReplyTest, RefusesARequestForNothing) {
  auto answer = ask<void>(park_void{});
  inside([](probe& x) {
    x.parked_void.at(0).fail(make_refusal(errc::cancelled, "over"));
  });
  EXPECT_EQ(answer.why().code, errc::cancelled);
}

TEST_F(ReplyTest, AnswersInternalErrorWhenItIsDropped) {
  auto answer = ask<number>(park{});
  auto nothing = ask<void>(park_void{});
  inside([](probe& x) {
    x.parked.clear();
    x.parked_void.clear();
  });
  EXPECT_EQ(answer.why().code, errc::internal_error);
  EXPECT_THAT(answer.why().text, HasSubstr("dropped"));
  EXPECT_EQ(nothing.why().code, errc::internal_error);
}

TEST_F(ReplyTest, AnswersOnce) {
  auto answer = ask<number>(park{});
  inside([](probe& x) {
    auto& owed = x.parked.at(0);
    owed.ok(number{1});
    owed.ok(number{2});
    owed.fail(make_refusal(errc::busy, "too late"));
    x.parked.clear();
  });
  EXPECT_EQ(answer.value().value, 1);
}

TEST_F(ReplyTest, OwesNothingAfterItWasMoved) {
  auto answer = ask<number>(park{});
  inside([](probe& x) {
    auto kept = std::move(x.parked.at(0));
    x.parked.clear();
    kept.ok(number{3});
  });
  EXPECT_EQ(answer.value().value, 3);
}

TEST_F(ReplyTest, FailsWhatItHeldWhenAnotherIsMovedIn) {
  auto first = ask<number>(park{});
  auto second = ask<number>(park{});
  inside([](probe& x) { x.parked.at(0) = std::move(x.parked.at(1)); });
  EXPECT_EQ(first.why().code, errc::internal_error);
  EXPECT_FALSE(second.ready());
  inside([](probe& x) { x.parked.at(0).ok(number{2}); });
  EXPECT_EQ(second.value().value, 2);
}

TEST_F(ReplyTest, OwesNothingWhenItWasMadeOfNothing) {
  reply<number> nothing;
  nothing.ok(number{1});
  nothing.fail(make_refusal(errc::busy, "nobody hears it"));
  reply<void> nobody;
  nobody.ok();
}

TEST_F(ReplyTest, AnswersInAnyOrder) {
  auto first = ask<number>(park{});
  auto second = ask<number>(park{});
  inside([](probe& x) { x.parked.at(1).ok(number{2}); });
  EXPECT_FALSE(first.ready());
  EXPECT_EQ(second.value().value, 2);
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_EQ(first.value().value, 1);
}

TEST_F(ReplyTest, AnswersWhenTheActorQuits) {
  auto answer = ask<number>(park{});
  auto nothing = ask<void>(park_void{});
  inside([](probe& x) { x.self->quit(); });
  EXPECT_EQ(state, nullptr);
  EXPECT_EQ(answer.why().code, errc::internal_error);
  EXPECT_EQ(nothing.why().code, errc::internal_error);
}

TEST_F(ReplyTest, AnswersWhenTheActorIsEnded) {
  auto answer = ask<number>(park{});
  end_now(aut);
  EXPECT_EQ(answer.why().code, errc::internal_error);
}

TEST_F(ReplyTest, AnswersWhenTheActorIsKilled) {
  auto answer = ask<number>(park{});
  caf::anon_send_exit(aut, caf::exit_reason::kill);
  harness.run();
  EXPECT_EQ(answer.why().code, errc::internal_error);
}

TEST_F(ReplyTest, ServesAnAskerThatIsGone) {
  auto asker = harness.start([this](caf::event_based_actor* self) {
    engine::ask(self, aut, park{})
      .then([](const number&) { FAIL(); }, [](const caf::error&) { FAIL(); });
  });
  harness.run();
  end_now(asker);
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_NE(state, nullptr);
}

TEST_F(ReplyTest, PassesTheRequestOnToWhoAnswersIt) {
  auto other = another();
  auto answer = ask<number>(park{});
  inside([&](probe& x) {
    x.parked.at(0).pass_on(other, square{5});
    x.parked.clear(); // owes nothing any more
  });
  EXPECT_EQ(answer.value().value, 25);
}

TEST_F(ReplyTest, SendsNothingToWhoOnlyToldIt) {
  auto who = teller(park{});
  harness.run();
  inside([](probe& x) { x.parked.at(0).ok(number{1}); });
  EXPECT_EQ(received, 0);
  EXPECT_TRUE(is_alive(who));
  end_now(who);
}

// An error that comes as an ordinary message ends its receiver.
TEST_F(ReplyTest, DoesNotEndWhoOnlyToldItRegression) {
  auto failed = teller(park{});
  auto dropped = teller(park{});
  auto refused = teller(park_void{});
  harness.run();
  inside([](probe& x) {
    x.parked.at(0).fail(make_refusal(errc::busy, "full"));
    x.parked_void.at(0).fail(make_refusal(errc::busy, "full"));
    x.parked.clear();
  });
  for (const auto& who : {failed, dropped, refused}) {
    EXPECT_TRUE(is_alive(who));
    end_now(who);
  }
}

TEST_F(ReplyTest, TakesARequestOfNobody) {
  post(aut, park{});
  post(aut, park_void{});
  harness.run();
  inside([](probe& x) {
    x.parked.at(0).ok(number{1});
    x.parked_void.at(0).fail(make_refusal(errc::busy, "full"));
  });
  EXPECT_NE(state, nullptr);
}

} // namespace
} // namespace mcpool::engine::sample
