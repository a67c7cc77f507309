// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// `mcpool serve`, from its start to its end.

#include <mcpool/system/census.hpp>
#include <mcpool/system/http_server.hpp>
#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <algorithm>

namespace mcpool::system {

namespace {

using ::testing::HasSubstr;

class ServeTest : public system_test {
protected:
  /// A server that is connected from the start on and counts in a folder.
  json eager(const std::string& folder, words more = {}) const {
    more.insert(more.end(), {"--stats-dir", stats_folder(folder)});
    auto out = fake(std::move(more));
    out["startup"] = true;
    return out;
  }

  /// So many processes of a server were started, and the last is ready.
  bool is_ready(const std::string& folder, std::size_t starts) const {
    auto all = records(folder);
    return all.size() == starts && all.back()["initialized"] == true;
  }

  void expect_ready(const std::string& folder, std::size_t starts,
                    const process& serve) const {
    EXPECT_TRUE(eventually([&] { return is_ready(folder, starts); }))
      << folder << ":\n"
      << json(records(folder)).dump(1) << serve.err();
  }

  static void expect_log(const process& serve, const std::string& text,
                         std::ptrdiff_t times = 1) {
    auto seen = [&] {
      auto log = serve.err();
      std::ptrdiff_t count = 0;
      for (auto i = log.find(text); i != log.npos; i = log.find(text, i + 1))
        ++count;
      return count >= times;
    };
    EXPECT_TRUE(eventually(seen)) << text << " in:\n" << serve.err();
  }

  static void expect_orderly_end(process& serve, int signal) {
    serve.signal(signal);
    auto end = serve.finish(patience);
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_EQ(end.out, "");
  }
};

TEST_F(ServeTest, IsReadyBeforeItsEagerServersAre) {
  configure({{"slow", eager("slow", {"--handshake-delay", "60s"})},
             {"quick", eager("quick")}});
  auto serve = start({"serve"});
  expect_log(serve, "POOL serves 2 servers");
  expect_ready("quick", 1, serve);
  ASSERT_TRUE(eventually([&] { return records("slow").size() == 1; }));
  EXPECT_EQ(records("slow")[0]["initialized"], false);
  expect_orderly_end(serve, SIGTERM);
}

TEST_F(ServeTest, StartsNothingThatNobodyAskedFor) {
  auto lazy = fake({"--stats-dir", stats_folder("lazy")});
  configure({{"lazy", lazy}, {"eager", eager("eager")}});
  auto serve = start({"serve"});
  expect_ready("eager", 1, serve);
  EXPECT_TRUE(records("lazy").empty());
  expect_orderly_end(serve, SIGINT);
  EXPECT_EQ(records("eager")[0]["ended"], "eof");
}

TEST_F(ServeTest, RestartsOnlyTheServerThatWasEdited) {
  configure({{"a", eager("a")}, {"b", eager("b")}});
  auto serve = start({"serve"});
  expect_ready("a", 1, serve);
  expect_ready("b", 1, serve);
  auto edited = eager("a", {"--tools", "1"});
  configure({{"a", edited}, {"b", eager("b")}});
  expect_ready("a", 2, serve);
  EXPECT_TRUE(eventually([&] { return !records("a")[0]["ended"].is_null(); }));
  EXPECT_EQ(records("b").size(), 1U);
  EXPECT_TRUE(records("b")[0]["ended"].is_null());
  expect_orderly_end(serve, SIGTERM);
}

TEST_F(ServeTest, RestartsOnlyTheHttpServerThatWasEdited) {
  auto a = http_server::fake(*this);
  auto b = http_server::fake(*this);
  auto config_a = a.config();
  auto config_b = b.config();
  config_a["startup"] = config_b["startup"] = true;
  configure({{"a", config_a}, {"b", config_b}});
  auto serve = start({"serve"});
  auto sessions = [](const http_server& x, int live, int total) {
    auto all = x.stats()["sessions"];
    return all["live"] == live && all["total"] == total;
  };
  EXPECT_TRUE(eventually([&] { return sessions(a, 1, 1); })) << serve.err();
  EXPECT_TRUE(eventually([&] { return sessions(b, 1, 1); })) << serve.err();
  config_a["headers"] = {{"X-Team", "blue"}};
  configure({{"a", config_a}, {"b", config_b}});
  EXPECT_TRUE(eventually([&] { return sessions(a, 1, 2); })) << a.stats();
  EXPECT_TRUE(sessions(b, 1, 1)) << b.stats();
  EXPECT_EQ(a.stats()["deletes"], 1);
  expect_orderly_end(serve, SIGTERM);
  EXPECT_TRUE(sessions(a, 0, 2)) << a.stats();
  EXPECT_TRUE(sessions(b, 0, 1)) << b.stats();
}

TEST_F(ServeTest, StartsAndEndsWhatIsAddedAndRemoved) {
  configure({{"a", eager("a")}});
  auto serve = start({"serve"});
  expect_ready("a", 1, serve);
  configure({{"b", eager("b")}});
  expect_ready("b", 1, serve);
  EXPECT_TRUE(eventually([&] { return !records("a")[0]["ended"].is_null(); }));
  expect_orderly_end(serve, SIGTERM);
}

TEST_F(ServeTest, KeepsTheOldConfigurationWhenTheNewOneIsInvalid) {
  configure({{"a", eager("a")}});
  auto serve = start({"serve"});
  expect_ready("a", 1, serve);
  configure_text("{\"mcpServers\": {");
  expect_log(serve, "is no JSON");
  EXPECT_TRUE(records("a")[0]["ended"].is_null());
  configure({{"a", eager("a", {"--tools", "1"})}});
  expect_ready("a", 2, serve);
  expect_orderly_end(serve, SIGTERM);
}

// A file that stays as it is makes no other event.
TEST_F(ServeTest, ReadsTheConfigurationAgainOnSighup) {
  configure({{"a", eager("a")}});
  auto serve = start({"serve"});
  expect_ready("a", 1, serve);
  configure_text("[]");
  expect_log(serve, "REGISTRY keeps the old configuration", 1);
  serve.signal(SIGHUP);
  expect_log(serve, "REGISTRY keeps the old configuration", 2);
  expect_orderly_end(serve, SIGTERM);
}

TEST_F(ServeTest, EndsAtOnceOnTheSecondSignal) {
  auto stubborn = eager("a", {"--ignore-eof", "--ignore-term"});
  stubborn["closeTimeout"] = "60s";
  configure({{"a", stubborn}});
  auto serve = start({"serve"});
  expect_ready("a", 1, serve);
  serve.signal(SIGTERM);
  expect_log(serve, "POOL ends");
  EXPECT_TRUE(serve.runs());
  serve.signal(SIGTERM);
  EXPECT_EQ(serve.wait(std::chrono::seconds{5}), 130);
}

TEST_F(ServeTest, LeavesNoProcessWhenItIsKilled) {
  configure({{"a", eager("a")},
             {"b", eager("b", {"--on", "start=grandchild:3m"})},
             {"c", eager("c", {"--ignore-eof", "--ignore-term"})},
             {"d", eager("d")},
             {"e", eager("e", {"--no-read"})}});
  auto serve = start({"serve"});
  for (const auto* name : {"a", "b", "c", "d"})
    expect_ready(name, 1, serve);
  EXPECT_TRUE(eventually([&] { return records("e").size() == 1; }));
  serve.signal(SIGKILL);
  EXPECT_EQ(serve.wait(patience), 128 + SIGKILL);
}

} // namespace

} // namespace mcpool::system
