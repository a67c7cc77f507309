// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/step_run.hpp>

#include <mcpool/testkit/fake_server/process.hpp>

#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

std::string notification(const std::string& method, json params) {
  return to_text(
    {{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

bool gives_answer(verb what) {
  return what == verb::answer || what == verb::half || what == verb::endless;
}

bool ends_process(verb what) {
  return what == verb::die || what == verb::exit || what == verb::kill;
}

} // namespace

void step_run::start(world& all, steps todo, std::shared_ptr<exchange> back,
                     answerer answer, asker ask) {
  std::shared_ptr<step_run> run{new step_run(
    all, std::move(todo), std::move(back), std::move(answer), std::move(ask))};
  run->next();
}

step_run::step_run(world& all, steps todo, std::shared_ptr<exchange> back,
                   answerer answer, asker ask)
  : world_{all},
    todo_{std::move(todo)},
    back_{std::move(back)},
    answer_{std::move(answer)},
    ask_{std::move(ask)} {}

void step_run::next() {
  while (position_ < todo_.size()) {
    auto& one = todo_[position_++];
    auto changed = changes_.apply(one);
    if (one.what == verb::hang)
      return;
    if (one.what == verb::delay) {
      auto self = shared_from_this();
      world_.after(milliseconds{one.number}, [self] { self->next(); });
      return;
    }
    if (gives_answer(one.what) && !answered_)
      return give_answer();
    if (ends_process(one.what))
      return end_process(one);
    if (!changed && !do_connection(one) && !do_message(one))
      do_process(one);
  }
  if (!answered_)
    give_answer();
}

void step_run::give_answer() {
  answered_ = true;
  answer_(changes_, [self = shared_from_this()] {
    if (self->changes_.base.how == shape::endless)
      return self->next();
    self->back_->when_sent([self] { self->next(); });
  });
}

void step_run::end_process(const step& one) {
  // What was sent before should arrive, but a reader that does not read
  // cannot keep us alive.
  auto now = [self = shared_from_this(), one] { self->do_process(one); };
  world_.after(milliseconds{1000}, now);
  back_->when_sent(now);
}

bool step_run::do_connection(const step& one) {
  switch (one.what) {
    case verb::close:
    case verb::reset:
      answered_ = true;
      back_->close(one.what == verb::reset ? ending::reset : ending::orderly);
      return true;
    case verb::break_stream:
      back_->break_stream(milliseconds{one.number});
      return true;
    case verb::lose_session:
      back_->lose_session();
      answered_ = true;
      return true;
    default: return false;
  }
}

bool step_run::do_message(const step& one) {
  switch (one.what) {
    case verb::noise:
      for (std::int64_t i = 0; i < one.number; ++i)
        back_->send("noise " + std::to_string(i) + ": this is not JSON");
      return true;
    case verb::raw: back_->send(one.text); return true;
    case verb::log:
      back_->send(notification("notifications/message",
                               {{"level", "info"}, {"data", one.text}}));
      return true;
    case verb::notify:
      back_->send(notification(one.text, json::object()));
      return true;
    case verb::list_changed:
      back_->send(
        notification("notifications/tools/list_changed", json::object()));
      return true;
    case verb::ask:
      if (ask_)
        ask_(one.text);
      return true;
    default: return false;
  }
}

bool step_run::do_process(const step& one) {
  switch (one.what) {
    case verb::die: world_.leave(1, "die");
    case verb::exit:
      world_.leave(static_cast<int>(one.number),
                   "exit:" + std::to_string(one.number));
    case verb::kill:
      world_.numbers.note_end("kill");
      world_.flush();
      kill_self();
    case verb::stderr_text: write_stderr(one.text + "\n"); return true;
    case verb::flood_stderr:
      flood_stderr(static_cast<std::size_t>(one.number));
      return true;
    case verb::grandchild:
      world_.numbers.note_grandchild(
        spawn_grandchild(milliseconds{one.number}));
      world_.flush();
      return true;
    default: return false;
  }
}

} // namespace mcpool::testkit::fake_server
