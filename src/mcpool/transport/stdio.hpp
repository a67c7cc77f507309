// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/process_guard.hpp>
#include <mcpool/transport/transport.hpp>

#include <memory>

namespace mcpool::transport {

/// Makes the transport that runs a server as a child process and exchanges one
/// JSON-RPC message per line over its standard input and output (MCP,
/// "Transports", "stdio").
///
/// * The process has the environment of `child_environment`, `config.cwd`, a
///   session and group of its own and no descriptor but its three.
/// * At most 64 MiB wait to be written; what exceeds that fails with `busy`.
/// * A line longer than `config.max_message_bytes` ends the transport; other
///   lines that are no message are noise, of which 20 a second are told.
/// * Standard error goes to the log; its last ten lines explain an unexpected
///   end.
/// * The end: the queue is written, input closed, TERM and KILL sent to the
///   whole group, each after `config.close_timeout`. When the process has
///   ended, however that came, the rest of its group is killed, and what they
///   left in the pipes is still read, for half a second at most.
/// * What is sent after `on_close` is dropped.
///
/// `loop` must outlive the transport. The listener is let go on the loop's
/// thread, after `on_close` or when the transport is destroyed.
std::shared_ptr<transport> make_stdio(io_loop& loop,
                                      std::shared_ptr<process_guard> guard,
                                      const config::server_config& config,
                                      std::shared_ptr<listener> listener);

} // namespace mcpool::transport
