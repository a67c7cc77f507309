// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_checks.hpp>

#include <algorithm>
#include <cctype>

namespace mcpool::testkit::fake_server {

namespace {

constexpr auto json_type = "application/json";
constexpr auto sse_type = "text/event-stream";
constexpr auto version_field = "MCP-Protocol-Version";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return text;
}

bool accepts(const http_request& request, const char* type) {
  return lower(field(request, "Accept")).find(type) != std::string::npos;
}

} // namespace

std::string field(const http_request& request, const std::string& name) {
  // A field may come in several lines, which mean the same as one list.
  std::string all;
  auto [line, end] = request.equal_range(name);
  for (; line != end; ++line)
    all += (all.empty() ? "" : ", ")
           + std::string{line->value().data(), line->value().size()};
  return all;
}

std::optional<violation> check_post(const http_request& request) {
  if (!accepts(request, json_type) || !accepts(request, sse_type))
    return violation{"accept",
                     "Accept must list application/json and "
                     "text/event-stream, not \""
                       + field(request, "Accept") + "\"",
                     406};
  auto type = lower(field(request, "Content-Type"));
  if (type.compare(0, std::string{json_type}.size(), json_type) != 0)
    return violation{
      "content_type",
      "Content-Type must be application/json, not \"" + type + "\"", 415};
  return std::nullopt;
}

std::optional<violation> check_get(const http_request& request) {
  if (accepts(request, sse_type))
    return std::nullopt;
  return violation{"accept",
                   "Accept of a GET must list text/event-stream, not \""
                     + field(request, "Accept") + "\"",
                   406};
}

std::optional<violation> check_version(const http_request& request,
                                       const std::string& negotiated) {
  if (negotiated < "2025-06-18")
    return std::nullopt;
  auto sent = field(request, version_field);
  // Without it a server assumes 2025-03-26 and goes on.
  if (sent.empty())
    return violation{"no_protocol_version", "MCP-Protocol-Version is missing",
                     0};
  if (sent != negotiated)
    return violation{"wrong_protocol_version",
                     "MCP-Protocol-Version is " + sent + ", negotiated was "
                       + negotiated,
                     400};
  return std::nullopt;
}

} // namespace mcpool::testkit::fake_server
