// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/event_reader.hpp>
#include <mcpool/transport/http_client.hpp>
#include <mcpool/transport/http_failure.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mcpool::transport {

class http_session;

/// Who a GET stream works for.
class http_stream_owner {
public:
  virtual ~http_stream_owner() = default;

  virtual void on_stream_message(protocol::message x) = 0;
  virtual void on_stream_noise(std::string sample) = 0;

  /// The last call: there is no stream, and it will not be opened again.
  /// `session_gone` tells that the server does not know the session any more.
  virtual void on_stream_end(const http_failure& why, bool session_gone) = 0;
};

/// An event stream that is read with GET (MCP, "Listening for Messages from the
/// Server", "Resumability and Redelivery"), and opened again when it ends or is
/// silent for `stream_idle_timeout`, as `reconnect_delay` says.
///
/// An answer of 4xx, 501 or of another content type means that the server has
/// no such stream; it is never asked again. Other failures may happen twice in
/// a row.
class http_stream : public http_handler,
                    private message_sink,
                    public std::enable_shared_from_this<http_stream> {
public:
  /// What the stream is for.
  enum class purpose : std::uint8_t {
    /// What the server has to say by itself.
    standalone,
    /// The rest of the answer to a POST.
    resumption,
  };

  /// Reads on where `reader` stands, within the session `session_id`.
  http_stream(std::shared_ptr<http_session> session,
              std::shared_ptr<http_stream_owner> owner, purpose what,
              std::string session_id, event_reader reader);

  /// Asks for the stream now, or after the delay.
  void open();
  void open_later();

  /// Closes it; the owner hears nothing any more.
  void stop();

  void on_head(const http_head& head) override;
  http_flow on_body(std::string_view bytes) override;
  void on_done(const http_outcome& outcome) override;

private:
  void on_message(protocol::message x) override;
  void on_noise(std::string sample) override;

  void on_refused();
  bool shows_lost_session() const;
  void retry_after_failure(http_failure why);
  void end(const http_failure& why, bool session_gone);

  std::shared_ptr<http_session> session_;
  std::shared_ptr<http_stream_owner> owner_;
  purpose what_;
  std::string session_id_;
  event_reader reader_;
  boost::asio::steady_timer timer_;
  http_client::exchange_id exchange_ = 0;
  /// The answer that is being read.
  http_head head_;
  bool is_stream_ = false;
  /// The beginning of the body of a refusal.
  std::string body_;
  /// There was a stream once.
  bool worked_ = false;
  /// An event was too long.
  std::optional<refusal> spoiled_;
};

} // namespace mcpool::transport
