// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "faults.hpp"

#include <mcpool/engine/state_actor.hpp>
#include <mcpool/system/caller.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <csignal>
#include <iterator>

namespace mcpool::system {

namespace {

using steady = std::chrono::steady_clock;
using mood = tcp_proxy::mood;

const char* const nonsense[]
  = {"tools/call=garbage",    "tools/call=half",    "tools/call=reset",
     "tools/call=status:500", "tools/call=html",    "POST=close",
     "tools/call=wrong_id",   "initialize=garbage", "tools/call=noise:20",
     "tools/call=duplicate",  "tools/call=empty",   "initialize=delay:300ms",
     "tools/call=delay:300ms"};

} // namespace

faults::faults(playground& all, std::uint64_t seed)
  : all_(all),
    random_(seed) {}

void faults::run() {
  while (!all_.is_over()) {
    one();
    undo_due();
    std::this_thread::sleep_for(std::chrono::milliseconds{roll(10, 150)});
  }
}

void faults::repair() {
  for (auto& x : std::exchange(undo_, {}))
    x.what();
}

void faults::one() {
  struct row {
    const char* name;
    action what;
  };
  static constexpr row all[]{
    {"kill", &faults::kill_program},
    {"stop", &faults::stop_program},
    {"restart", &faults::restart_remote},
    {"nonsense", &faults::talk_nonsense},
    {"forget", &faults::forget_sessions},
    {"reset", &faults::reset_network},
    {"cut", &faults::cut_network},
    {"freeze", &faults::freeze_network},
    {"slow", &faults::slow_network},
    {"break", &faults::break_answer},
    {"change", &faults::change_configuration},
    {"remove", &faults::remove_server},
    {"disconnect", &faults::disconnect},
    {"disconnect_all", &faults::disconnect_everything},
    {"drain", &faults::drain},
    {"verify", &faults::verify},
    {"dying_callers", &faults::let_callers_die},
  };
  const auto& x = all[roll(0, std::size(all) - 1)];
  ++counts_[x.name];
  (this->*x.what)();
}

void faults::later(std::function<void()> what) {
  auto pause = std::chrono::milliseconds{roll(50, 900)};
  undo_.push_back({steady::now() + pause, std::move(what)});
}

void faults::undo_due() {
  auto now = steady::now();
  auto is_due = [now](const undo& x) { return x.at <= now; };
  auto end = std::stable_partition(undo_.begin(), undo_.end(), is_due);
  for (auto i = undo_.begin(); i != end; ++i)
    i->what();
  undo_.erase(undo_.begin(), end);
}

int faults::roll(int low, int high) {
  return std::uniform_int_distribution<>{low, high}(random_);
}

// Those that are spared come last.
target& faults::any() {
  return all_.targets[roll(0, 6)];
}

target& faults::any(fate kind) {
  for (;;)
    if (auto& x = any(); x.kind == kind)
      return x;
}

std::optional<pid_t> faults::any_program() {
  auto found = all_.programs_of(any(fate::program));
  return found.empty() ? std::nullopt : std::optional{found.front()};
}

// -- to servers ---------------------------------------------------------------

void faults::kill_program() {
  if (auto x = any_program())
    ::kill(*x, SIGKILL);
}

void faults::stop_program() {
  auto x = any_program();
  if (!x)
    return;
  ::kill(*x, SIGSTOP);
  // It may be gone by then, and its number somebody else's: that harms nobody.
  later([pid = *x] { ::kill(pid, SIGCONT); });
}

void faults::restart_remote() {
  auto& x = any(fate::remote);
  auto port = x.server->port();
  std::lock_guard guard{x.changing};
  x.server.reset();
  x.server = http_server::fake(all_, {"--sse", "--get-stream"}, port);
}

void faults::talk_nonsense() {
  auto& x = any(fate::remote);
  x.server->set_rules(nonsense[roll(0, std::size(nonsense) - 1)]);
  later([&x] { x.server->set_rules(""); });
}

void faults::forget_sessions() {
  any(fate::remote).server->drop_sessions();
}

// -- to the network -----------------------------------------------------------

void faults::reset_network() {
  any(fate::far_away).network->reset_all();
}

void faults::cut_network() {
  any(fate::far_away).network->lose_all();
}

void faults::freeze_network() {
  auto& x = any(fate::far_away);
  x.network->become(mood::frozen);
  later([&x] { x.network->become(mood::fair); });
}

void faults::slow_network() {
  auto& x = any(fate::far_away);
  x.network->become(mood::slow);
  later([&x] { x.network->become(mood::fair); });
}

void faults::break_answer() {
  any(fate::far_away).network->reset_after(roll(1, 3000));
}

// -- by callers and operators -------------------------------------------------

void faults::change_configuration() {
  auto& x = any();
  if (x.removed)
    return;
  auto before = all_.status(x).config_revision;
  auto next = ++x.generation;
  if (configure_beyond(x, before))
    x.acknowledged = next;
}

void faults::remove_server() {
  auto& x = any();
  x.removed = true;
  all_.write_configuration();
  later([this, &x] {
    x.removed = false;
    configure_beyond(x, 0);
  });
}

// Done when the REPOSITORY knows it. Whether anybody can connect is another
// question.
bool faults::configure_beyond(const target& x, std::uint64_t revision) {
  all_.write_configuration();
  auto is_known = [&] { return all_.status(x).config_revision > revision; };
  if (eventually(is_known, cleanup_limit))
    return true;
  all_.complain("a change of " + x.name + " is not known");
  return false;
}

void faults::disconnect() {
  auto& x = any();
  all_.the_pool().ask_as<void>(x.owner, repo::disconnect{{x.name}});
}

void faults::disconnect_everything() {
  // The spared ones belong to the others.
  all_.the_pool().ask_as<void>(*user_scope("bob"), repo::disconnect_all{});
}

void faults::drain() {
  auto ref = all_.find(any(), 100ms);
  if (!ref)
    return;
  auto until = all_.the_pool().in(std::chrono::milliseconds{roll(0, 500)});
  engine::post(ref->connection, messages::connection::drain{until});
}

void faults::verify() {
  if (auto ref = all_.find(any(), 100ms)) {
    caf::scoped_actor self{all_.the_pool().system()};
    engine::await<bool>(self, ref->connection, messages::connection::verify{});
  }
}

void faults::let_callers_die() {
  auto& x = any();
  auto to = all_.the_pool().repository(x.owner);
  if (!to)
    return;
  repo::call y;
  y.server = {x.name};
  y.method = "tools/call";
  y.params = shared_text{R"({"name":"sleep","arguments":{"ms":30000}})"};
  using one = caller<messages::connection::call_result, repo::call>;
  std::vector<caf::actor> callers;
  auto count = std::make_shared<tally>();
  for (int i = 0; i < 50; ++i)
    callers.push_back(caf::actor_cast<caf::actor>(
      all_.the_pool().system().spawn<one>(*to, y, count)));
  later([callers = std::move(callers)] {
    for (const auto& x : callers)
      engine::end(x);
  });
}

} // namespace mcpool::system
