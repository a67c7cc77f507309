// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/throttle.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/testing.hpp>
#include <mcpool/messages/types.hpp>

#include <mcpool/testkit/puppet.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <utility>
#include <vector>

using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace mcpool::actors {
namespace {

using namespace std::chrono_literals;
using namespace messages::throttle;
using engine::testing::answer;
using engine::testing::deterministic;
using testkit::puppet;

owner_scope user(int number) {
  return *user_scope(cat("user", number));
}

class ThrottleTest : public ::testing::Test {
protected:
  using request = answer<permit>;

  ~ThrottleTest() override {
    clients_.clear();
    engine::end(aut);
    harness.run();
  }

  void start(std::uint32_t max_starting, std::uint32_t per_owner,
             std::uint32_t max_waiting = 1000) {
    config::throttle_config limits{max_starting, per_owner, max_waiting};
    aut = throttle_actor{
      engine::spawn<throttle>(harness.system(), limits, harness.wheel())};
    harness.run();
  }

  /// Another actor that asks for permits.
  puppet& client() {
    clients_.push_back(std::make_unique<puppet>(harness));
    return *clients_.back();
  }

  request acquire(puppet& who, const owner_scope& owner, deadline until = {}) {
    return who.ask<permit>(aut, messages::throttle::acquire{owner, until});
  }

  /// The same, for a server at an endpoint.
  request acquire_at(puppet& who, int owner, const std::string& endpoint,
                     deadline until = {}) {
    return who.ask<permit>(
      aut, messages::throttle::acquire{user(owner), until, endpoint});
  }

  void settle(puppet& who, const request& x, policy::start_outcome outcome) {
    who.tell(aut, messages::throttle::release{x.value().id, outcome});
  }

  /// An endpoint that cannot be reached.
  void close(const std::string& endpoint) {
    auto& who = client();
    settle(who, acquire_at(who, 1, endpoint),
           policy::start_outcome::unreachable);
  }

  /// Closes an endpoint, and asks for the start that tries it again.
  request close_and_probe(puppet& who, const std::string& endpoint) {
    close(endpoint);
    return acquire_at(who, 1, endpoint);
  }

  /// One request of a client of its own.
  request acquire(const owner_scope& owner, deadline until = {}) {
    return acquire(client(), owner, until);
  }

  throttle_status status() {
    return harness.ask<throttle_status>(aut, messages::throttle::status{})
      .value();
  }

  static std::size_t granted(const std::vector<request>& all) {
    return std::count_if(all.begin(), all.end(), [](const request& x) {
      return x.ready() && !x.refused();
    });
  }

  deterministic harness;
  throttle_actor aut;

private:
  std::vector<std::unique_ptr<puppet>> clients_;
};

// -- limits -------------------------------------------------------------------

TEST_F(ThrottleTest, HasNeverMorePermitsOutThanMaxStarting) {
  start(3, 3);
  std::vector<request> all;
  for (int i = 0; i < 10; ++i)
    all.push_back(acquire(user(i)));
  EXPECT_EQ(granted(all), 3u);
  EXPECT_EQ(status().in_use, 3u);
  EXPECT_EQ(status().waiting, 7u);
}

TEST_F(ThrottleTest, GivesOneOwnerNeverMoreThanItsShare) {
  start(10, 2);
  std::vector<request> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(acquire(user(1)));
  EXPECT_EQ(granted(all), 2u);
  EXPECT_TRUE(acquire(user(2)).ready());
}

TEST_F(ThrottleTest, TheSharedScopeIsAnOwnerLikeAnother) {
  start(10, 1);
  auto first = acquire(shared_scope());
  auto second = acquire(shared_scope());
  EXPECT_TRUE(first.ready());
  EXPECT_FALSE(second.ready());
  EXPECT_TRUE(acquire(user(1)).ready());
}

TEST_F(ThrottleTest, CountsWhatIsInUseAndTheMostThatEverWas) {
  start(3, 2, 7);
  auto& holder = client();
  auto one = acquire(holder, user(1));
  auto two = acquire(holder, user(2));
  auto three = acquire(user(2));
  holder.tell(aut, release{one.value().id});
  holder.tell(aut, release{two.value().id});
  auto four = acquire(user(1));
  auto x = status();
  EXPECT_EQ(x.in_use, 2u);
  EXPECT_EQ(x.peak, 3u);
  EXPECT_EQ(x.waiting, 0u);
  EXPECT_EQ(x.max_starting, 3u);
  EXPECT_EQ(x.max_starting_per_owner, 2u);
  EXPECT_EQ(x.max_waiting, 7u);
}

// -- order --------------------------------------------------------------------

TEST_F(ThrottleTest, ServesOneOwnerInTheOrderOfItsRequests) {
  start(1, 1);
  auto& holder = client();
  std::vector<request> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(acquire(holder, user(1)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(granted(all), i + 1);
    holder.tell(aut, release{all[i].value().id});
  }
}

TEST_F(ThrottleTest, AHundredOfOneOwnerDoNotDelayTheOneOfAnother) {
  start(1, 1);
  auto& greedy = client();
  std::vector<request> many;
  for (int i = 0; i < 100; ++i)
    many.push_back(acquire(greedy, user(1)));
  auto& modest = client();
  auto one = acquire(modest, user(2));
  EXPECT_FALSE(one.ready());
  greedy.tell(aut, release{many[0].value().id});
  // One of the other's is ahead at the most.
  if (!one.ready())
    greedy.tell(aut, release{many[1].value().id});
  EXPECT_TRUE(one.ready());
  EXPECT_LE(granted(many), 2u);
}

TEST_F(ThrottleTest, OwnersTakeTurns) {
  start(1, 1);
  auto& holder = client();
  std::vector<std::pair<int, request>> all;
  for (int owner = 1; owner <= 3; ++owner)
    for (int i = 0; i < 3; ++i)
      all.emplace_back(owner, acquire(holder, user(owner)));
  std::vector<int> order;
  std::vector<bool> seen(all.size());
  for (std::size_t turn = 0; turn < all.size(); ++turn)
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].second.ready() && !seen[i]) {
        seen[i] = true;
        order.push_back(all[i].first);
        holder.tell(aut, release{all[i].second.value().id});
        break;
      }
  // Owner 1 was served first of all, before the others asked.
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 1, 2, 3, 1, 2, 3));
}

