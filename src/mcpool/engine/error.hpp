// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>
#include <mcpool/engine/generation.hpp>
#include <mcpool/engine/inspect.hpp>

#if !MCPOOL_CAF1
#include <caf/make_message.hpp>
#endif
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/type_id.hpp>

/// Types of the engine that travel in messages. Append only: the order is part
/// of what two nodes must agree on.
CAF_BEGIN_TYPE_ID_BLOCK(mcpool_engine, caf::first_custom_type_id)

CAF_ADD_TYPE_ID(mcpool_engine, (mcpool::errc))
CAF_ADD_TYPE_ID(mcpool_engine, (mcpool::refusal))

CAF_END_TYPE_ID_BLOCK(mcpool_engine)

#if MCPOOL_CAF1
CAF_ERROR_CODE_ENUM(mcpool::errc)
#else
CAF_ERROR_CODE_ENUM(mcpool::errc, "mcpool")
#endif

namespace mcpool::engine {

/// Makes the error that carries a refusal to whoever asked.
caf::error to_error(refusal why);

/// Reads the refusal out of an error. Errors of CAF itself become refusals too:
/// an actor that ended, for whatever reason or none, is `connection_lost`, a
/// limit that passed is `call_timed_out`, anything else is `internal_error`.
refusal to_refusal(const caf::error& why);

/// Prints an error of ours for CAF's own messages.
std::string render_error(std::uint8_t code, const caf::message& context);

/// Tells whether `x` is an error at all.
inline bool failed(const caf::error& x) {
  return x != caf::error{};
}

} // namespace mcpool::engine
