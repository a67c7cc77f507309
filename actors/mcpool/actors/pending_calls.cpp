// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/pending_calls.hpp>

#include <mcpool/messages/types.hpp>

#include <algorithm>

namespace mcpool::actors {

void pending_call::finish(result<shared_text> x) {
  using answer = engine::reply<messages::connection::call_result>;
  if (auto* f = std::get_if<continuation>(&outcome))
    return (*f)(std::move(x));
  auto& to = std::get<answer>(outcome);
  if (x)
    to.ok(messages::connection::call_result{std::move(*x)});
  else
    to.fail(std::move(x).error());
}

void pending_call::hand_over(const repository_actor& to,
                             messages::repository::call x) {
  using answer = engine::reply<messages::connection::call_result>;
  if (auto* owed = std::get_if<answer>(&outcome))
    owed->pass_on(to, std::move(x));
}

pending_calls::id pending_calls::add(pending_call x, place where) {
  auto id = ++last_;
  if (auto name = x.request.id; name.value != 0)
    names_[{x.caller, name}] = id;
  auto pos = calls_.emplace(id, std::move(x)).first;
  count(id, pos->second, where);
  return id;
}

pending_call* pending_calls::find(id x) {
  auto pos = calls_.find(x);
  return pos == calls_.end() ? nullptr : &pos->second;
}

void pending_calls::move(id x, place to) {
  auto* call = find(x);
  if (call == nullptr)
    return;
  uncount(x, *call);
  count(x, *call, to);
}

std::optional<pending_call> pending_calls::take(id x) {
  auto pos = calls_.find(x);
  if (pos == calls_.end())
    return std::nullopt;
  uncount(x, pos->second);
  std::optional<pending_call> out{std::move(pos->second)};
  calls_.erase(pos);
  auto named = names_.find({out->caller, out->request.id});
  if (named != names_.end() && named->second == x)
    names_.erase(named);
  return out;
}

pending_calls::id pending_calls::find_named(const caf::actor_addr& caller,
                                            call_id name) const {
  auto pos = names_.find({caller, name});
  return pos == names_.end() ? 0 : pos->second;
}

std::vector<pending_calls::id>
pending_calls::of(const caf::actor_addr& caller) const {
  std::vector<id> out;
  for (const auto& [x, call] : calls_)
    if (call.caller == caller)
      out.push_back(x);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<pending_call> pending_calls::take_all() {
  std::vector<id> ids;
  for (auto& [x, call] : calls_)
    ids.push_back(x);
  std::sort(ids.begin(), ids.end());
  std::vector<pending_call> out;
  for (auto x : ids)
    out.push_back(*take(x));
  return out;
}

void pending_calls::count(id x, const pending_call& call, place where) {
  auto is_callers = call.from == pending_call::origin::caller ? 1u : 0u;
  if (where == place::on_wire) {
    in_flight_ += is_callers;
    return;
  }
  waiting_.insert(x);
  waiting_bytes_ += call.text.size();
  queued_ += is_callers;
}

// Takes a call out of the numbers, wherever it is.
void pending_calls::uncount(id x, const pending_call& call) {
  auto is_callers = call.from == pending_call::origin::caller ? 1u : 0u;
  if (waiting_.erase(x) == 0) {
    in_flight_ -= is_callers;
    return;
  }
  waiting_bytes_ -= call.text.size();
  queued_ -= is_callers;
}

} // namespace mcpool::actors
