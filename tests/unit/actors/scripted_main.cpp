// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/system_config.hpp>
#include <mcpool/core/log.hpp>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  mcpool::actors::init_types();
  mcpool::log::set_level(mcpool::log::level::off);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
