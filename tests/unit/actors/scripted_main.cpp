// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "test_caller.hpp"

#include <mcpool/core/log.hpp>
#include <mcpool/engine/system.hpp>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  mcpool::engine::init_types<caf::id_block::mcpool_messages,
                             caf::id_block::mcpool_actors,
                             caf::id_block::mcpool_test_caller>();
  mcpool::log::set_level(mcpool::log::level::off);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
