// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/outcome.hpp>
#include <mcpool/testkit/fake_server/session.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <memory>

namespace mcpool::testkit::fake_server {

class server;

/// One `tools/call` and where its outcome goes.
struct tool_call {
  world& all;
  server& core;
  std::shared_ptr<session> who;
  std::shared_ptr<call> what;
  outcome_sink sink;
};

/// Runs the tool that is named. A tool that takes time stops without an
/// outcome when its call is over.
void call_tool(tool_call one);

/// To be called first in `main`: remembers the command line and which
/// descriptors the process was started with, for the tools that show them.
void remember_start(int argc, char** argv);

} // namespace mcpool::testkit::fake_server
