// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

// `mcpool status --watch`.

#include <mcpool/system/system_test.hpp>

#include <gmock/gmock.h>

#include <algorithm>

namespace mcpool::system {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WatchTest : public system_test {
protected:
  static bool shows(const process& x, const std::string& text) {
    return eventually([&] { return x.out().find(text) != std::string::npos; });
  }

  /// How many tables were printed.
  static std::size_t blocks(const process& x) {
    std::size_t out = 0;
    auto text = x.out();
    for (auto i = text.find("OWNER"); i != text.npos;
         i = text.find("OWNER", i + 1))
      ++out;
    return out;
  }
};

TEST_F(WatchTest, PrintsABlockForEachChange) {
  configure({{"first", fake()}});
  auto watch = start({"status", "--watch"});
  ASSERT_TRUE(shows(watch, "first"));
  std::this_thread::sleep_for(std::chrono::milliseconds{2500});
  EXPECT_EQ(blocks(watch), 1U);
  configure({{"first", fake()}, {"second", fake()}});
  ASSERT_TRUE(shows(watch, "second")) << watch.out();
  EXPECT_EQ(blocks(watch), 2U);
  EXPECT_THAT(watch.out(), Not(HasSubstr("\x1b")));
  watch.signal(SIGINT);
  auto end = watch.finish(patience);
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(end.err, "");
}

TEST_F(WatchTest, PrintsALineOfJsonForEachChange) {
  configure({{"first", fake()}});
  auto watch = start({"--json", "status", "--watch"});
  ASSERT_TRUE(shows(watch, "first"));
  configure({{"second", fake()}});
  ASSERT_TRUE(shows(watch, "second")) << watch.out();
  auto text = watch.out();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  watch.signal(SIGTERM);
  EXPECT_EQ(watch.finish(patience).code, 0);
}

TEST_F(WatchTest, WatchesAService) {
  configure({{"demo", fake()}});
  auto service = start({"serve", "--listen", "0"});
  ASSERT_TRUE(shows(service, "\n"));
  auto port = service.out();
  port = port.substr(port.rfind(':') + 1);
  port.pop_back();
  auto watch = start({"--node", port, "status", "--watch"});
  ASSERT_TRUE(shows(watch, "on_demand"));
  printed(run_bare({"--node", port, "get", "demo"}));
  EXPECT_TRUE(shows(watch, "ready")) << watch.out();
  service.signal(SIGKILL);
  auto end = watch.finish(patience);
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.err, HasSubstr("connection_lost: "));
}

} // namespace

} // namespace mcpool::system
