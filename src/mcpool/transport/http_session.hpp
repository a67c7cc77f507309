// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/transport/event_reader.hpp>
#include <mcpool/transport/http_client.hpp>
#include <mcpool/transport/http_failure.hpp>
#include <mcpool/transport/http_stream.hpp>
#include <mcpool/transport/rate_gate.hpp>
#include <mcpool/transport/transport.hpp>

#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace mcpool::transport {

class http_exchange;

/// The part of a Streamable HTTP transport that lives on the loop: it owns the
/// session, the exchanges in flight and the GET stream, and it alone speaks to
/// the listener. Everything on the thread of the loop.
///
/// What it keeps in order: after `established`, requests wait until the POST of
/// the first one-way message, `notifications/initialized`, was answered, at
/// most for `init_timeout`, since two POSTs may overtake each other. The GET
/// stream is opened at that moment; without such a message, 200 ms after
/// `established`.
///
/// No session is left behind: an `initialize` is never aborted, not even when
/// nobody waits for it any more or the transport closes (then it is waited for
/// `close_timeout`), and the session that it opened is ended with DELETE.
class http_session : public http_stream_owner,
                     public std::enable_shared_from_this<http_session> {
public:
  /// Exchanges in flight, and bytes of their requests; more is `busy`.
  static constexpr std::size_t max_exchanges = 1024;
  static constexpr std::size_t max_unsent_bytes = 64 * 1024 * 1024;

  http_session(io_loop& loop, std::shared_ptr<http_client> client,
               config::server_config config, std::shared_ptr<listener> target);
  ~http_session() override;

  // -- the transport ----------------------------------------------------------

  void open();
  void send(outgoing x);
  void established(std::string protocol_version);
  void forget(std::int64_t id);
  void close();

  /// Closes without a word to the listener, which is let go at once.
  void abandon();

  // -- for exchanges ----------------------------------------------------------

  io_loop& loop() noexcept { return loop_; }

  /// What the exchange needs to go on. Null at the end of the program, for an
  /// exchange that outlived the transport.
  std::shared_ptr<http_client> client() const {
    return client_ ? client_ : late_client_.lock();
  }

  const config::server_config& config() const noexcept { return config_; }

  /// The current session; each `initialize` begins a new one.
  std::uint64_t epoch() const noexcept { return epoch_; }

  /// The target of a POST.
  result<std::shared_ptr<const http_target>> post_target(outgoing_kind kind);

  /// The target of a GET that resumes after `last_event_id`, if there is one,
  /// in the session `session_id`.
  result<std::shared_ptr<const http_target>>
  stream_target(const std::string& session_id,
                const std::string& last_event_id) const;

  /// The id of the session, or empty.
  const std::string& session_id() const noexcept { return session_id_; }

  /// `initialize` succeeded and brought `id`, which may be empty. False if a
  /// later one replaced it meanwhile.
  bool on_session_begun(const std::string& id, std::uint64_t epoch);

  /// The server took the one-way message `x`.
  void on_accepted(http_exchange& x);

  /// The server does not know the session of `epoch` any more.
  void on_session_gone(std::uint64_t epoch);

  /// Ends a session that nobody uses.
  void delete_session(const std::string& id);
  void on_deleted();

  /// `x` has ended: its answer was delivered, or it failed.
  void on_end(http_exchange& x);

  /// Tells the listener, unless it is too late.
  void tell(protocol::message x);
  void tell_noise(std::string sample);
  void tell_failure(std::int64_t id, http_failure x);

  // -- the GET stream ---------------------------------------------------------

  void on_stream_message(protocol::message x) override;
  void on_stream_noise(std::string sample) override;
  void on_stream_end(const http_failure& why, bool session_gone) override;

private:
  enum class gate : std::uint8_t { open, armed, shut };
  using exchange_ptr = std::shared_ptr<http_exchange>;

  std::vector<http_field> fields(const std::string& session_id) const;
  void begin_session();
  void drop_session();
  bool has_room_for(const outgoing& x) const noexcept;
  void start(outgoing x);
  void fail(const outgoing& x, refusal why);
  void shut_gate(http_exchange& x);
  void open_gate();
  void open_stream();
  void stop_stream();
  void start_timer(duration limit, void (http_session::*next)());
  void stop_timer();
  void end_forgotten(std::int64_t id);
  void abort_requests();
  void close_if_flushed();
  void abort_everything();
  void end_session();
  void close_if_ended();

  io_loop& loop_;
  /// Null once everything is closed.
  std::shared_ptr<http_client> client_;
  std::weak_ptr<http_client> late_client_;
  config::server_config config_;
  std::shared_ptr<listener> listener_;

  // The session.
  std::uint64_t epoch_ = 0;
  std::string session_id_;
  std::string version_;
  bool lost_ = false;
  /// Carries session and version; made when it is needed.
  std::shared_ptr<const http_target> post_target_;
  std::shared_ptr<const http_target> initialize_target_;

  // What is in flight.
  std::unordered_map<std::int64_t, exchange_ptr> requests_;
  std::unordered_set<exchange_ptr> others_;
  std::size_t unsent_bytes_ = 0;
  int deletions_ = 0;

  // After `established`.
  gate gate_ = gate::open;
  bool established_ = false;
  http_exchange* first_notification_ = nullptr;
  std::deque<outgoing> held_;
  std::shared_ptr<http_stream> stream_;

  /// What is no message is told in part.
  rate_gate noise_;

  // The end.
  enum class stage : std::uint8_t { open, flushing, ending, closed };
  stage stage_ = stage::open;
  boost::asio::steady_timer timer_;
  /// Tells a timer that rang before it was stopped from the current one.
  std::uint64_t timer_turn_ = 0;
};

} // namespace mcpool::transport
