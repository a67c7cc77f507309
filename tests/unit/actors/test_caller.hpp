// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/actors/private_messages.hpp>
#include <mcpool/engine/iface.hpp>
#include <mcpool/messages/caller.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/type_id.hpp>

#include <functional>
#include <vector>

namespace mcpool::actors {

/// Runs a function inside a `test_caller`.
struct run_inside {
  std::function<void()> f;
};

/// A CALLER that does what the test says and records its progress.
class test_caller {
public:
  using handle
    = engine::iface<engine::extended<caller_interface, fn<void(run_inside)>>>;
  using progress_list = std::vector<messages::caller::progress>;

  static constexpr const char* name = "test.caller";

  test_caller(handle::pointer me, test_caller** where, progress_list* seen)
    : self(me),
      seen_(seen) {
    *where = this;
  }

  handle::behavior_type make_behavior() {
    return {
      [this](const messages::caller::progress& x) { seen_->push_back(x); },
      [](const run_inside& x) { x.f(); },
    };
  }

  handle::pointer self;

private:
  progress_list* seen_;
};

} // namespace mcpool::actors

CAF_BEGIN_TYPE_ID_BLOCK(mcpool_test_caller, caf::id_block::mcpool_actors::end)

CAF_ADD_TYPE_ID(mcpool_test_caller, (mcpool::actors::run_inside))
CAF_ADD_TYPE_ID(mcpool_test_caller, (mcpool::actors::test_caller::handle))

CAF_END_TYPE_ID_BLOCK(mcpool_test_caller)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mcpool::actors::run_inside)