TEST_F(ThrottleTest, AnOwnerAtItsShareIsPassedOver) {
  start(2, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto waits = acquire(holder, user(1));
  auto other = acquire(holder, user(2));
  EXPECT_FALSE(waits.ready());
  EXPECT_TRUE(other.ready());
  holder.tell(aut, release{first.value().id});
  EXPECT_TRUE(waits.ready());
}

// -- giving back --------------------------------------------------------------

TEST_F(ThrottleTest, AReleasedPermitGoesToTheNext) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto second = acquire(user(2));
  EXPECT_FALSE(second.ready());
  holder.tell(aut, release{first.value().id});
  EXPECT_TRUE(second.ready());
  EXPECT_NE(first.value().id.value, second.value().id.value);
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, ReleasingTwiceGivesBackOnce) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  holder.tell(aut, release{first.value().id});
  auto second = acquire(user(1));
  auto third = acquire(user(1));
  holder.tell(aut, release{first.value().id});
  EXPECT_TRUE(second.ready());
  EXPECT_FALSE(third.ready());
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, AnUnknownPermitIsIgnored) {
  start(1, 1);
  auto first = acquire(user(1));
  client().tell(aut, release{permit_id{4711}});
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, NobodyGivesBackAPermitBeforeItCame) {
  start(1, 1);
  auto& one = client();
  auto first = acquire(one, user(1));
  auto second = acquire(one, user(1));
  one.tell(aut, release{permit_id{first.value().id.value + 1}});
  EXPECT_FALSE(second.ready());
  one.tell(aut, release{first.value().id});
  EXPECT_EQ(second.value().id.value, first.value().id.value + 1);
}

TEST_F(ThrottleTest, NobodyGivesBackThePermitOfAnotherRegression) {
  start(1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2));
  client().tell(aut, release{first.value().id});
  engine::post(aut, release{first.value().id});
  harness.run();
  EXPECT_FALSE(second.ready());
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, NobodyTakesAnotherOutOfTheQueueRegression) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto second = acquire(user(1));
  client().tell(aut, release{permit_id{first.value().id.value + 1}});
  EXPECT_FALSE(second.ready());
  EXPECT_EQ(status().waiting, 1u);
}

