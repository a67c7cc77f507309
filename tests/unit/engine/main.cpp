// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "probe.hpp"

#include <mcpool/engine/system.hpp>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
  mcpool::engine::init_types<caf::id_block::engine_test>();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
