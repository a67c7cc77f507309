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

pending_calls::id pending_calls::add(pending_call x) {
  auto id = ++last_;
  if (x.name.value != 0)
    names_[{x.caller, x.name}] = id;
  calls_.emplace(id, std::move(x));
  return id;
}

pending_call* pending_calls::find(id x) {
  auto pos = calls_.find(x);
  return pos == calls_.end() ? nullptr : &pos->second;
}

std::optional<pending_call> pending_calls::take(id x) {
  auto pos = calls_.find(x);
  if (pos == calls_.end())
    return std::nullopt;
  std::optional<pending_call> out{std::move(pos->second)};
  calls_.erase(pos);
  auto named = names_.find({out->caller, out->name});
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

std::vector<pending_calls::id> pending_calls::parked() const {
  std::vector<id> out;
  for (const auto& [x, call] : calls_)
    if (call.parked)
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
    out.push_back(std::move(calls_.at(x)));
  calls_.clear();
  names_.clear();
  return out;
}

} // namespace mcpool::actors