TEST_F(ThrottleTest, AnActorMayHoldSeveralPermits) {
  start(3, 3);
  auto& holder = client();
  auto one = acquire(holder, user(1));
  auto two = acquire(holder, user(1));
  auto three = acquire(holder, user(2));
  EXPECT_EQ(status().in_use, 3u);
  holder.tell(aut, release{two.value().id});
  EXPECT_EQ(status().in_use, 2u);
  auto more = acquire(holder, user(1));
  EXPECT_EQ(status().in_use, 3u);
  holder.die();
  EXPECT_EQ(status().in_use, 0u);
}

// -- death --------------------------------------------------------------------

TEST_F(ThrottleTest, ADeadHolderGivesItsPermitBack) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto second = acquire(user(2));
  EXPECT_FALSE(second.ready());
  holder.die();
  EXPECT_TRUE(second.ready());
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, ADeadWaiterLeavesTheQueue) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto& dead = client();
  auto second = acquire(dead, user(2));
  auto third = acquire(user(3));
  dead.die();
  EXPECT_EQ(status().waiting, 1u);
  EXPECT_EQ(harness.wheel()->pending(), 1u);
  holder.tell(aut, release{first.value().id});
  EXPECT_TRUE(third.ready());
}

TEST_F(ThrottleTest, OneWhoHoldsAndWaitsLosesBothWhenItDies) {
  start(1, 1);
  auto& both = client();
  auto first = acquire(both, user(1));
  auto second = acquire(both, user(2));
  auto third = acquire(user(3));
  both.die();
  EXPECT_TRUE(third.ready());
  EXPECT_EQ(status().in_use, 1u);
  EXPECT_EQ(status().waiting, 0u);
}

TEST_F(ThrottleTest, AHolderThatDiedBeforeItsPermitCameHoldsNothing) {
  start(1, 1);
  auto& dead = client();
  auto first = dead.send<permit>(aut, messages::throttle::acquire{user(1), {}});
  harness.step(); // it has asked
  dead.die();
  EXPECT_EQ(status().in_use, 0u);
}

TEST_F(ThrottleTest, WhoeverWaitsIsToldThatTheServiceEndsRegression) {
  start(1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2));
  engine::end(aut);
  harness.run();
  EXPECT_EQ(second.why().code, errc::shutting_down);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
}

// -- deadlines ----------------------------------------------------------------

TEST_F(ThrottleTest, SaysTheNumbersWhenATurnDidNotComeInTime) {
  start(1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2), harness.in(500ms));
  harness.advance(490ms);
  EXPECT_FALSE(second.ready());
  harness.advance(20ms);
  EXPECT_EQ(second.why().code, errc::connect_timeout);
  EXPECT_THAT(second.why().text, HasSubstr("1 of 1 permits in use"));
  EXPECT_THAT(second.why().text, HasSubstr("at most 1 per owner"));
  EXPECT_THAT(second.why().text, HasSubstr("1 waiting"));
  EXPECT_EQ(status().waiting, 0u);
}

TEST_F(ThrottleTest, WaitsAMinuteIfNoDeadlineWasGiven) {
  start(1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2));
  harness.advance(59s);
  EXPECT_FALSE(second.ready());
  harness.advance(1010ms);
  EXPECT_EQ(second.why().code, errc::connect_timeout);
}

TEST_F(ThrottleTest, ADeadlineThatPassedIsRefusedSoon) {
  start(1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2), {harness.now() - 1h});
  harness.advance(10ms);
  EXPECT_EQ(second.why().code, errc::connect_timeout);
}

TEST_F(ThrottleTest, TheDeadlineEndsWithTheWait) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto second = acquire(user(2), harness.in(1s));
  holder.tell(aut, release{first.value().id});
  EXPECT_EQ(harness.wheel()->pending(), 0u);
  harness.advance(2s);
  EXPECT_FALSE(second.refused());
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, WhoGaveUpIsNotServed) {
  start(1, 1);
  auto& holder = client();
  auto first = acquire(holder, user(1));
  auto second = acquire(user(2), harness.in(1s));
  auto third = acquire(user(3));
  harness.advance(2s);
  holder.tell(aut, release{first.value().id});
  EXPECT_TRUE(second.refused());
  EXPECT_TRUE(third.ready());
}

