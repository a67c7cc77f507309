// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pool.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/messages/registry.hpp>
#include <mcpool/messages/repository.hpp>

#include <mcpool/testkit/fixture.hpp>

#include <caf/deep_to_string.hpp>
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// The eight promises of docs/testing.md, a test for each: against everything
// that breaks it, in a small pool. The end of each test checks that nothing is
// left.

namespace mcpool::actors {
namespace {

using namespace messages::repository;
using namespace std::chrono_literals;
using messages::connection::call_result;
using messages::connection::list_result;
using testkit::server_request;
using phase = policy::connection_phase;

class PromiseTest : public testkit::fixture {
protected:
  static call make_call(const std::string& name, const std::string& text,
                        deadline until = {}) {
    call x;
    x.server = {name};
    x.method = "tools/call";
    x.params = shared_text{
      cat(R"({"name":"x","arguments":{"text":")", text, R"("}})")};
    x.until = until;
    return x;
  }

  testkit::answer<connection_ref> get_one(const std::string& name,
                                          const owner_scope& who) {
    return ask(repository(who), get{{name}, {}});
  }

  testkit::answer<call_result> call_one(const std::string& name,
                                        const owner_scope& who,
                                        const std::string& text = "") {
    return ask(repository(who), make_call(name, text));
  }

  /// Changes a configuration in a way that its connections depend on.
  void change(const std::string& name, int number) {
    auto x = testkit::scripted_config(name);
    x.args = {cat(number)};
    put(x);
  }

  std::uint32_t permits() { return status().throttle.in_use; }

