// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/stats.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

constexpr std::size_t max_messages = 256;
constexpr std::size_t max_headers = 64;
constexpr std::size_t max_names = 1'024;
constexpr std::size_t max_noted_bytes = 4'096;

// Counts by name; names beyond the limit are counted together.
void count(std::map<std::string, std::size_t>& counts,
           const std::string& name) {
  auto known = counts.count(name) > 0 || counts.size() < max_names;
  ++counts[known ? name.substr(0, max_noted_bytes) : std::string{"(others)"}];
}

nlohmann::json brief(const nlohmann::json& message) {
  using nlohmann::json;
  auto text = message.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() <= max_noted_bytes)
    return message;
  return {{"method", message.value("method", "")},
          {"cut_after_bytes", max_noted_bytes}};
}

std::int64_t now_ms() {
  using namespace std::chrono;
  auto since = system_clock::now().time_since_epoch();
  return duration_cast<milliseconds>(since).count();
}

} // namespace

gauge::gauge(std::shared_ptr<bool> changed) : changed_{std::move(changed)} {}

gauge::token gauge::take() {
  auto& now = *numbers_;
  ++now.live;
  ++now.total;
  now.max = std::max(now.max, now.live);
  *changed_ = true;
  auto give_back = [all = numbers_, changed = changed_](void*) {
    --all->live;
    *changed = true;
  };
  return token{static_cast<void*>(numbers_.get()), give_back};
}

nlohmann::json gauge::to_json() const {
  return {{"live", numbers_->live},
          {"max", numbers_->max},
          {"total", numbers_->total}};
}

stats::stats() : started_ms_{now_ms()} {}

void stats::count_request(const std::string& method, const std::string& name) {
  *changed_ = true;
  count(requests_, method);
  if (method == "tools/call")
    count(tools_, name);
}

void stats::count_http(const std::string& method) {
  *changed_ = true;
  count(http_, method);
}

void stats::count_delete() {
  *changed_ = true;
  ++deletes_;
}

void stats::count_resume() {
  *changed_ = true;
  ++resumes_;
}

void stats::note_notification(const nlohmann::json& message) {
  auto method = message.value("method", "");
  count(notification_counts_, method);
  auto params = message.value("params", nlohmann::json::object());
  if (method == "notifications/cancelled" && params.contains("requestId"))
    append(cancelled_, brief(params["requestId"]), max_messages);
  append(notifications_, brief(message), max_messages);
}

void stats::note_response(const nlohmann::json& message) {
  append(responses_, brief(message), max_messages);
}

void stats::note_violation(const std::string& kind, const std::string& text) {
  ++violation_count_;
  append(violations_, {{"kind", kind}, {"text", text}}, max_messages);
}

void stats::note_header(nlohmann::json header) {
  append(headers_, std::move(header), max_headers);
}

void stats::note_grandchild(int pid) {
  append(grandchildren_, pid, max_messages);
}

void stats::note_initialized(const std::string& version) {
  *changed_ = true;
  initialized_ = true;
  version_ = version;
}

void stats::note_end(const std::string& reason) {
  *changed_ = true;
  ended_ = reason;
}

void stats::set_process_number(std::size_t number) {
  *changed_ = true;
  process_number_ = number;
}

nlohmann::json stats::to_json() const {
  return {{"pid", ::getpid()},
          {"process_number", process_number_},
          {"started", started_ms_},
          {"initialized", initialized_},
          {"protocol_version", version_},
          {"ended", ended_},
          {"connections", connections.to_json()},
          {"sessions", sessions.to_json()},
          {"initializes", initializes.to_json()},
          {"handshakes", handshakes.to_json()},
          {"calls", calls.to_json()},
          {"in_flight", in_flight.to_json()},
          {"get_streams", get_streams.to_json()},
          {"deletes", deletes_},
          {"resumes", resumes_},
          {"requests", requests_},
          {"tools", tools_},
          {"http", http_},
          {"notification_counts", notification_counts_},
          {"notifications", notifications_},
          {"cancelled", cancelled_},
          {"responses", responses_},
          {"violation_count", violation_count_},
          {"violations", violations_},
          {"headers", headers_},
          {"grandchildren", grandchildren_}};
}

bool stats::take_changed() {
  return std::exchange(*changed_, false);
}

void stats::append(list& where, nlohmann::json item, std::size_t limit) {
  *changed_ = true;
  where.push_back(std::move(item));
  if (where.size() > limit)
    where.pop_front();
}

} // namespace mcpool::testkit::fake_server
