// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/json_view.hpp>

#include <mcpool/protocol/json_scan.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>

namespace mcpool::protocol {

namespace {

using namespace std::chrono_literals;

// "2026-01-31T12:00:00.000Z"
constexpr std::string_view instant_shape = "dddd-dd-ddTdd:dd:dd.dddZ";

bool has_shape(std::string_view text) {
  auto fits = [](char c, char shape) {
    return shape == 'd' ? c >= '0' && c <= '9' : c == shape;
  };
  return text.size() == instant_shape.size()
         && std::equal(text.begin(), text.end(), instant_shape.begin(), fits);
}

int number_at(std::string_view text, std::size_t pos, std::size_t size) {
  auto out = 0;
  for (auto c : text.substr(pos, size))
    out = 10 * out + (c - '0');
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<fingerprint> parse_fingerprint(std::string_view text) {
  fingerprint out;
  if (text.size() != 2 * out.bytes.size())
    return std::nullopt;
  for (std::size_t i = 0; i < out.bytes.size(); ++i) {
    auto high = hex_value(text[2 * i]);
    auto low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return std::nullopt;
    out.bytes[i] = static_cast<std::uint8_t>(16 * high + low);
  }
  return out;
}

std::optional<owner_scope> parse_scope(std::string_view text) {
  if (text == "shared")
    return shared_scope();
  if (text.size() < 6 || text.substr(0, 5) != "user(" || text.back() != ')')
    return std::nullopt;
  auto out = user_scope(text.substr(5, text.size() - 6));
  return out ? std::optional{*out} : std::nullopt;
}

} // namespace

std::string format_instant(time_point x) {
  auto since = x.time_since_epoch();
  auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  auto rest
    = std::chrono::duration_cast<std::chrono::milliseconds>(since - seconds);
  auto count = static_cast<std::time_t>(seconds.count());
  std::tm parts{};
  gmtime_r(&count, &parts);
  char day[32];
  std::strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &parts);
  char out[48];
  std::snprintf(out, sizeof(out), "%s.%03dZ", day,
                static_cast<int>(rest.count()));
  return out;
}

std::optional<time_point> parse_instant(std::string_view text) {
  if (!has_shape(text))
    return std::nullopt;
  auto year = number_at(text, 0, 4);
  // What nanoseconds since 1970 can express.
  if (year < 1678 || year > 2261)
    return std::nullopt;
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = number_at(text, 5, 2) - 1;
  parts.tm_mday = number_at(text, 8, 2);
  parts.tm_hour = number_at(text, 11, 2);
  parts.tm_min = number_at(text, 14, 2);
  parts.tm_sec = number_at(text, 17, 2);
  auto out = time_point{std::chrono::seconds{timegm(&parts)}
                        + number_at(text, 20, 3) * 1ms};
  // timegm takes February 30 for March 2.
  if (format_instant(out) != text)
    return std::nullopt;
  return out;
}

namespace detail {

json_value embed(const shared_text& x) {
  if (check_json(x.view())) {
    auto out = json_value::parse(x.view(), nullptr, false);
    if (!out.is_discarded())
      return out;
  }
  return x.str();
}

shared_text unembed(const json_value& in) {
  return shared_text{in.is_string() ? in.get<std::string>() : dump(in, -1)};
}

json_value milliseconds(std::chrono::nanoseconds x) {
  if (x % 1ms == 0ns)
    return static_cast<std::int64_t>(x / 1ms);
  return std::chrono::duration<double, std::milli>(x).count();
}

refusal bad_json(const json_path& where, std::string_view why) {
  return make_refusal(errc::invalid_request,
                      cat(where.empty() ? "the value" : where, " ", why));
}

result<void> read_text(const json_value& in, std::string& out,
                       const json_path& where) {
  if (!in.is_string())
    return bad_json(where, "must be a string");
  out = in.get_ref<const std::string&>();
  return {};
}

result<void> read_text(const json_value& in, server_name& out,
                       const json_path& where) {
  return read_text(in, out.value, where);
}

result<void> read_text(const json_value& in, secret& out,
                       const json_path& where) {
  std::string text;
  auto r = read_text(in, text, where);
  if (r)
    out = secret{std::move(text)};
  return r;
}

result<void> read_text(const json_value& in, owner_scope& out,
                       const json_path& where) {
  auto x = in.is_string() ? parse_scope(in.get_ref<const std::string&>())
                          : std::nullopt;
  if (!x)
    return bad_json(where, "must be 'shared' or 'user(<id>)'");
  out = std::move(*x);
  return {};
}

result<void> read_text(const json_value& in, fingerprint& out,
                       const json_path& where) {
  auto x = in.is_string() ? parse_fingerprint(in.get_ref<const std::string&>())
                          : std::nullopt;
  if (!x)
    return bad_json(where, "must have 64 hexadecimal digits");
  out = *x;
  return {};
}

result<void> read_instant(const json_value& in, time_point& out,
                          const json_path& where) {
  if (in.is_null())
    return out = {}, result<void>{};
  auto x = in.is_string() ? parse_instant(in.get_ref<const std::string&>())
                          : std::nullopt;
  if (!x)
    return bad_json(where, "must look like \"2026-01-31T12:00:00.000Z\"");
  out = *x;
  return {};
}

result<std::chrono::nanoseconds> read_duration(const json_value& in,
                                               const json_path& where) {
  constexpr auto longest = 9.2e12; // About 292 years in milliseconds.
  if (!in.is_number())
    return bad_json(where, "must be a number of milliseconds");
  auto count = in.get<double>();
  if (!(std::fabs(count) <= longest))
    return bad_json(where, "is out of range");
  if (in.is_number_integer())
    return std::chrono::nanoseconds{in.get<std::int64_t>() * 1ms};
  return std::chrono::nanoseconds{std::llround(count * 1e6)};
}

std::string dump(const json_value& x, int indent) {
  return x.dump(indent, ' ', false, json_value::error_handler_t::replace);
}

result<json_value> parse(std::string_view text) {
  if (auto r = check_json(text); !r)
    return bad_json({}, cat("cannot be read: ", r.error().text));
  auto out = json_value::parse(text, nullptr, false);
  if (out.is_discarded())
    return bad_json({}, "has a lone surrogate or a number out of range");
  return out;
}

} // namespace detail

} // namespace mcpool::protocol