// -- bounds -------------------------------------------------------------------

TEST_F(ThrottleTest, RefusesWithNumbersWhoDoesNotFitInTheQueue) {
  start(1, 1, 2);
  auto first = acquire(user(1));
  auto second = acquire(user(1));
  auto third = acquire(user(2));
  auto late = acquire(user(3));
  EXPECT_EQ(late.why().code, errc::busy);
  EXPECT_THAT(late.why().text, HasSubstr("1 of 1 permits in use"));
  EXPECT_THAT(late.why().text, HasSubstr("2 waiting"));
  EXPECT_TRUE(late.why().retry_after.has_value());
  EXPECT_EQ(status().waiting, 2u);
  EXPECT_FALSE(second.ready());
  EXPECT_FALSE(third.ready());
}

TEST_F(ThrottleTest, AFullQueueDoesNotStopWhoNeedNotWaitRegression) {
  start(2, 1, 2);
  auto first = acquire(user(1));
  auto second = acquire(user(1));
  auto third = acquire(user(1));
  EXPECT_TRUE(acquire(user(1)).refused());
  EXPECT_FALSE(acquire(user(2)).refused());
  EXPECT_EQ(status().in_use, 2u);
}

TEST_F(ThrottleTest, APlaceInTheQueueIsFreeAgain) {
  start(1, 1, 1);
  auto first = acquire(user(1));
  auto second = acquire(user(2), harness.in(1s));
  EXPECT_TRUE(acquire(user(3)).refused());
  harness.advance(2s);
  EXPECT_FALSE(acquire(user(3)).ready());
}

TEST_F(ThrottleTest, GivesNothingToNobody) {
  start(1, 1);
  engine::post(aut, messages::throttle::acquire{user(1), {}});
  harness.run();
  EXPECT_EQ(status().in_use, 0u);
  EXPECT_EQ(status().peak, 0u);
}

TEST_F(ThrottleTest, GivesNothingToWhoDoesNotAskRegression) {
  start(1, 1);
  client().tell(aut, messages::throttle::acquire{user(1), {}});
  EXPECT_EQ(status().in_use, 0u);
}

// -- against a model ----------------------------------------------------------

/// The rules, written without a thought of speed.
class naive_throttle {
public:
  naive_throttle(std::size_t max, std::size_t share, std::size_t room)
    : max_(max),
      share_(share),
      room_(room) {}

  /// What became of a request.
  enum class fate { waits, granted, refused, over };

  struct entry {
    int owner = 0;
    int client = 0;
    time_point until{};
    fate now = fate::waits;
  };

  void acquire(int client, int owner, time_point until) {
    all.push_back({owner, client, until, fate::waits});
    serve();
    if (waiting() > room_)
      all.back().now = fate::refused;
    update_turns();
  }

  void release(std::size_t id) {
    all[id].now = fate::over;
    serve();
  }

  void kill(int client) {
    for (auto& x : all)
      if (x.client == client && x.now <= fate::granted) {
        x.now = x.now == fate::waits ? fate::refused : fate::over;
        update_turns();
      }
    serve();
  }

  void pass(time_point now) {
    for (auto& x : all)
      if (x.now == fate::waits && x.until <= now)
        x.now = fate::refused;
    update_turns();
  }

  std::size_t waiting() const { return count(fate::waits); }

  std::size_t in_use() const { return count(fate::granted); }

  std::vector<entry> all;

private:
  std::size_t count(fate what) const {
    return std::count_if(all.begin(), all.end(),
                         [what](const entry& x) { return x.now == what; });
  }

  std::size_t count(int owner, fate what) const {
    return std::count_if(all.begin(), all.end(), [=](const entry& x) {
      return x.owner == owner && x.now == what;
    });
  }

  bool may_be_served(int owner) const {
    return count(owner, fate::waits) > 0
           && count(owner, fate::granted) < share_;
  }

