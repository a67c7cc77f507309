// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/event_reader.hpp>

#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/transport/http_head.hpp>

#include <utility>

namespace mcpool::transport {

namespace {

protocol::sse_limits limits_for(std::size_t max_bytes) {
  protocol::sse_limits out;
  out.event = max_bytes;
  return out;
}

} // namespace

event_reader::event_reader(std::size_t max_bytes)
  : max_bytes_(max_bytes),
    parser_(limits_for(max_bytes)) {}

void event_reader::restart() {
  parser_ = protocol::sse_parser{limits_for(max_bytes_)};
}

result<void> event_reader::feed(std::string_view bytes, message_sink& sink) {
  auto events = std::exchange(events_, {});
  events.clear();
  auto status = parser_.feed(bytes, events);
  for (auto& x : events)
    on_event(x, sink);
  events_ = std::move(events);
  return status;
}

void event_reader::on_event(protocol::sse_event& x, message_sink& sink) {
  delay_.on_event();
  if (x.has_id)
    last_id_ = x.id;
  if (x.retry)
    delay_.ask(*x.retry);
  if (x.data.empty() || x.event != "message")
    return;
  if (!read_messages(x.data, max_bytes_, sink))
    sink.on_noise(printable_sample(x.data.view()));
}

result<void> read_messages(const shared_text& json, std::size_t max_bytes,
                           message_sink& sink) {
  protocol::decode_limits limits;
  limits.bytes = max_bytes;
  auto messages = protocol::decode(json, limits);
  if (!messages)
    return messages.error();
  for (auto& x : *messages)
    sink.on_message(std::move(x));
  return {};
}

} // namespace mcpool::transport
