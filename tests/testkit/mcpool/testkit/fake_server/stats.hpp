// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace mcpool::testkit::fake_server {

/// How many of something there are, were at most, and have been in all.
class gauge {
public:
  /// One of them, for as long as the token lives.
  using token = std::shared_ptr<void>;

  /// `changed` is set whenever a number changes.
  explicit gauge(std::shared_ptr<bool> changed);

  /// One more.
  token take();

  /// `{"live", "max", "total"}`.
  nlohmann::json to_json() const;

private:
  struct numbers {
    std::size_t live = 0;
    std::size_t max = 0;
    std::size_t total = 0;
  };

  std::shared_ptr<bool> changed_;
  std::shared_ptr<numbers> numbers_ = std::make_shared<numbers>();
};

/// Everything a test may want to know afterwards. Lists are bounded: the
/// oldest entries leave first.
class stats {
private:
  std::shared_ptr<bool> changed_ = std::make_shared<bool>(true);

public:
  stats();

  gauge connections{changed_};
  gauge sessions{changed_};
  /// `initialize` received, not answered yet.
  gauge initializes{changed_};
  /// `initialize` received, `notifications/initialized` not yet.
  gauge handshakes{changed_};
  /// `tools/call` received, not answered, cancelled or given up yet.
  gauge calls{changed_};
  /// Any request received, not answered, cancelled or given up yet.
  gauge in_flight{changed_};
  /// Standalone GET streams.
  gauge get_streams{changed_};

  /// A JSON-RPC request; `name` is the tool's, if it is a tool call.
  void count_request(const std::string& method, const std::string& name);

  /// An HTTP request.
  void count_http(const std::string& method);

  /// A session ended by the client.
  void count_delete();

  /// A broken stream that was taken up again.
  void count_resume();

  /// A notification of the client.
  void note_notification(const nlohmann::json& message);

  /// The client's answer to a request of ours.
  void note_response(const nlohmann::json& message);

  /// Something the client must not do. `kind` is a short fixed word.
  void note_violation(const std::string& kind, const std::string& text);

  /// The header of one HTTP request, names in lower case.
  void note_header(nlohmann::json header);

  /// A child process of ours that outlives us.
  void note_grandchild(int pid);

  /// The session is ready.
  void note_initialized(const std::string& version);

  /// Why the process is about to end.
  void note_end(const std::string& reason);

  /// Which of the processes that share a directory this is, from 1.
  void set_process_number(std::size_t number);

  /// Everything, as `GET /stats` shows it.
  nlohmann::json to_json() const;

  /// Whether anything changed since the last call.
  bool take_changed();

private:
  using list = std::deque<nlohmann::json>;

  void append(list& where, nlohmann::json item, std::size_t limit);

  std::int64_t started_ms_;
  std::size_t process_number_ = 1;
  std::map<std::string, std::size_t> requests_;
  std::map<std::string, std::size_t> tools_;
  std::map<std::string, std::size_t> http_;
  std::map<std::string, std::size_t> notification_counts_;
  std::size_t deletes_ = 0;
  std::size_t resumes_ = 0;
  std::size_t violation_count_ = 0;
  bool initialized_ = false;
  nlohmann::json version_;
  nlohmann::json ended_;
  list notifications_;
  list responses_;
  list violations_;
  list headers_;
  list cancelled_;
  list grandchildren_;
};

} // namespace mcpool::testkit::fake_server
