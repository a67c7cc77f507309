// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/protocol/line_framing.hpp>
#include <mcpool/transport/child_process.hpp>
#include <mcpool/transport/io_loop.hpp>
#include <mcpool/transport/last_words.hpp>
#include <mcpool/transport/outbox.hpp>
#include <mcpool/transport/pipe_reader.hpp>
#include <mcpool/transport/transport.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::transport {

/// The part of the stdio transport that lives on the loop: one process from its
/// start until it is gone. Keeps itself alive in between.
///
/// Its life: `idle`, then `running` until somebody closes it or it fails; then
/// the steps of the end, each with a timer: `flushing` the queue (after `close`
/// only), `waiting` for the exit after the end of input, `terminating`,
/// `killing`. An exit in any of them leads to `draining` its output, and that
/// to `ended`, which is told last.
class stdio_session : public std::enable_shared_from_this<stdio_session> {
public:
  stdio_session(io_loop& loop, std::shared_ptr<process_guard> guard,
                const config::server_config& config,
                std::shared_ptr<listener> listener);

  // -- what the transport asks for, on the loop's thread ----------------------

  void open();
  void send(outgoing x);
  void forget(std::int64_t id);
  void close();

  /// As `close`, and nobody is told.
  void abandon();

private:
  enum class phase {
    idle,
    running,
    flushing,
    waiting,
    terminating,
    killing,
    draining,
    ended,
  };

  using step = void (stdio_session::*)();

  // -- start ------------------------------------------------------------------

  result<void> start();
  result<void> take_ends(unique_fd input, unique_fd output, unique_fd error);
  launch_spec spec() const;
  bool is_there() const;

  // -- input and output of the server -----------------------------------------

  void write();
  void write_soon();
  void write_later(outbox::progress why);
  void write_on();
  void on_output(std::string_view bytes);
  void take_output(std::string_view bytes);
  void out_of_memory();
  void on_lines();
  void tell(std::vector<protocol::message>& messages);
  void too_large(const refusal& why);
  void on_noise(std::string_view line);
  void on_error_output(std::string_view bytes);

  // -- the end ----------------------------------------------------------------

  bool ending() const noexcept;
  void fail(errc code, std::string text);
  void close_input();
  void terminate();
  void kill();
  void give_up();
  void on_exit(exit_status status);
  void drained();
  void end();
  void finish(refusal why);
  refusal reason() const;
  void arm(duration after, step next);

  config::server_config config_;
  /// Null when nobody is to be told.
  std::shared_ptr<listener> listener_;
  io_loop& loop_;
  phase phase_ = phase::idle;
  child_process child_;

  /// The server's standard input.
  boost::asio::posix::stream_descriptor input_;
  outbox outbox_;
  /// A wait for room in the pipe, or for the next turn, is under way.
  bool write_pending_ = false;
  /// A one-way message was dropped since the outbox was last empty.
  bool dropping_ = false;

  pipe_reader output_;
  protocol::line_reader lines_;
  /// Reused by `on_output`.
  std::vector<shared_text> batch_;
  rate_gate noise_;

  pipe_reader error_output_;
  last_words last_words_;

  /// For the step that follows when nothing happens.
  boost::asio::steady_timer timer_;
  /// Tells a timer that was replaced from the current one.
  std::uint64_t timer_round_ = 0;

  /// `close` was called.
  bool closed_ = false;
  /// Why the end began, if `close` was not the cause; the text continues
  /// "server 'x' ".
  std::optional<refusal> cause_;
  /// The requests that were not written before it ended.
  std::vector<std::int64_t> unsent_;
  /// How the process ended.
  std::optional<exit_status> exit_;
  /// We sent a signal before it ended.
  bool forced_ = false;
};

} // namespace mcpool::transport
