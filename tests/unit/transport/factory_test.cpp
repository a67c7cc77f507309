// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/factory.hpp>

#include <mcpool/config/server_config.hpp>
#include <mcpool/contract/recording_listener.hpp>

#include <gtest/gtest.h>

#include <memory>

using namespace mcpool;
using mcpool::contract::recording_listener;

namespace {

class TransportFactoryTest : public ::testing::Test {
protected:
  refusal end_of(const config::server_config& config) {
    auto make = transport::make_transport_factory(loop);
    auto told = std::make_shared<recording_listener>();
    auto aut = make(config, told);
    aut->open();
    aut->close();
    auto out = told->wait_closed();
    opened = told->was_opened();
    return out;
  }

  transport::io_loop loop;
  config::server_config config;
  bool opened = false;
};

} // namespace

TEST_F(TransportFactoryTest, StartsAProcessForStdio) {
  config.command = "/no/such/program";
  EXPECT_EQ(end_of(config).code, errc::connect_failed);
  EXPECT_FALSE(opened);
}

TEST_F(TransportFactoryTest, ConnectsToAnAddressForHttp) {
  config.transport = config::transport_kind::streamable_http;
  config.url = "http://127.0.0.1:1/mcp";
  EXPECT_EQ(end_of(config).code, errc::cancelled);
  EXPECT_TRUE(opened);
}