  owner_scope ann = *user_scope("ann");
  owner_scope bob = *user_scope("bob");
};

// -- 1 ------------------------------------------------------------------------

TEST_F(PromiseTest, OneLiveSessionPerScopeServerAndFingerprint) {
  auto& files = server("files");
  files.tool("x", [](const server_request&) { return testkit::no_answer(); });
  auto mode = config::replacement_mode::overlap;
  configuration().servers[{"files"}].replacement = mode;
  std::vector<testkit::answer<connection_ref>> all;
  for (auto i = 0; i < 64; ++i)
    all.push_back(send<connection_ref>(repository(i % 2 == 0 ? ann : bob),
                                       get{{"files"}, {}}));
  run();
  EXPECT_EQ(files.live(), 2u) << "one for each scope";
  auto running = call_one("files", ann);
  auto changed = testkit::scripted_config("files");
  changed.args = {"--new"};
  changed.replacement = mode;
  put(changed);
  for (auto i = 0; i < 64; ++i)
    all.push_back(send<connection_ref>(repository(ann), get{{"files"}, {}}));
  run();
  EXPECT_EQ(files.live(), 3u) << "and an old one, which drains";
  files.answer(files.requests().back(), testkit::text("done"));
  run();
  EXPECT_FALSE(running.refused());
  EXPECT_EQ(files.live(), 2u);
  EXPECT_EQ(files.starts(), 4u);
}

// -- 2 ------------------------------------------------------------------------

TEST_F(PromiseTest, EverySessionEndsWithItsOwner) {
  auto& files = server("files");
  auto live_after = [&](const std::function<void()>& f) {
    f();
    run();
    EXPECT_EQ(permits(), 0u);
    return files.live();
  };
  auto first = get_one("files", ann).value().connection;
  EXPECT_EQ(live_after([&] { engine::end(first); }), 0u) << "its CONNECTION";
  get_one("files", ann).value();
  auto scope = repository(ann);
  EXPECT_EQ(live_after([&] { engine::end(scope); }), 0u) << "its REPOSITORY";
  files.hang_at_start();
  auto late = ask(repository(ann), get{{"files"}, in(2s)});
  EXPECT_EQ(files.live(), 1u);
  EXPECT_EQ(live_after([&] { advance(2s + 20ms); }), 0u) << "its last waiter";
  EXPECT_TRUE(late.refused());
  auto& caller = new_puppet();
  ask_from<connection_ref>(caller, repository(ann), get{{"files"}, {}});
  EXPECT_EQ(files.live(), 1u);
  EXPECT_EQ(live_after([&] { caller.die(); }), 0u) << "a caller that died";
  files.recover();
  get_one("files", ann).value();
  engine::end(pool());
  run();
  EXPECT_EQ(files.live(), 0u) << "its POOL";
}

// -- 3 ------------------------------------------------------------------------

TEST_F(PromiseTest, EveryRequestIsAnsweredWithinItsDeadline) {
  auto& mute = server("mute");
  mute.tool("x", [](const server_request&) { return testkit::no_answer(); });
  mute.on("tools/list",
          [](const server_request&) { return testkit::no_answer(); });
  server("hanging").hang_at_start();
  server("closed").habits().opens = false;
  configuration().pool.throttle.max_starting_per_owner = 2;
  auto until = in(2s);
  std::vector<std::function<bool()>> all;
  auto note = [&](auto x) { all.push_back([x] { return x.ready(); }); };
  auto to = repository(ann);
  for (const auto* name : {"mute", "hanging", "closed", "queued", "unknown"}) {
    if (name == std::string{"queued"})
      server(name);
    note(send<connection_ref>(to, get{{name}, until}));
    note(send<call_result>(to, make_call(name, "", until)));
    note(send<list_result>(to, list{{name}, "tools/list", until}));
    note(send<connection_map>(to, get_many{{{name}}, until, {}}));
    note(send<bool>(to, has{{name}}));
  }
  note(send<connection_map>(to, get_all{until}));
  note(send<connection_map>(to, get_loaded{}));
  note(send<repository_status>(to, messages::repository::status{}));
  run();
  advance(2s + 20ms);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_TRUE(all[i]()) << "request " << i;
  auto gone = send<void>(to, disconnect_all{});
  run();
  EXPECT_TRUE(gone.ready());
}

// -- 4 ------------------------------------------------------------------------

TEST_F(PromiseTest, NoServerWaitsForAnother) {
  server("hanging").hang_at_start();
  server("closed").habits().opens = false;
  server("broken").refuse_start();
  server("mute").tool(
    "x", [](const server_request&) { return testkit::no_answer(); });
  server("good").tool("x", "done");
  auto to = repository(ann);
  auto all = ask(to, get_all{in(5s)});
  auto running = call_one("mute", ann);
  auto began = harness.now();
  EXPECT_FALSE(call_one("good", ann).refused()) << "beside all the others";
  EXPECT_FALSE(call_one("good", bob).refused());
  change("good", 2);
  EXPECT_FALSE(call_one("good", ann).refused());
  EXPECT_TRUE(ask(to, disconnect{{"good"}}).ready());
  EXPECT_EQ(harness.now(), began) << "without any wait";
  EXPECT_FALSE(all.ready());
  EXPECT_FALSE(running.ready());
  advance(5s + 20ms);
  EXPECT_TRUE(all.ready());
}

// -- 5 ------------------------------------------------------------------------

TEST_F(PromiseTest, ChangesInvalidateByVersionAndNotByClock) {
  auto x = testkit::scripted_config("files");
  server("files");
  auto began = harness.now();
  std::vector<connection_actor> seen;
  auto note = [&](const owner_scope& who) {
    seen.push_back(get_one("files", who).value().connection);
    return seen.size() < 2 || seen.back() != seen[seen.size() - 2];
  };
  note(shared_scope());
  x.args = {"--new"};
  put(x);
  EXPECT_TRUE(note(shared_scope())) << "another configuration";
  x.env["TOKEN"] = secret{"a"};
  put(x);
  EXPECT_TRUE(note(shared_scope())) << "another credential";
  x.env["TOKEN"] = secret{"b"};
  put(x);
  EXPECT_TRUE(note(shared_scope())) << "its value alone";
  auto before = server("files").starts();
  x.startup = config::startup_mode::never_shared;
  put(x);
  EXPECT_EQ(get_one("files", shared_scope()).why().code, errc::not_allowed);
  EXPECT_EQ(server("files").live(), 0u) << "another policy";
  EXPECT_EQ(harness.now(), began) << "at one instant";
  x.startup = config::startup_mode::on_demand;
  put(x);
  note(shared_scope());
  for (auto i = 0; i < 3; ++i) {
    advance(1min);
    put(x);
    EXPECT_FALSE(note(shared_scope())) << "the same again, later";
  }
  EXPECT_EQ(server("files").starts(), before + 1);
}

// -- 6 ------------------------------------------------------------------------

TEST_F(PromiseTest, NothingOfOneCallerReachesAnother) {
  auto& files = server("files");
  files.tool("x", [](const server_request&) { return testkit::no_answer(); });
  auto& first = new_puppet();
  auto& second = new_puppet();
  auto request = [](testkit::puppet& who, const std::string& text) {
    auto out = make_call("files", text);
    out.id = {7};
    out.meta = shared_text{cat(R"({"whose":")", text, R"("})")};
    out.progress = who.caller();
    return out;
  };
  auto to = repository(ann);
  auto x = ask_from<call_result>(first, to, request(first, "one"));
  auto y = ask_from<call_result>(second, to, request(second, "two"));
  ASSERT_THAT(files.requests(), SizeIs(2));
  EXPECT_EQ(files.starts(), 1u) << "both on one session";
  auto one = files.requests()[0];
  auto two = files.requests()[1];
  EXPECT_NE(one.id, two.id);
  EXPECT_THAT(one.params.str(), AllOf(HasSubstr("one"), Not(HasSubstr("two"))));
  EXPECT_THAT(two.params.str(), AllOf(HasSubstr("two"), Not(HasSubstr("one"))));
  files.progress(two, 1, 2, "of two");
  run();
  EXPECT_THAT(first.progress(), SizeIs(0));
  EXPECT_THAT(second.progress(), SizeIs(1));
  tell_from(first, to, cancel{{"files"}, {7}});
  EXPECT_EQ(x.why().code, errc::cancelled);
  EXPECT_FALSE(y.ready()) << "the same id, but another caller";
  files.answer(two, testkit::text("for two"));
  files.answer(one, testkit::text("too late"));
  run();
  EXPECT_THAT(y.value().json.str(), HasSubstr("for two"));
}

// -- 7 ------------------------------------------------------------------------

TEST_F(PromiseTest, EverythingIsBounded) {
  auto& files = server("files");
  files.tool("x", [](const server_request&) { return testkit::no_answer(); });
  files.on("tools/list", [](const server_request& x) {
    return testkit::json(cat(R"({"tools":[],"nextCursor":")", x.id, "\"}"));
  });
  server("hanging").hang_at_start();
  server("queued");
  auto& config = configuration();
  config.servers[{"files"}].max_message_bytes = 1000;
  config.servers[{"files"}].list.pages = 3;
  config.pool.max_calls_per_connection = 2;
  config.pool.max_waiting_callers = 2;
  config.pool.throttle.max_starting = 1;
  config.pool.throttle.max_waiting = 0;
  auto to = repository(ann);
  EXPECT_EQ(call_one("files", ann, std::string(1001, 'x')).why().code,
            errc::payload_too_large);
  auto listed = ask(to, list{{"files"}, "tools/list", {}});
  EXPECT_EQ(listed.why().code, errc::payload_too_large);
  EXPECT_THAT(files.requests(), SizeIs(3)) << "pages";
  auto calls = std::vector{call_one("files", ann), call_one("files", ann)};
  auto third = call_one("files", ann).why();
  EXPECT_EQ(third.code, errc::busy);
  EXPECT_THAT(third.text, HasSubstr("2 of 2"));
  get_one("hanging", ann);
  auto turn = get_one("queued", bob).why();
  EXPECT_EQ(turn.code, errc::busy);
  EXPECT_THAT(turn.text, HasSubstr("1 of 1"));
  get_one("hanging", ann);
  auto waiter = get_one("hanging", ann).why();
  EXPECT_EQ(waiter.code, errc::busy);
  EXPECT_THAT(waiter.text, HasSubstr("2 of 2"));
  ask(to, disconnect_all{});
  EXPECT_FALSE(get_one("queued", bob).refused()) << "there is room again";
  EXPECT_FALSE(get_one("files", ann).refused());
}

// -- 8 ------------------------------------------------------------------------

/// Everything that is logged while it lives.
struct log_record {
  log_record() {
    log::set_sink([this](log::level, std::string_view, std::string_view,
                         std::string_view line) { text += cat(line, "\n"); });
    log::set_level(log::level::debug);
  }

