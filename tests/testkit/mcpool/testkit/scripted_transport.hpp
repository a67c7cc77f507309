// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/config/server_config.hpp>
#include <mcpool/core/fingerprint.hpp>
#include <mcpool/core/ids.hpp>
#include <mcpool/core/refusal.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/protocol/message.hpp>
#include <mcpool/transport/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::testkit {

class scripted_network;
class scripted_session;

/// Something that the transport was asked to send.
struct sent_message {
  transport::outgoing_kind kind = transport::outgoing_kind::one_way;
  /// The id of a request; 0 for other messages.
  std::int64_t id = 0;
  protocol::message message;
};

/// What a scripted server does by itself. What it does not do itself is left to
/// the test, which must ask for it: see `scripted_session::take`.
struct server_habits {
  /// Reports that it is open.
  bool opens = true;
  /// Ends for this reason instead of opening.
  std::optional<refusal> refuses;
  /// Says first that nothing is there, if it refuses.
  bool is_missing = false;
  /// Answers `initialize`, and takes `notifications/initialized`.
  bool initializes = true;
  /// Takes `initialize`, but never answers it.
  bool hangs = false;
  /// Serves every other request, and takes `notifications/cancelled`.
  bool answers = true;
  /// Reports the end after `close`.
  bool closes = true;
  /// How a request is served; without it, its method and params are its answer.
  /// Runs after the transport has returned.
  std::function<void(scripted_session&, const sent_message&)> serve;
  /// The result of `initialize`.
  std::string greeting
    = R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{},)"
      R"("prompts":{},"resources":{}},"serverInfo":{"name":"scripted",)"
      R"("version":"1"}})";
};

/// A server that does nothing by itself.
server_habits silent();

/// A server that does everything but answer calls.
server_habits unanswering();

/// One transport that a CONNECTION made, and the server behind it, played by
/// the test. Everything runs on the test's thread; the functions that play the
/// server call the listener at once, so they must not be called from inside a
/// call into the transport.
///
/// What breaks the contract of `transport::transport` fails the test.
class scripted_session {
public:
  // -- what it was asked ------------------------------------------------------

  /// The configuration it was made for, with the values of its secrets.
  const config::server_config& config() const { return config_; }

  /// Sent and neither answered by habit nor taken by the test yet.
  const std::deque<sent_message>& inbox() const { return inbox_; }

  /// Everything that was sent, in its order, however it was dealt with.
  const std::vector<sent_message>& sent() const { return sent_; }

  /// Takes the first message of the inbox, which must be of this method (empty
  /// for an answer to the server); fails the test otherwise.
  sent_message take(std::string_view method);

  /// Takes the first message of the inbox, whatever it is; fails the test if
  /// there is none.
  sent_message take();

  /// How many messages of this method were sent, however they were dealt with.
  std::size_t count(const std::string& method) const;

  /// The revision it was told, if it was.
  const std::optional<std::string>& established() const { return established_; }

  /// Which requests nobody waits for any more.
  const std::set<std::int64_t>& forgotten() const { return forgotten_; }

  /// It was told to open, at some time.
  bool opened() const { return stage_ != stage::made; }

  /// It can send and be sent to.
  bool open() const { return stage_ == stage::open; }

  /// It was told to open, and did not report that it did.
  bool opening() const { return stage_ == stage::opening; }

  /// It was told to close, and did not report its end yet.
  bool closing() const { return stage_ == stage::closing; }

  /// Nothing of it is left.
  bool ended() const { return stage_ == stage::ended; }

  // -- the server -------------------------------------------------------------

  /// `on_open`.
  void open_up();

  /// Answers a request with a result, JSON text.
  void answer(std::int64_t id, std::string_view result);

  /// Answers `initialize`, which it takes, by the greeting of its habits.
  void greet();

  /// Answers a request with an error. `data` is JSON text or empty.
  void refuse(std::int64_t id, std::int64_t code, std::string_view text,
              std::string_view data = {});

  /// Sends a notification.
  void notify(std::string_view method, std::string_view params = {});

