// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/time.hpp>
#include <mcpool/engine/generation.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#if MCPOOL_CAF1
#include <caf/anon_mail.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <utility>

namespace mcpool::engine {

/// Sends `x` from `self`; nobody answers.
template <class Self, class Handle, class T>
void tell(Self&& self, const Handle& to, T&& x) {
#if MCPOOL_CAF1
  self->mail(std::forward<T>(x)).send(to);
#else
  self->send(to, std::forward<T>(x));
#endif
}

/// Sends `x` from no actor; from any thread.
template <class Handle, class T>
void post(const Handle& to, T&& x) {
#if MCPOOL_CAF1
  caf::anon_mail(std::forward<T>(x)).send(to);
#else
  caf::anon_send(to, std::forward<T>(x));
#endif
}

/// Asks and waits without a limit of its own: the receiver promises an answer
/// within the deadline that is in the message. Use `.then(ok, err)` in an
/// actor, `.receive(ok, err)` in a thread.
template <class Self, class Handle, class T>
auto ask(Self&& self, const Handle& to, T&& x) {
#if MCPOOL_CAF1
  return self->mail(std::forward<T>(x)).request(to, caf::infinite);
#else
  return self->request(to, caf::infinite, std::forward<T>(x));
#endif
}

/// Asks and gives up after `limit`: for control traffic to actors that may be
/// gone or on another node. At once for a negative limit, and never later than
/// in a year.
template <class Self, class Handle, class T>
auto ask_within(Self&& self, const Handle& to, duration limit, T&& x) {
  constexpr auto year = duration{std::chrono::hours{365 * 24}};
  limit = std::clamp(limit, duration::zero(), year);
#if MCPOOL_CAF1
  return self->mail(std::forward<T>(x)).request(to, caf::timespan{limit});
#else
  return self->request(to, caf::duration{limit}, std::forward<T>(x));
#endif
}

/// Hands the request that is being handled to another actor, which answers it.
template <class Self, class Handle, class T>
auto delegate(Self&& self, const Handle& to, T&& x) {
#if MCPOOL_CAF1
  return self->mail(std::forward<T>(x)).delegate(to);
#else
  return self->delegate(to, std::forward<T>(x));
#endif
}

/// Ends the actor behind `handle`; what it owns ends with it.
template <class Handle>
void end(const Handle& handle) {
  if (handle)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
}

} // namespace mcpool::engine