  ~log_record() {
    log::set_level(log::level::off);
    log::set_sink(nullptr);
  }

  std::string text;
};

TEST_F(PromiseTest, SecretsPrintAsStars) {
  log_record record;
  auto& said = record.text;
  auto note = [&](const auto& x) { said += caf::deep_to_string(x) + "\n"; };
  auto x = testkit::scripted_config("files");
  x.env["TOKEN"] = secret{"hush-hush"};
  auto remote = testkit::scripted_config("remote");
  remote.transport = config::transport_kind::streamable_http;
  remote.command.clear();
  remote.url = "http://127.0.0.1:1/mcp";
  remote.headers["Authorization"] = secret{"Bearer hush-hush"};
  for (const auto* name : {"files", "remote"})
    server(name).tool("x", "done");
  put(x);
  put(remote);
  for (const auto* name : {"files", "remote"}) {
    call_one(name, ann).value();
    auto& session = server(name).session();
    EXPECT_FALSE(session.config().env.empty()
                 && session.config().headers.empty())
      << "the server needs it";
  }
  server("files").refuse_start();
  server("files").crash();
  run();
  note(get_one("files", ann).why());
  note(get_one("files", ann).why());
  note(status());
  note(ask(registry(), messages::registry::all_configs{ann}).value());
  note(x);
  note(messages::registry::put_config{remote});
  EXPECT_THAT(said, HasSubstr("files"));
  EXPECT_THAT(said, HasSubstr("***"));
  EXPECT_THAT(said, Not(HasSubstr("hush")));
}

} // namespace
} // namespace mcpool::actors