  // Those that lost their turn leave, those that got one are last.
  void update_turns() {
    turns_.erase(
      std::remove_if(turns_.begin(), turns_.end(),
                     [this](int owner) { return !may_be_served(owner); }),
      turns_.end());
    for (const auto& x : all)
      if (may_be_served(x.owner)
          && std::count(turns_.begin(), turns_.end(), x.owner) == 0)
        turns_.push_back(x.owner);
  }

  void serve() {
    update_turns();
    while (in_use() < max_ && !turns_.empty()) {
      auto owner = turns_.front();
      turns_.erase(turns_.begin());
      for (auto& x : all)
        if (x.owner == owner && x.now == fate::waits) {
          x.now = fate::granted;
          break;
        }
      update_turns();
    }
  }

  std::size_t max_;
  std::size_t share_;
  std::size_t room_;
  std::vector<int> turns_;
};

class ThrottleModelTest : public ThrottleTest,
                          public ::testing::WithParamInterface<unsigned> {
protected:
  static constexpr int owners = 5;
  static constexpr int actors = 6;

  using fate = naive_throttle::fate;

  void SetUp() override {
    start(4, 2, 8);
    for (int i = 0; i < actors; ++i)
      clients.push_back(&client());
  }

  int below(int end) { return static_cast<int>(random() % end); }

  void step() {
    switch (below(8)) {
      case 0: return pass_time();
      case 1: return kill_one();
      case 2:
      case 3:
      case 4: return release_one();
      default: acquire_one();
    }
  }

  void acquire_one() {
    auto who = below(actors);
    auto owner = below(owners);
    auto until = harness.now() + (1 + below(50)) * 10ms;
    model.acquire(who, owner, until);
    requests.push_back(acquire(*clients[who], user(owner), {until}));
  }

  void release_one() {
    std::vector<std::size_t> held;
    for (std::size_t i = 0; i < model.all.size(); ++i)
      if (model.all[i].now == fate::granted)
        held.push_back(i);
    if (held.empty())
      return;
    auto id = held[below(static_cast<int>(held.size()))];
    model.release(id);
    clients[model.all[id].client]->tell(aut, release{requests[id].value().id});
  }

  void kill_one() {
    auto who = below(actors);
    for (std::size_t i = 0; i < model.all.size(); ++i)
      if (model.all[i].client == who && model.all[i].now == fate::waits)
        nobody.push_back(i);
    model.kill(who);
    clients[who]->die();
    clients[who] = &client();
    for (auto& x : model.all)
      if (x.client == who)
        x.client = -1;
  }

  void pass_time() {
    harness.advance((1 + below(20)) * 10ms);
    model.pass(harness.now());
  }

  void compare() {
    auto x = status();
    ASSERT_EQ(x.in_use, model.in_use());
    ASSERT_EQ(x.waiting, model.waiting());
    ASSERT_LE(x.peak, 4u);
    for (std::size_t i = 0; i < requests.size(); ++i) {
      auto dead = std::count(nobody.begin(), nobody.end(), i) > 0;
      auto expected = model.all[i].now;
      ASSERT_EQ(requests[i].ready(), expected != fate::waits && !dead) << i;
      ASSERT_EQ(requests[i].refused(), expected == fate::refused && !dead) << i;
    }
  }

  std::mt19937 random{GetParam()};
  naive_throttle model{4, 2, 8};
  std::vector<puppet*> clients;
  std::vector<request> requests;
  /// Requests whose actor died before the answer.
  std::vector<std::size_t> nobody;
};

