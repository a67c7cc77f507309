// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_failure.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/shared_text.hpp>
#include <mcpool/protocol/json_rpc.hpp>

#include <algorithm>
#include <cctype>

namespace mcpool::transport {

namespace {

struct meaning {
  errc code;
  delivery sent;
};

meaning meaning_of(int status) noexcept {
  switch (status) {
    case 401: return {errc::needs_login, delivery::not_sent};
    case 403: return {errc::not_allowed, delivery::not_sent};
    case 404:
    case 405:
    case 408:
    case 410: return {errc::connect_failed, delivery::not_sent};
    case 413: return {errc::payload_too_large, delivery::not_sent};
    case 429:
    case 503: return {errc::busy, delivery::not_sent};
    default: break;
  }
  if (status >= 400 && status < 500)
    return {errc::protocol_violation, delivery::not_sent};
  if (status >= 500 && status < 600)
    return {errc::connect_failed, delivery::maybe_sent};
  return {errc::protocol_violation, delivery::maybe_sent};
}

bool may_say_when(int status) noexcept {
  return status == 408 || status == 429 || status >= 500;
}

std::string error_message(std::string_view body) {
  if (trimmed(body).substr(0, 1) != "{")
    return {};
  auto messages = protocol::decode(shared_text{std::string{body}});
  if (!messages)
    return {};
  auto& first = messages->front();
  return first.kind == protocol::message_kind::error ? first.error.message
                                                     : std::string{};
}

bool mentions_session(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text.find("session") != std::string::npos;
}

} // namespace

http_failure failure_of(const http_head& head, std::string_view origin,
                        std::string_view body, time_point now) {
  auto found = meaning_of(head.status());
  auto said = explanation(body);
  auto text = cat(origin, " answered HTTP ", head.status(),
                  said.empty() ? "" : ": ", said);
  if (found.code == errc::needs_login)
    text += "; it wants a login: set an Authorization header in \"headers\"";
  http_failure out{make_refusal(found.code, std::move(text)), found.sent};
  if (may_say_when(head.status()))
    out.why.retry_after = head.retry_after(now).value_or(duration::zero());
  return out;
}

bool says_session_lost(int status, std::string_view body) {
  return status == 404
         || (status == 400 && mentions_session(error_message(body)));
}

std::string explanation(std::string_view body) {
  auto message = error_message(body);
  return printable_sample(message.empty() ? body : message);
}

} // namespace mcpool::transport
