// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/options.hpp>
#include <mcpool/testkit/fake_server/session.hpp>
#include <mcpool/testkit/fake_server/sse_stream.hpp>

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

namespace mcpool::testkit::fake_server {

/// A session with its SSE streams.
struct http_session {
  std::shared_ptr<session> core = std::make_shared<session>();
  /// The standalone GET stream; may be null.
  std::shared_ptr<sse_stream> get_stream;
  /// Streams that can be resumed; the oldest leave first.
  std::deque<std::shared_ptr<sse_stream>> streams;
  std::size_t last_stream = 0;
  bool open = false;

  /// A new stream, remembered.
  std::shared_ptr<sse_stream> make_stream(const options& chosen);

  /// The stream with this key; may be null.
  std::shared_ptr<sse_stream> find_stream(const std::string& key) const;
};

using http_session_ptr = std::shared_ptr<http_session>;

/// Every session of the HTTP server, and why the former ones are no more.
class http_sessions {
public:
  enum class end { deleted, dropped };

  explicit http_sessions(const options& chosen);

  /// A session that is not open yet. Without session ids it is always the
  /// same one.
  http_session_ptr make();

  /// Makes it known. At most 100,000 are open at once; then the oldest
  /// knowledge stays and false is returned.
  bool open(const http_session_ptr& what);

  /// The open session with this id; may be null.
  http_session_ptr find(const std::string& id) const;

  /// How the session with this id ended; null if there was none.
  const end* find_end(const std::string& id) const;

  /// Forgets it.
  void close(const http_session_ptr& what, end why);

  /// Every open session.
  std::deque<http_session_ptr> all() const;

private:
  const options& chosen_;
  std::size_t last_number_ = 0;
  std::unordered_map<std::string, http_session_ptr> open_;
  std::unordered_map<std::string, end> ended_;
  http_session_ptr only_;
};

} // namespace mcpool::testkit::fake_server
