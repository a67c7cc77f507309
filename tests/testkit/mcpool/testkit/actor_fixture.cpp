// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/actor_fixture.hpp>

#include <mcpool/engine/ask.hpp>

#include <algorithm>

namespace mcpool::testkit {

namespace {

// The step of the virtual clock.
constexpr duration tick = 10ms;

// More messages than any test needs without time passing.
constexpr std::size_t max_steps = 200'000;

// From here on settled questions are forgotten now and then.
constexpr std::size_t many_questions = 1000;

// An answer may be the last handle of an actor.
template <class Questions>
void forget_answered(Questions& all) {
  auto end = std::remove_if(all.begin(), all.end(),
                            [](const auto& x) { return x.settled(); });
  all.erase(end, all.end());
}

} // namespace

actor_fixture::actor_fixture() = default;

actor_fixture::~actor_fixture() {
  end_all();
}

// -- time and messages --------------------------------------------------------

void actor_fixture::run() {
  std::size_t steps = 0;
  do {
    while (harness.step())
      if (++steps == max_steps) {
        ADD_FAILURE() << "the actors do not come to rest: " << steps
                      << " messages without time passing";
        return;
      }
  } while (network.deliver() > 0);
}

void actor_fixture::advance(duration by) {
  forget_answered(questions_);
  for (run(); by > duration::zero(); by -= tick) {
    auto part = std::min(by, tick);
    harness.advance(part);
    network.advance(part);
    run();
  }
}

// -- actors -------------------------------------------------------------------

puppet& actor_fixture::new_puppet() {
  return *puppets_.emplace_back(std::make_unique<puppet>(harness));
}

void actor_fixture::remember(question x) {
  if (questions_.size() >= many_questions)
    forget_answered(questions_);
  questions_.push_back(std::move(x));
}

// -- the end ------------------------------------------------------------------

void actor_fixture::check_answers() {
  for (const auto& x : std::exchange(questions_, {}))
    if (!x.settled())
      ADD_FAILURE() << "nobody answered a request: " << x.message;
}

void actor_fixture::end_all() {
  for (auto& x : std::exchange(actors_, {}))
    engine::end(x);
  run();
  puppets_.clear();
  run();
}

} // namespace mcpool::testkit
