// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/testkit/fake_server/exchange.hpp>
#include <mcpool/testkit/fake_server/http_connection.hpp>
#include <mcpool/testkit/fake_server/http_session.hpp>

#include <memory>
#include <string>

namespace mcpool::testkit::fake_server {

class http_front;

/// One POST, GET or DELETE on its way back. Answers plainly; becomes an SSE
/// stream when the server answers so, or when something is to be sent before
/// the answer.
class http_exchange : public exchange,
                      public std::enable_shared_from_this<http_exchange> {
public:
  enum class kind { message, initialize, stream, end };

  http_exchange(http_front& front, http_connection::pointer from,
                http_session_ptr who, kind what);

  /// To be called once: notices when the client goes away.
  void watch();

  void send(const std::string& text) override;
  void answer(const reply& what) override;
  void abandon() override;
  void close(ending how) override;
  void break_stream(std::chrono::milliseconds retry) override;
  void when_sent(std::function<void()> then) override;
  void lose_session() override;

private:
  bool wants_stream(const reply& what) const;
  void open_stream();
  void answer_plainly(const reply& what);
  void answer_in_stream(const reply& what);
  http_fields session_field();
  void on_gone();

  http_front& front_;
  std::weak_ptr<http_connection> from_;
  http_session_ptr who_;
  kind kind_;
  std::shared_ptr<sse_stream> stream_;
};

} // namespace mcpool::testkit::fake_server
