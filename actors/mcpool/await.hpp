// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors.hpp>
#include <mcpool/engine/blocking.hpp>

#include <utility>

namespace mcpool {

namespace detail {

template <class F>
struct signature {};

template <class Fns>
struct signatures;

template <class... F>
struct signatures<engine::fns<F...>> : signature<F>... {};

struct all_requests : signatures<connection_interface>,
                      signatures<repository_interface>,
                      signatures<throttle_interface>,
                      signatures<registry_interface>,
                      signatures<pool_interface>,
                      signatures<node_interface> {};

template <class T>
struct found {
  using type = T;
};

template <class Message, class Reply>
found<Reply> find_reply(const signature<fn<Reply(Message)>>*);

} // namespace detail

/// What a request is answered with, as `actors.hpp` says.
template <class Message>
using reply_to = typename decltype(detail::find_reply<Message>(
  static_cast<const detail::all_requests*>(nullptr)))::type;

/// Asks an actor of mcpool from a thread and blocks it until the answer is
/// there, which the actor promises within the deadline in the message. Not from
/// inside an actor.
template <class Handle, class Message>
result<reply_to<Message>> await(caf::scoped_actor& self, const Handle& to,
                                Message x) {
  return engine::await<reply_to<Message>>(self, to, std::move(x));
}

} // namespace mcpool
