// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/sse_parser.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace mcpool::protocol {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

constexpr milliseconds longest_retry = std::chrono::hours{24};

// Room for `data: ` on a line that carries as much data as an event may.
constexpr std::size_t longest_field_name = 16;

// Finds the ends of lines one after the other. Remembers the next `\n` and the
// next `\r`, so that a text with many of one kind is not searched again and
// again for the other.
class line_ends {
public:
  explicit line_ends(std::string_view text) : text_(text) {}

  std::size_t next(std::size_t from) {
    if (lf_ < from || from == 0)
      lf_ = text_.find('\n', from);
    if (cr_ < from || from == 0)
      cr_ = text_.find('\r', from);
    return std::min(lf_, cr_);
  }

private:
  std::string_view text_;
  std::size_t lf_ = 0;
  std::size_t cr_ = 0;
};

} // namespace

result<void> sse_parser::feed(std::string_view bytes,
                              std::vector<sse_event>& events) {
  if (failed_)
    return make_refusal(errc::payload_too_large,
                        "the event stream exceeded a limit before");
  bytes.remove_prefix(skip_bom(bytes));
  line_ends ends{bytes};
  std::size_t pos = 0;
  while (pos < bytes.size()) {
    if (std::exchange(skip_lf_, false) && bytes[pos] == '\n') {
      ++pos;
      continue;
    }
    auto end = ends.next(pos);
    if (end == bytes.npos)
      return keep(bytes.substr(pos));
    skip_lf_ = bytes[end] == '\r';
    if (auto r = finish_line(bytes.substr(pos, end - pos), events); !r)
      return r;
    pos = end + 1;
  }
  return {};
}

bool sse_parser::in_event() const noexcept {
  return has_data_ || event_.has_id || event_.retry || event_.event != "message"
         || !line_.empty();
}

std::size_t sse_parser::skip_bom(std::string_view bytes) {
  std::size_t used = 0;
  for (; bom_ < byte_order_mark.size() && used < bytes.size(); ++used, ++bom_)
    if (bytes[used] != byte_order_mark[bom_]) {
      line_ = byte_order_mark.substr(0, bom_);
      bom_ = byte_order_mark.size();
      break;
    }
  return used;
}

result<void> sse_parser::keep(std::string_view part) {
  auto bound = limits_.event + longest_field_name;
  if (part.size() > bound - std::min(bound, line_.size()))
    return fail("a line", bound);
  line_ += part;
  return {};
}

result<void> sse_parser::finish_line(std::string_view rest,
                                     std::vector<sse_event>& events) {
  if (line_.empty() && rest.size() <= limits_.event + longest_field_name)
    return on_line(rest, events);
  if (auto r = keep(rest); !r)
    return r;
  auto line = std::exchange(line_, {});
  return on_line(line, events);
}

result<void> sse_parser::on_line(std::string_view line,
                                 std::vector<sse_event>& events) {
  if (line.empty())
    return dispatch(events), result<void>{};
  auto colon = line.find(':');
  if (colon == line.npos)
    return on_field(line, {});
  auto value = line.substr(colon + 1);
  if (!value.empty() && value.front() == ' ')
    value.remove_prefix(1);
  return on_field(line.substr(0, colon), value);
}

result<void> sse_parser::on_field(std::string_view name,
                                  std::string_view value) {
  if (name == "data")
    return on_data(value);
  if (name == "id")
    return on_id(value);
  if (name == "event")
    event_.event = value.empty() ? "message" : value;
  else if (name == "retry")
    on_retry(value);
  return {};
}

result<void> sse_parser::on_data(std::string_view value) {
  auto size = data_.size() + value.size() + (has_data_ ? 1 : 0);
  if (size > limits_.event)
    return fail("the data of an event", limits_.event);
  if (std::exchange(has_data_, true))
    data_ += '\n';
  data_ += value;
  return {};
}

result<void> sse_parser::on_id(std::string_view value) {
  if (value.find('\0') != value.npos)
    return {};
  if (value.size() > limits_.id)
    return fail("the id of an event", limits_.id);
  event_.has_id = true;
  event_.id = value;
  return {};
}

void sse_parser::on_retry(std::string_view value) {
  if (value.empty() || value.find_first_not_of("0123456789") != value.npos)
    return;
  std::int64_t count = 0;
  auto end = value.data() + value.size();
  auto code = std::from_chars(value.data(), end, count).ec;
  event_.retry = code == std::errc{}
                   ? std::min(milliseconds{count}, longest_retry)
                   : longest_retry;
}

void sse_parser::dispatch(std::vector<sse_event>& events) {
  if (!in_event())
    return;
  auto event = std::exchange(event_, {});
  if (event.has_id)
    last_id_ = event.id;
  if (has_data_)
    event.data = shared_text{std::exchange(data_, {})};
  if (std::exchange(has_data_, false) || event.has_id || event.retry)
    events.push_back(std::move(event));
}

refusal sse_parser::fail(std::string_view what, std::size_t bound) {
  failed_ = true;
  line_ = {};
  data_ = {};
  return make_refusal(errc::payload_too_large,
                      cat(what, " has more than ", bound, " bytes"));
}

} // namespace mcpool::protocol
