// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_target.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/transport/http_head.hpp>

#include <curl/curl.h>
#include <curl/urlapi.h>
#include <algorithm>
#include <utility>

namespace mcpool::transport {

namespace {

using url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

url_handle parse(std::string_view text) {
  url_handle out{curl_url(), curl_url_cleanup};
  std::string copy{text};
  if (out && curl_url_set(out.get(), CURLUPART_URL, copy.c_str(), 0))
    out.reset();
  return out;
}

std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK)
    return {};
  std::string out{text};
  curl_free(text);
  return out;
}

// Host names are compared without regard to case; an IPv6 address has brackets.
std::string origin(CURLU* url) {
  auto out = cat(part(url, CURLUPART_SCHEME), "://", part(url, CURLUPART_HOST),
                 ":", part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32)
                                : static_cast<char>(c);
  });
  return out;
}

bool is_web(CURLU* url) {
  auto scheme = part(url, CURLUPART_SCHEME);
  return scheme == "http" || scheme == "https";
}

bool has_credentials(CURLU* url) {
  return !part(url, CURLUPART_USER).empty()
         || !part(url, CURLUPART_PASSWORD).empty();
}

// A query may hold a token: it is not shown.
std::string shown(CURLU* url) {
  return cat(origin(url), part(url, CURLUPART_PATH));
}

refusal bad_redirect(std::string_view from, std::string_view to,
                     std::string_view why) {
  return make_refusal(errc::connect_failed,
                      cat(from, " redirects to ", to, ", ", why,
                          "; configure the address it should be"));
}

bool is_token_char(unsigned char c) noexcept {
  return c > 0x20 && c < 0x7F
         && std::string_view{"()<>@,;:\\\"/[]?={}"}.find(static_cast<char>(c))
              == std::string_view::npos;
}

bool is_value_char(unsigned char c) noexcept {
  return c == '\t' || (c >= 0x20 && c != 0x7F);
}

} // namespace

bool is_valid(const http_field& x) noexcept {
  auto& value = x.value.reveal();
  return !x.name.empty()
         && std::all_of(x.name.begin(), x.name.end(), is_token_char)
         && std::all_of(value.begin(), value.end(), is_value_char);
}

result<std::string> origin_of(std::string_view url) {
  auto parsed = parse(url);
  if (!parsed || !is_web(parsed.get()))
    return make_refusal(errc::invalid_config,
                        "the address is no http or https URL");
  return origin(parsed.get());
}

result<std::string> resolve_redirect(std::string_view url,
                                     std::string_view location) {
  auto parsed = parse(url);
  if (!parsed)
    return make_refusal(errc::invalid_config, "the address is no URL");
  auto from = origin(parsed.get());
  std::string target{location};
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  if (target.empty()
      || curl_url_set(parsed.get(), CURLUPART_URL, target.c_str(), 0))
    return bad_redirect(from, printable_sample(location),
                        "which is no address");
  if (has_credentials(parsed.get()))
    return bad_redirect(from, shown(parsed.get()), "with credentials in it");
  if (origin(parsed.get()) != from)
    return bad_redirect(from, shown(parsed.get()), "which is another origin");
  return part(parsed.get(), CURLUPART_URL);
}

result<std::shared_ptr<const http_target>>
http_target::make(std::string url, const std::vector<http_field>& fields,
                  duration connect_timeout) {
  auto origin = origin_of(url);
  if (!origin)
    return origin.error();
  std::shared_ptr<http_target> out{
    new http_target{std::move(url), std::move(*origin), connect_timeout}};
  for (auto& x : fields)
    if (is_valid(x))
      out->add(x);
  // Without it libcurl asks for permission before a body of more than 1 MB.
  if (auto list = curl_slist_append(out->fields_, "Expect:"))
    out->fields_ = list;
  return std::shared_ptr<const http_target>{std::move(out)};
}

http_target::http_target(std::string url, std::string origin,
                         duration connect_timeout)
  : url_(std::move(url)),
    origin_(std::move(origin)),
    connect_timeout_(connect_timeout) {}

http_target::~http_target() {
  curl_slist_free_all(fields_);
}

// "Name:" would remove a field; "Name;" sends it with an empty value.
void http_target::add(const http_field& x) {
  auto& value = x.value.reveal();
  auto line = trimmed(value).empty() ? x.name + ";" : cat(x.name, ": ", value);
  if (auto list = curl_slist_append(fields_, line.c_str()))
    fields_ = list;
}

} // namespace mcpool::transport
