// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/event_reader.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace mcpool;
using namespace mcpool::transport;
using namespace std::chrono_literals;

namespace {

struct recording_sink : message_sink {
  void on_message(protocol::message x) override { methods.push_back(x.method); }
  void on_noise(std::string sample) override { noise.push_back(sample); }

  std::vector<std::string> methods;
  std::vector<std::string> noise;
};

const std::string a = R"(data: {"jsonrpc":"2.0","method":"a"})";

class EventReaderTest : public ::testing::Test {
protected:
  event_reader aut{1000};
  recording_sink sink;
};

} // namespace

TEST_F(EventReaderTest, HandsOutMessages) {
  EXPECT_TRUE(aut.feed(a.substr(0, 9), sink));
  EXPECT_TRUE(aut.feed(a.substr(9) + "\n\n" + a + "\n\n", sink));
  EXPECT_EQ(sink.methods.size(), 2u);
}

TEST_F(EventReaderTest, IgnoresEventsOfOtherTypes) {
  EXPECT_TRUE(aut.feed("event: ping\n" + a + "\n\n", sink));
  EXPECT_TRUE(sink.methods.empty());
  EXPECT_TRUE(sink.noise.empty());
}

TEST_F(EventReaderTest, ReportsWhatIsNoMessage) {
  EXPECT_TRUE(aut.feed("data: hi\n\n", sink));
  EXPECT_EQ(sink.noise, std::vector<std::string>{"hi"});
}

TEST_F(EventReaderTest, KeepsIdAndRetryAcrossConnections) {
  EXPECT_TRUE(aut.feed("id: 7\nretry: 20\ndata:\n\ndata: {\"ha", sink));
  aut.restart();
  EXPECT_EQ(aut.last_event_id(), "7");
  EXPECT_EQ(aut.delay().next(0), duration{20ms});
  EXPECT_TRUE(aut.feed(a + "\n\n", sink));
  EXPECT_EQ(sink.methods.size(), 1u);
}

TEST_F(EventReaderTest, IsBounded) {
  auto got = aut.feed("data: " + std::string(2000, 'x'), sink);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::payload_too_large);
}
