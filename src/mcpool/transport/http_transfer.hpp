// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/curl_loop.hpp>
#include <mcpool/transport/http_client.hpp>

#include <curl/curl.h>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mcpool::transport {

/// One easy handle of libcurl and the exchange that it works for. Reused from
/// exchange to exchange: what stays the same is not set again.
class http_transfer : public curl_user {
public:
  using clock = std::chrono::steady_clock;

  /// Redirects that are followed in a row.
  static constexpr int max_redirects = 5;

  explicit http_transfer(std::size_t slot) : slot(slot) {}

  http_transfer(const http_transfer&) = delete;
  http_transfer& operator=(const http_transfer&) = delete;
  ~http_transfer();

  /// Makes the easy handle if there is none. False if that is not possible.
  bool open(curl_loop& loop);

  /// Frees the easy handle and what it refers to.
  void close();

  /// Takes over an exchange; `open` before.
  void begin(http_client::exchange_id id, http_request request,
             std::shared_ptr<http_handler> handler);

  /// From here on the handler hears nothing, and the id is nobody's.
  void mute() noexcept { id_ = 0; }

  /// Forgets the exchange.
  void end();

  /// Prepares the easy handle for being added to the loop. It uses only
  /// kept connections that are younger than `oldest`; any without.
  void prepare(std::optional<duration> oldest);

  /// True if the request was sent, and nothing came back.
  bool unanswered() const noexcept { return sends_ > 0 && !head_told_; }

  /// Reads how libcurl ended. Nothing if a redirect is to be followed: then
  /// `prepare` and add again.
  std::optional<http_outcome> finish(CURLcode code);

  /// The outcome of an exchange that took too long.
  http_outcome timed_out() const;

  CURL* easy() const noexcept { return easy_; }
  http_client::exchange_id id() const noexcept { return id_; }
  const http_request& request() const noexcept { return request_; }

  /// Gives the handler away, for its last call.
  std::shared_ptr<http_handler> take_handler() noexcept {
    return std::move(handler_);
  }

  /// When the last byte came, or the exchange began.
  clock::time_point last_byte() const noexcept { return last_byte_; }

  /// Where it stands among the transfers of its client.
  const std::size_t slot;
  /// When it has to end; the greatest time point for never.
  clock::time_point ends_at = clock::time_point::max();
  /// How long it may be without a byte; 0 for any time.
  duration idle_timeout{0};
  /// When the client looks after it next; the greatest time point for never.
  clock::time_point watched_at = clock::time_point::max();
  /// Added to the loop.
  bool running = false;

private:
  static std::size_t on_header(char* data, std::size_t, std::size_t size,
                               void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size,
                             void* self) noexcept;
  static int on_send(void* self, char*, char*, int, int) noexcept;

  void set_constants(curl_loop& loop);
  void set_method();
  void set_oldest(std::optional<duration> oldest);
  template <class F>
  std::size_t guarded(F take) noexcept;
  std::size_t take_line(std::string_view line);
  std::size_t take_body(std::string_view bytes);
  bool may_send() noexcept;
  bool is_redirect() const noexcept;
  std::optional<http_outcome> follow();
  result<std::string> next_address();
  http_outcome broken(CURLcode code) const;
  refusal reason(CURLcode code) const;
  refusal connect_reason(CURLcode code) const;
  refusal broken_reason(CURLcode code) const;
  std::string_view detail(CURLcode code) const noexcept;

  /// Where it runs, from `open` on.
  const curl_loop* loop_ = nullptr;
  CURL* easy_ = nullptr;
  http_client::exchange_id id_ = 0;
  http_request request_;
  std::shared_ptr<http_handler> handler_;
  http_head head_;
  clock::time_point last_byte_{};
  /// Where a redirect led to; empty for the address of the target.
  std::string redirected_to_;
  int redirects_ = 0;
  /// How often libcurl was about to send the request.
  int sends_ = 0;
  bool head_told_ = false;
  bool head_too_long_ = false;
  bool stopped_ = false;
  /// A callback threw, for want of memory.
  bool failed_ = false;
  /// What the easy handle is set up for.
  std::shared_ptr<const http_target> set_target_;
  std::optional<http_method> set_method_;
  bool set_last_ = false;
  bool set_oldest_ = false;
  char error_[CURL_ERROR_SIZE] = {};
};

} // namespace mcpool::transport