TEST_P(ThrottleModelTest, DoesWhatTheModelDoes) {
  for (int i = 0; i < 300; ++i) {
    step();
    ASSERT_NO_FATAL_FAILURE(compare()) << "step " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ThrottleModelTest, ::testing::Range(1u, 21u));

// -- endpoints ----------------------------------------------------------------

constexpr auto unknown = policy::start_outcome::unknown;
constexpr auto reached = policy::start_outcome::reached;
constexpr auto unreachable = policy::start_outcome::unreachable;

const std::string here = "http://here:80";
const std::string there = "http://there:80";

TEST_F(ThrottleTest, OneStartAtATimeTriesAnEndpointThatCannotBeReached) {
  start(10, 10);
  auto& ann = client();
  auto& bob = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(bob, 2, here);
  auto third = acquire_at(bob, 3, here);
  auto other = acquire_at(bob, 2, there);
  EXPECT_TRUE(probe.ready());
  EXPECT_FALSE(second.ready());
  EXPECT_TRUE(other.ready());
  EXPECT_EQ(status().in_use, 2u) << "who waits for a probe holds no permit";
  EXPECT_EQ(status().waiting, 2u);
  EXPECT_EQ(status().parked, 2u);
  settle(ann, probe, reached);
  EXPECT_FALSE(second.refused());
  EXPECT_FALSE(third.refused());
  EXPECT_EQ(status().in_use, 3u);
  EXPECT_EQ(status().unreachable, 0u);
  EXPECT_EQ(status().waiting, 0u);
}

TEST_F(ThrottleTest, WhoWaitsForAProbeThatFailsIsRefusedAtOnce) {
  start(10, 10);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  std::vector<request> all;
  for (int i = 0; i < 1000; ++i)
    all.push_back(acquire_at(client(), i, here));
  EXPECT_EQ(granted(all), 0u);
  settle(ann, probe, unreachable);
  for (const auto& x : all) {
    ASSERT_TRUE(x.refused());
    ASSERT_EQ(x.why().code, errc::connect_failed);
    ASSERT_THAT(x.why().text, HasSubstr("http://here:80 cannot be reached"));
    ASSERT_TRUE(x.why().retry_after.has_value());
  }
  EXPECT_EQ(status().waiting, 0u);
  EXPECT_EQ(status().in_use, 0u);
  EXPECT_EQ(harness.wheel()->pending(), 0u);
  EXPECT_FALSE(acquire_at(ann, 1, here).refused()) << "the next may try";
}

TEST_F(ThrottleTest, TheNextTriesWhenAProbeFindsOutNothing) {
  start(10, 10);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(ann, 2, here);
  auto third = acquire_at(ann, 3, here);
  settle(ann, probe, unknown);
  EXPECT_FALSE(second.refused());
  EXPECT_FALSE(third.ready());
  settle(ann, second, reached);
  EXPECT_FALSE(third.refused());
}

TEST_F(ThrottleTest, AnEndpointThatAnswersIsNeverClosed) {
  start(10, 10);
  auto& ann = client();
  for (auto outcome : {reached, unknown}) {
    settle(ann, acquire_at(ann, 1, here), outcome);
    EXPECT_TRUE(acquire_at(ann, 1, here).ready());
    EXPECT_TRUE(acquire_at(ann, 2, here).ready());
  }
  EXPECT_EQ(status().unreachable, 0u);
}

TEST_F(ThrottleTest, TheNextTriesWhenTheProbeDies) {
  start(10, 10);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto& bob = client();
  auto next = acquire_at(bob, 2, here);
  EXPECT_FALSE(next.ready());
  ann.die();
  EXPECT_FALSE(next.refused());
}

TEST_F(ThrottleTest, AProbeThatTakesTooLongBlocksNobody) {
  start(10, 10);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  harness.advance(30s);
  auto next = acquire_at(ann, 2, here);
  harness.advance(29s);
  EXPECT_FALSE(next.ready());
  harness.advance(1s + 20ms);
  EXPECT_FALSE(next.refused());
  EXPECT_EQ(status().in_use, 2u) << "it goes on, and holds its permit";
  settle(ann, probe, unreachable);
  EXPECT_EQ(status().in_use, 1u);
}

TEST_F(ThrottleTest, WhoWaitsForAProbeHasADeadline) {
  start(10, 10);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto late = acquire_at(ann, 2, here, harness.in(1s));
  harness.advance(1s + 20ms);
  EXPECT_EQ(late.why().code, errc::connect_timeout);
  EXPECT_THAT(late.why().text, HasSubstr("http://here:80"));
  EXPECT_EQ(status().waiting, 0u);
  settle(ann, probe, reached);
  EXPECT_EQ(status().in_use, 0u);
}

TEST_F(ThrottleTest, WhoWaitsForAProbeHasAPlaceInTheQueue) {
  start(10, 10, 1);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(ann, 2, here);
  auto third = acquire_at(ann, 3, here);
  EXPECT_FALSE(second.ready());
  EXPECT_EQ(third.why().code, errc::busy);
  EXPECT_THAT(third.why().text, HasSubstr("1 waiting"));
  EXPECT_TRUE(third.why().retry_after.has_value());
  EXPECT_EQ(status().waiting, 1u);
}

TEST_F(ThrottleTest, WhoWaitsForAProbeTakesNoTurnOfOthers) {
  start(2, 2);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(ann, 2, here);
  auto other = acquire_at(ann, 2, there);
  EXPECT_EQ(status().unreachable, 1u);
  EXPECT_EQ(status().parked, 1u);
  EXPECT_FALSE(second.ready());
  EXPECT_TRUE(other.ready());
  settle(ann, probe, reached);
  EXPECT_FALSE(second.refused());
  EXPECT_EQ(status().unreachable, 0u);
}

TEST_F(ThrottleTest, TheDeadLeaveNobodyWaitingForThem) {
  start(2, 2);
  auto& ann = client();
  auto& bob = client();
  auto& eve = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(bob, 2, here);
  auto third = acquire_at(eve, 3, here);
  auto busy = acquire_at(ann, 9, there);
  auto other = acquire_at(ann, 9, there);
  EXPECT_EQ(status().parked, 2u);
  settle(ann, probe, unknown);
  // The permit goes to whoever waits for it already; the second is the next to
  // try `here`, and does not live to do so.
  EXPECT_TRUE(other.ready());
  EXPECT_EQ(status().unreachable, 1u);
  bob.die();
  settle(ann, other, reached);
  EXPECT_FALSE(third.refused());
  EXPECT_TRUE(status().endpoints.at(0).probing);
}

TEST_F(ThrottleTest, OneOwnersFullShareKeepsNoOtherFromTryingRegression) {
  start(10, 3);
  auto& ann = client();
  auto& bob = client();
  auto& eve = client();
  auto probe = close_and_probe(eve, here);
  auto first = acquire_at(ann, 2, here);
  std::vector<request> slow;
  for (int i = 0; i < 50; ++i)
    slow.push_back(acquire_at(ann, 2, cat("http://slow", i, ":80")));
  auto second = acquire_at(bob, 3, here);
  auto third = acquire_at(bob, 4, here);
  EXPECT_EQ(granted(slow), 3u);
  EXPECT_EQ(status().parked, 3u);
  settle(eve, probe, unknown);
  EXPECT_FALSE(first.ready()) << "its owner has its share";
  EXPECT_TRUE(second.ready());
  EXPECT_FALSE(third.ready());
  EXPECT_EQ(status().parked, 1u);
  EXPECT_EQ(status().unreachable, 1u);
  settle(bob, second, reached);
  EXPECT_FALSE(third.refused());
  EXPECT_EQ(status().unreachable, 0u);
}

TEST_F(ThrottleTest, SaysWhichEndpointsCannotBeReached) {
  start(10, 10);
  close(there);
  harness.advance(1s);
  auto& ann = client();
  auto probe = close_and_probe(ann, here);
  auto second = acquire_at(ann, 2, here);
  auto x = status();
  EXPECT_EQ(x.unreachable, 2u);
  ASSERT_EQ(x.endpoints.size(), 2u);
  EXPECT_EQ(x.endpoints[0].endpoint, here);
  EXPECT_EQ(x.endpoints[0].since, harness.now());
  EXPECT_EQ(x.endpoints[0].failures, 1u);
  EXPECT_TRUE(x.endpoints[0].probing);
  EXPECT_EQ(x.endpoints[0].waiting, 1u);
  EXPECT_EQ(x.endpoints[1].endpoint, there);
  EXPECT_FALSE(x.endpoints[1].probing);
}

TEST_F(ThrottleTest, NamesABoundedNumberOfEndpoints) {
  start(10, 10);
  for (int i = 0; i < 120; ++i)
    close(cat("http://h", i, ":80"));
  EXPECT_EQ(status().unreachable, 120u);
  EXPECT_EQ(status().endpoints.size(), 100u);
}

} // namespace
} // namespace mcpool::actors
