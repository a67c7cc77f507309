// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/event_reader.hpp>
#include <mcpool/transport/http_client.hpp>
#include <mcpool/transport/http_failure.hpp>
#include <mcpool/transport/http_stream.hpp>
#include <mcpool/transport/transport.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mcpool::transport {

class http_session;

/// One message on its way as a POST, and everything that comes back for it: one
/// JSON text or an event stream, the resumption of a stream that ended early,
/// or the reason why there is no answer (MCP, "Sending Messages to the
/// Server").
class http_exchange : public http_handler,
                      public http_stream_owner,
                      private message_sink,
                      public std::enable_shared_from_this<http_exchange> {
public:
  http_exchange(std::shared_ptr<http_session> session, outgoing x);

  /// Sends it. Fails if there is no usable address.
  result<void> start();

  /// Ends it; nobody hears of it any more.
  void cancel();

  /// Nobody waits for the answer any more, but what comes with it still counts:
  /// `initialize` opens a session. It ends within `limit`.
  void abandon(duration limit);

  const outgoing& message() const noexcept { return message_; }
  std::uint64_t epoch() const noexcept { return epoch_; }

  void on_head(const http_head& head) override;
  http_flow on_body(std::string_view bytes) override;
  void on_done(const http_outcome& outcome) override;

  void on_stream_message(protocol::message x) override;
  void on_stream_noise(std::string sample) override;
  void on_stream_end(const http_failure& why, bool session_gone) override;

private:
  /// What to do with the body.
  enum class body_kind : std::uint8_t {
    /// There was no answer yet.
    none,
    json,
    events,
    /// Of a one-way message: nothing.
    ignored,
    /// No success.
    error,
    /// Success, but of a type that is no answer.
    foreign,
  };

  void on_message(protocol::message x) override;
  void on_noise(std::string sample) override;

  body_kind kind_of(const http_head& head) const;
  void take_session_id(const http_head& head);
  void on_accepted();
  http_flow take_body(std::string_view bytes);
  refusal out_of_memory();
  http_flow on_json(std::string_view bytes);
  http_flow on_events(std::string_view bytes);
  http_flow keep_beginning(std::string_view bytes, std::size_t limit);
  void on_answered(const protocol::message& x);
  void on_complete();
  void read_json();
  void on_error_status();
  void on_foreign();
  void on_no_answer();
  bool resume();
  void fail(http_failure why);
  void fail(errc code, std::string text, delivery sent);
  void end_within(duration limit);
  void finish();
  std::string origin() const;

  std::shared_ptr<http_session> session_;
  outgoing message_;
  /// The session that it belongs to.
  std::uint64_t epoch_;
  bool had_session_;
  http_client::exchange_id exchange_ = 0;

  body_kind kind_ = body_kind::none;
  int status_ = 0;
  std::string body_;
  std::size_t ignored_ = 0;
  /// Of answers other than JSON and events.
  std::unique_ptr<http_head> head_;
  std::unique_ptr<event_reader> reader_;
  std::shared_ptr<http_stream> stream_;
  /// The id of the session that the answer to `initialize` offers.
  std::string offered_;
  /// What a JSON-RPC error without an id said.
  std::string said_;
  /// A message was too long.
  std::optional<refusal> spoiled_;
  bool answered_ = false;
  bool abandoned_ = false;
  bool finished_ = false;
};

} // namespace mcpool::transport
