// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/scripted_transport.hpp>

#include <mcpool/protocol/json_rpc.hpp>

#include <mcpool/testkit/scripted_server.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace mcpool::testkit {
namespace {

using namespace std::chrono_literals;
using transport::outgoing_kind;

/// Notes what it is told.
class recorder : public transport::listener {
public:
  void on_open() override { events.emplace_back("open"); }
  void on_message(protocol::message x) override {
    events.push_back(x.method + x.result.str());
  }
  void on_failure(std::int64_t, refusal, transport::delivery) override {
    events.emplace_back("failure");
  }
  void on_session_lost() override { events.emplace_back("session_lost"); }
  void on_noise(std::string) override { events.emplace_back("noise"); }
  void on_close(refusal) override { events.emplace_back("close"); }

  std::vector<std::string> events;
};

class ScriptedTransportTest : public ::testing::Test {
protected:
  void open() {
    aut->open();
    network.deliver();
  }

  void send(std::int64_t id, const std::string& method,
            outgoing_kind kind = outgoing_kind::request) {
    auto line = id > 0 ? protocol::encode_request(id, method)
                       : protocol::encode_notification(method);
    aut->send({line, kind, id});
  }

  std::shared_ptr<recorder> told = std::make_shared<recorder>();
  scripted_network network;
  std::shared_ptr<transport::transport> aut
    = network.factory()(scripted_config("aut"), told);
};

TEST_F(ScriptedTransportTest, OpensAnswersAndClosesByHabit) {
  open();
  send(1, "ping");
  network.deliver();
  aut->close();
  network.deliver();
  EXPECT_THAT(told->events,
              ElementsAre("open", R"({"method":"ping","params":{}})", "close"));
  EXPECT_EQ(network.live("aut"), 0u);
}

TEST_F(ScriptedTransportTest, RecordsEverythingThatWasSent) {
  network.habits("aut").answers = false;
  open();
  send(1, "a");
  send(0, "b", outgoing_kind::one_way);
  auto& session = network.last("aut");
  EXPECT_THAT(session.sent(), SizeIs(2));
  EXPECT_EQ(session.count("a"), 1u);
  EXPECT_EQ(session.take("a").id, 1);
  EXPECT_EQ(session.take("b").id, 0);
  EXPECT_THAT(session.inbox(), IsEmpty());
  EXPECT_THAT(session.sent(), SizeIs(2));
}

TEST_F(ScriptedTransportTest, WhatNobodyExpectedFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(
    {
      scripted_network other;
      auto x = other.factory()(scripted_config("other"), told);
      x->open();
      other.deliver();
      x->send(
        {protocol::encode_notification("odd"), outgoing_kind::one_way, 0});
      x.reset();
      other.deliver();
    },
    "'other' was sent what nobody expected: 'odd'");
}

TEST_F(ScriptedTransportTest, TakingAnotherMethodFailsTheTest) {
  network.habits("aut").answers = false;
  open();
  send(1, "a");
  EXPECT_NONFATAL_FAILURE(network.last("aut").take("b"), "method");
}

TEST_F(ScriptedTransportTest, TakingFromAnEmptyInboxFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(network.last("aut").take(), "nothing was sent");
}

TEST_F(ScriptedTransportTest, SendingBeforeItIsOpenFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(send(1, "a"), "outside of on_open and close()");
  network.ignore_rest();
}

TEST_F(ScriptedTransportTest, OpeningTwiceFailsTheTest) {
  open();
  EXPECT_NONFATAL_FAILURE(aut->open(), "open() came twice");
}

TEST_F(ScriptedTransportTest, ForgettingWhatWasNeverSentFailsTheTest) {
  open();
  EXPECT_NONFATAL_FAILURE(aut->forget(7), "forget() of what was never sent");
}

TEST_F(ScriptedTransportTest, AWrongScriptFailsTheTest) {
  open();
  EXPECT_NONFATAL_FAILURE(network.last("aut").say("{"), "the script is wrong");
}

TEST_F(ScriptedTransportTest, RefusesToOpenByHabit) {
  network.habits("aut").refuses = make_refusal(errc::connect_failed, "no");
  open();
  EXPECT_THAT(told->events, ElementsAre("close"));
}

TEST_F(ScriptedTransportTest, DelaysWhatComesLaterAndKeepsItsOrder) {
  std::vector<int> seen;
  network.after(20ms, [&] { seen.push_back(3); });
  network.after(10ms, [&] { seen.push_back(1); });
  network.after(10ms, [&] { seen.push_back(2); });
  network.advance(9ms);
  network.deliver();
  EXPECT_THAT(seen, IsEmpty());
  network.advance(11ms);
  network.deliver();
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
}

TEST_F(ScriptedTransportTest, NamesTheServersThatAreLive) {
  EXPECT_THAT(network.live_servers(), IsEmpty());
  open();
  EXPECT_THAT(network.live_servers(), ElementsAre("aut"));
}

} // namespace
} // namespace mcpool::testkit
