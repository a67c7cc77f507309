// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/transport.hpp>

namespace mcpool::transport {

/// Makes the factory of a pool's real transports: stdio or Streamable HTTP, as
/// the configuration says. Its transports share one process guard and one HTTP
/// client. The factory may be copied and called from any thread; `loop` must
/// outlive the copies and the transports.
transport_factory make_transport_factory(io_loop& loop);

} // namespace mcpool::transport
