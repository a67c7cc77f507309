// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/http_text.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace mcpool::config {

namespace {

// What the transport puts into each request.
constexpr std::array<std::string_view, 9> own_headers{
  "accept",           "connection",     "content-length",       "content-type",
  "last-event-id",    "mcp-session-id", "mcp-protocol-version", "te",
  "transfer-encoding"};

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_control(char c) {
  return std::iscntrl(static_cast<unsigned char>(c)) != 0;
}

bool is_alphanumeric(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && std::isalnum(byte) != 0;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || token_marks.find(c) != token_marks.npos;
  });
}

std::string lower(std::string_view text) {
  std::string out;
  for (auto c : text)
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  auto end = text.data() + text.size();
  auto [rest, failed] = std::from_chars(text.data(), end, port);
  return failed == std::errc{} && rest == end && port >= 1 && port <= 65535;
}

// A bracketed address, or letters, digits, dots, hyphens and underscores.
bool is_host(std::string_view text) {
  if (text.empty())
    return false;
  auto literal = text.front() == '[';
  if (literal && (text.size() < 4 || text.back() != ']'))
    return false;
  auto name = literal ? text.substr(1, text.size() - 2) : text;
  std::string_view marks = literal ? ":." : ".-_";
  return std::all_of(name.begin(), name.end(), [marks](char c) {
    return is_alphanumeric(c) || marks.find(c) != marks.npos;
  });
}

std::string authority_problem(std::string_view authority) {
  if (authority.find('@') != authority.npos)
    return "must not hold a user or password; put the credentials into "
           "headers";
  auto bracket = authority.find(']');
  auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  if (!is_host(authority.substr(0, colon)))
    return "must have a host, as in https://search.example/mcp";
  if (colon != authority.npos && !is_port(authority.substr(colon + 1)))
    return "must have a port from 1 to 65535 after the colon, or no colon";
  return {};
}

} // namespace

std::string url_problem(std::string_view url) {
  auto split = url.find("://");
  auto scheme = lower(url.substr(0, split));
  if (split == url.npos || (scheme != "http" && scheme != "https"))
    return "must be a URL that begins with http:// or https://";
  if (std::any_of(url.begin(), url.end(),
                  [](char c) { return c == ' ' || is_control(c); }))
    return "must not hold spaces or control characters; write %20 for a space";
  if (url.find('#') != url.npos)
    return "must not hold a fragment (#...), servers never see it";
  auto rest = url.substr(split + 3);
  return authority_problem(rest.substr(0, rest.find_first_of("/?\\")));
}

std::string header_name_problem(std::string_view name) {
  if (!is_token(name))
    return "is no header name; it may hold letters, digits and "
           "!#$%&'*+-.^_`|~";
  auto found = std::find(own_headers.begin(), own_headers.end(), lower(name));
  return found == own_headers.end() ? ""
                                    : "is a header that mcpool sets itself";
}

std::string header_value_problem(std::string_view value) {
  auto bad = [](char c) { return is_control(c) && c != '\t'; };
  if (std::any_of(value.begin(), value.end(), bad))
    return "must not hold control characters such as a line break";
  return {};
}

} // namespace mcpool::config
