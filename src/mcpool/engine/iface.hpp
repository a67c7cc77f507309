// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/generation.hpp>

#if MCPOOL_CAF1
#include <caf/statically_typed.hpp>
#else
#include <caf/make_message.hpp> // before result.hpp, which lacks it
#include <caf/replies_to.hpp>
#endif
#include <caf/message.hpp>
#include <caf/result.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace mcpool::engine {

/// One signature of an interface: `fn<reply(request)>`; `fn<void(event)>` for
/// what is told and not answered.
template <class F>
struct fn;

template <class R, class... A>
struct fn<R(A...)> {
#if MCPOOL_CAF1
  using type = caf::result<R>(A...);
#else
  using type = typename caf::replies_to<A...>::template with<R>;
#endif
};

/// The signatures of an interface.
template <class... F>
struct fns {};

namespace detail {

template <class Fns>
struct to_actor;

template <class... F>
struct to_actor<fns<F...>> {
#if MCPOOL_CAF1
  using type = caf::typed_actor<caf::statically_typed<typename F::type...>>;
#else
  using type = caf::typed_actor<typename F::type...>;
#endif
};

template <class Fns, class... More>
struct extend;

template <class... F, class... More>
struct extend<fns<F...>, More...> {
  using type = fns<F..., More...>;
};

} // namespace detail

/// The handle of an actor with the signatures `Fns`. Converts to the handle of
/// every interface that has a part of them.
template <class Fns>
using iface = typename detail::to_actor<Fns>::type;

/// The signatures `Fns` and `More`: what an actor understands beside its public
/// interface.
template <class Fns, class... More>
using extended = typename detail::extend<Fns, More...>::type;

} // namespace mcpool::engine
