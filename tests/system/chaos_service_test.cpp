// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// The service as a process: killed with everything it started, left by a
// thousand clients at once.

#include <mcpool/system/chaos_test.hpp>

#include <csignal>
#include <vector>

namespace mcpool::system {

namespace {

class ChaosServiceTest : public system_test {
protected:
  /// How many processes there are.
  static constexpr std::size_t programs = is_sanitized ? 40 : 100;

  json eager(words args) const {
    args.insert(args.end(), {"--stats-dir", stats_folder("all")});
    auto out = fake(std::move(args));
    out["startup"] = true;
    return out;
  }

  std::size_t ready() const {
    std::size_t out = 0;
    for (const auto& x : records("all"))
      out += x["initialized"] == true ? 1 : 0;
    return out;
  }

  /// The processes that are there because of the service, and are not it.
  std::size_t offspring(const process& service) const {
    std::size_t out = 0;
    for (const auto& x : residents())
      out += x.pid != service.pid() && x.state != 'Z' ? 1 : 0;
    return out;
  }
};

TEST_F(ChaosServiceTest, LeavesNoneOfAHundredProgramsWhenItIsKilled) {
  json servers;
  const std::vector<words> kinds{
    {},
    {"--on", "start=grandchild:3m;grandchild:3m"},
    {"--ignore-eof", "--ignore-term"},
    {"--on", "start=grandchild:3m", "--ignore-eof", "--ignore-term"}};
  for (std::size_t i = 0; i < programs; ++i)
    servers["s" + std::to_string(i)] = eager(kinds[i % kinds.size()]);
  configure(servers, {{"throttle", {{"maxStartingPerOwner", 16}}}});
  auto service = start({"--log", "error", "serve"});
  ASSERT_TRUE(eventually([&] { return ready() == programs; }, scaled(patience)))
    << ready() << " of " << programs << " are ready\n"
    << service.err();
  EXPECT_GE(offspring(service), programs * 7 / 4);
  service.signal(SIGKILL);
  EXPECT_EQ(service.wait(patience), 128 + SIGKILL);
  auto none = [&] { return offspring(service) == 0; };
  EXPECT_TRUE(eventually(none, cleanup_limit)) << to_string(residents());
}

/// A service that others use, and one server "it".
class ChaosClientTest : public ChaosServiceTest {
protected:
  static constexpr int crowds = 10;
  static constexpr int callers = 100;

  void SetUp() override {
    server_.emplace(http_server::fake(*this));
    auto it = server_->config();
    it["maxInFlight"] = 2 * crowds * callers;
    configure({{"it", it}});
    service_.emplace(start({"--log", "warning", "serve", "--listen", "0"}));
    ASSERT_TRUE(eventually([this] { return !address().empty(); }))
      << service_->err();
    EXPECT_EQ(ask({"call", "it", "echo", R"({"message":"hi"})"}).out, "hi\n");
  }

  void TearDown() override {
    crowds_.clear();
    service_.reset();
    server_.reset();
    system_test::TearDown();
  }

  std::string address() const {
    constexpr std::string_view text = "listening on ";
    auto out = service_->out();
    if (out.rfind(text, 0) != 0 || out.back() != '\n')
      return {};
    return out.substr(text.size(), out.size() - text.size() - 1);
  }

  outcome ask(words args) {
    args.insert(args.begin(), {"--node", address()});
    return run_bare(std::move(args));
  }

  json row() {
    auto all = printed_json(ask({"--json", "status"}));
    return all["owners"][0]["servers"][0];
  }

  std::size_t service_descriptors() const {
    return descriptors(service_->pid()).size();
  }

  int calls_running() const { return server_->stats()["calls"]["live"]; }

  void start_crowds() {
    for (int i = 0; i < crowds; ++i)
      crowds_.emplace_back(process_spec{MCPOOL_CROWD,
                                        {address(), std::to_string(callers)},
                                        environment,
                                        "",
                                        folder()},
                           folder());
    ASSERT_TRUE(eventually([&] { return calls_running() == crowds * callers; }))
      << calls_running() << complaints();
    EXPECT_EQ(row()["calls_in_flight"], crowds * callers);
  }

  std::string complaints() const {
    auto out = service_->err();
    for (const auto& x : crowds_)
      out += x.err();
    return out;
  }

  std::optional<http_server> server_;
  std::optional<process> service_;
  std::vector<process> crowds_;
};

TEST_F(ChaosClientTest, LeavesNothingOfAThousandCallersThatAreKilled) {
  auto before = service_descriptors();
  start_crowds();
  for (auto& x : crowds_)
    x.signal(SIGKILL);
  EXPECT_TRUE(eventually([&] { return calls_running() == 0; }, cleanup_limit))
    << calls_running();
  EXPECT_TRUE(
    eventually([&] { return row()["calls_in_flight"] == 0; }, cleanup_limit))
    << row();
  // The calls had connections, of which some are kept: many ended at once, and
  // libcurl closes one at a time.
  constexpr std::size_t kept = crowds * callers;
  EXPECT_TRUE(eventually([&] { return service_descriptors() <= before + kept; },
                         cleanup_limit))
    << before << " became " << service_descriptors();
  EXPECT_EQ(server_->stats()["sessions"]["live"], 1);
  EXPECT_EQ(ask({"call", "it", "echo", R"({"message":"hi"})"}).out, "hi\n");
  service_->signal(SIGTERM);
  auto end = service_->finish(patience);
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(server_->stats()["sessions"]["live"], 0);
}

TEST_F(ChaosClientTest, LeavesNothingOfAThousandCallersThatAreStopped) {
  start_crowds();
  for (auto& x : crowds_)
    x.signal(SIGSTOP);
  EXPECT_TRUE(eventually([&] { return calls_running() == 0; }, cleanup_limit))
    << calls_running();
  EXPECT_TRUE(
    eventually([&] { return row()["calls_in_flight"] == 0; }, cleanup_limit))
    << row();
  service_->signal(SIGTERM);
  auto end = service_->finish(patience);
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(server_->stats()["sessions"]["live"], 0);
}

} // namespace

} // namespace mcpool::system
