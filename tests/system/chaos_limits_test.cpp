// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// What the system gives runs out: descriptors, processes, memory. Each costs
// typed errors, and nothing once there is enough again.

#include <mcpool/system/chaos_test.hpp>

#include <mcpool/system/resource_limit.hpp>

#include <csignal>
#include <stdexcept>

#include <unistd.h>

namespace mcpool::system {

namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// UBSan's check of types (vptr) makes a pipe to find out whether it may look at
// an object, and ends the program with "invalid vptr" if it gets none.
constexpr auto needs_a_pipe
  = "such a build needs descriptors of its own to check types";

// -- descriptors --------------------------------------------------------------

/// A pool with one server "it", over stdio or over HTTP.
class ChaosDescriptorTest : public chaos_test,
                            public ::testing::WithParamInterface<const char*> {
protected:
  static bool over_http() { return GetParam() == std::string{"Http"}; }

  void have() {
    json it;
    if (over_http()) {
      // What is kept would need no descriptor.
      server
        = http_server::fake(*this, {"--on", "POST=header:Connection=close"});
      it = server->config();
    } else {
      it = fake();
    }
    configure({{"it", it}}, {{"maxAttempts", 1},
                             {"cooldown", {{"base", "1ms"}, {"max", "1ms"}}}});
    open_pool();
    expect_recovery("it");
    EXPECT_TRUE(pool->disconnect("it"));
  }

  /// With room for so many more descriptors.
  answer get_with_room_for(rlim_t more) {
    auto lowest = dup(STDIN_FILENO);
    close(lowest);
    resource_limit limit{RLIMIT_NOFILE, static_cast<rlim_t>(lowest) + more};
    return begin_get(scaled(5s), "it").get();
  }
};

INSTANTIATE_TEST_SUITE_P(Over, ChaosDescriptorTest,
                         ::testing::Values("Stdio", "Http"),
                         [](const auto& x) { return std::string{x.param}; });

// Each step of a start needs some.
TEST_P(ChaosDescriptorTest, RunOutAtAnyMoment) {
  if (is_sanitized)
    GTEST_SKIP() << needs_a_pipe;
  have();
  auto failures = 0;
  for (rlim_t more = 0; more < 16; ++more) {
    auto x = get_with_room_for(more);
    if (!x.value) {
      ++failures;
      EXPECT_EQ(x.value.error().code, errc::connect_failed) << to_string(x);
      EXPECT_THAT(x.value.error().text, HasSubstr("Too many open files"));
      EXPECT_LT(x.took, grace) << to_string(x);
    }
    EXPECT_TRUE(pool->disconnect("it"));
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_GT(failures, 0);
  expect_recovery("it");
  expect_nothing_left(2);
}

// -- of a service -------------------------------------------------------------

/// A service with a server "it" that is connected and one, "other", that is
/// not. It may belong to a user of its own.
class ChaosLimitTest : public system_test {
protected:
  void have(json limits = json::object()) {
    auto it = fake();
    it.update(limits);
    configure(
      {{"it", it}, {"other", fake()}},
      {{"maxAttempts", 1}, {"cooldown", {{"base", "1ms"}, {"max", "1ms"}}}});
    service.emplace(start({"--log", "warning", "serve", "--listen", "0"}));
    if (!eventually([this] { return !address().empty(); }))
      throw std::runtime_error{"the service does not start: " + service->err()};
    EXPECT_EQ(echo("it").out, "hi\n");
  }

  /// A user whom nothing else belongs to may look at our folder.
  uid_t become_accessible() const {
    auto out = static_cast<uid_t>(60'000 + getpid() % 5'000);
    EXPECT_EQ(chown(folder().c_str(), out, out), 0);
    return out;
  }

  std::string address() const {
    constexpr std::string_view text = "listening on ";
    auto out = service->out();
    if (out.rfind(text, 0) != 0 || out.back() != '\n')
      return {};
    return out.substr(text.size(), out.size() - text.size() - 1);
  }

  outcome ask(words args) {
    args.insert(args.begin(), {"--node", address(), "--timeout", "10s"});
    return run_bare(std::move(args));
  }

  outcome echo(const std::string& name) {
    return ask({"call", name, "echo", R"({"message":"hi"})"});
  }

  void expect_recovery(const std::string& name) {
    outcome last;
    auto works = [&] { return (last = echo(name)).code == 0; };
    EXPECT_TRUE(eventually(works, scaled(10s))) << last.err << service->err();
  }

  void TearDown() override {
    if (service) {
      service->signal(SIGTERM);
      auto end = service->finish(patience);
      EXPECT_EQ(end.code, 0) << end.err;
    }
    service.reset();
    system_test::TearDown();
  }

  std::optional<process> service;
};

TEST_F(ChaosLimitTest, HasNoDescriptorForOneMoreClient) {
  if (is_sanitized)
    GTEST_SKIP() << needs_a_pipe;
  have();
  {
    resource_limit none{RLIMIT_NOFILE, 0, service->pid()};
    auto x = echo("it");
    EXPECT_EQ(x.code, 2);
    EXPECT_THAT(x.err, AnyOf(HasSubstr("connect_timeout: "),
                             HasSubstr("protocol_violation: "),
                             HasSubstr("connect_failed: ")));
  }
  expect_recovery("it");
  expect_recovery("other");
}

// Root has no limit of processes.
TEST_F(ChaosLimitTest, HasNoProcessForOneMoreServer) {
  if (geteuid() == 0)
    user = become_accessible();
  have();
  {
    resource_limit none{RLIMIT_NPROC, 0, service->pid()};
    auto x = echo("other");
    EXPECT_EQ(x.code, 2);
    EXPECT_THAT(x.err, AllOf(HasSubstr("connect_failed: "),
                             HasSubstr("no process could be made"),
                             HasSubstr("Resource temporarily unavailable")));
    EXPECT_EQ(echo("it").out, "hi\n");
  }
  expect_recovery("other");
}

TEST_F(ChaosLimitTest, HasNoMemoryForAnAnswer) {
  if (is_sanitized)
    GTEST_SKIP() << "such a build reserves more memory than any limit";
  have({{"maxMessageBytes", "1GB"}});
  auto failures = 0;
  {
    resource_limit low{RLIMIT_AS, memory_of(service->pid()) + 20'000'000,
                       service->pid()};
    for (auto mb : {30, 12, 6, 50}) {
      auto bytes = std::to_string(mb) + "000000";
      auto x = ask({"call", "it", "big", R"({"bytes":)" + bytes + "}"});
      EXPECT_TRUE(service->runs()) << service->err();
      if (x.code != 0) {
        ++failures;
        EXPECT_THAT(x.err, AnyOf(HasSubstr("connection_lost: "),
                                 HasSubstr("payload_too_large: ")));
      }
    }
    EXPECT_GT(failures, 0);
    expect_recovery("it");
  }
  expect_recovery("other");
  auto x = ask({"call", "it", "big", R"({"bytes":30000000})"});
  EXPECT_EQ(x.code, 0) << x.err;
}

} // namespace

} // namespace mcpool::system
