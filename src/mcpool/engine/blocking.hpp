// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/error.hpp>

#include <caf/scoped_actor.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace mcpool::engine {

/// Asks from a thread and blocks it until the answer is there; the receiver
/// promises one within the deadline in the message. Not from inside an actor.
template <class T, class Handle, class Message>
result<T> await(caf::scoped_actor& self, const Handle& to, Message x) {
  std::optional<result<T>> out;
  auto fail = [&out](const caf::error& why) { out.emplace(to_refusal(why)); };
  auto pending = ask(self, to, std::move(x));
  if constexpr (std::is_void_v<T>)
    std::move(pending).receive([&out] { out.emplace(); }, fail);
  else
    std::move(pending).receive([&out](T& y) { out.emplace(std::move(y)); },
                               fail);
  return std::move(*out);
}

} // namespace mcpool::engine