  /// Sends a request with an id as JSON text.
  void request(std::string_view id, std::string_view method);

  /// Sends a message, or an array of them, as text.
  void say(std::string_view json);

  /// `on_unreachable`.
  void miss();

  /// `on_failure`.
  void fail(std::int64_t id, refusal why, transport::delivery sent);

  /// `on_unsent`: nothing of these requests was written; `end` must follow.
  void leave_unsent(std::vector<std::int64_t> ids);

  /// `on_session_lost`.
  void lose_session();

  /// `on_noise`.
  void make_noise(std::string sample);

  /// `on_close`: nothing of it is left.
  void end(refusal why);

private:
  friend class scripted_network;
  friend class scripted_front;

  enum class stage : std::uint8_t { made, opening, open, closing, ended };

  scripted_session(scripted_network& network, config::server_config config,
                   std::shared_ptr<transport::listener> listener);

  void on_open();
  void on_send(transport::outgoing x);
  void on_established(std::string version);
  void on_forget(std::int64_t id);
  void on_close();
  void on_dropped();
  void answer_by_habit(const sent_message& x);
  bool serve(const sent_message& x);
  void later(std::function<void(scripted_session&)> f);

  scripted_network* network_;
  config::server_config config_;
  std::shared_ptr<transport::listener> listener_;
  stage stage_ = stage::made;
  std::deque<sent_message> inbox_;
  std::vector<sent_message> sent_;
  std::set<std::int64_t> ids_;
  std::optional<std::string> established_;
  std::set<std::int64_t> forgotten_;
};

/// All scripted servers of a test, by name. A message that a test neither left
/// to a habit nor took fails the test at the end.
///
/// For tests that play a server message by message; `scripted_server` is the
/// shorter way for tests that only need one with some tools. Like everything
/// here, for one thread.
class scripted_network {
public:
  scripted_network() = default;
  ~scripted_network();

  scripted_network(const scripted_network&) = delete;
  scripted_network& operator=(const scripted_network&) = delete;

  /// Makes transports of this network; it must outlive them.
  transport::transport_factory factory();

  /// What the server of this name does by itself, from now on.
  server_habits& habits(const std::string& server) { return habits_[server]; }

  /// Does what the habits want, in order, until there is nothing left; returns
  /// how much that was.
  std::size_t deliver();

  /// Does something after a while, as `advance` counts it; within the next
  /// `deliver` for 0.
  void after(duration delay, std::function<void()> f);

  /// Lets time pass for `after`; does nothing else yet.
  void advance(duration by);

  /// Every session to a server so far, in the order of their making.
  const std::vector<std::shared_ptr<scripted_session>>&
  sessions(const std::string& server) {
    return servers_[server].sessions;
  }

  /// The session that was made last; throws `std::logic_error`, which fails the
  /// test, if there is none.
  scripted_session& last(const std::string& server);

  /// How many sessions were opened.
  std::size_t opened(const std::string& server) {
    return servers_[server].opened;
  }

  /// How many are open now: opened, and their end not reported.
  std::size_t live(const std::string& server) { return servers_[server].live; }

  /// The most that were ever open at once.
  std::size_t max_live(const std::string& server) {
    return servers_[server].max_live;
  }

  /// The most that were ever open at once of any server.
  std::size_t max_live() const;

  /// How many are open now, over all servers.
  std::size_t live() const;

  /// The servers that a session is open to now, for messages.
  std::vector<std::string> live_servers() const;

  /// Takes what is left in all inboxes, so that it does not fail the test.
  void ignore_rest();

private:
  friend class scripted_session;

  struct server {
    std::vector<std::shared_ptr<scripted_session>> sessions;
    std::size_t opened = 0;
    std::size_t live = 0;
    std::size_t max_live = 0;
  };

  std::map<std::string, server_habits> habits_;
  std::map<std::string, server> servers_;
  std::deque<std::function<void()>> queue_;
  /// What happens later, by the time that has passed then.
  std::multimap<duration, std::function<void()>> delayed_;
  duration passed_ = duration::zero();
};

} // namespace mcpool::testkit
