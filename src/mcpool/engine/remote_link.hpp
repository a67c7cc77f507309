// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/error.hpp>
#include <mcpool/engine/iface.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/watch_list.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

// CAF answers no request that was sent to a node which died meanwhile. So
// nobody gets the handle of a remote actor: a *stand-in* in this process has
// the same interface. For each caller it has a *deputy*, which asks the remote
// actor in the caller's place and owes the caller the answer.
//
// The deputy is what the remote actor sees. There is one per caller, so that
// one caller cannot cancel another's call, and it ends when its caller does, so
// that the remote actor forgets what that caller waited for.

namespace mcpool::engine {

/// The way to the actors of one other process: keeps one stand-in for each
/// remote actor that was heard of. From any thread.
class remote_link : public std::enable_shared_from_this<remote_link> {
public:
  /// `where` is how people call the other process.
  remote_link(caf::actor_system& system, std::string where);

  remote_link(const remote_link&) = delete;
  remote_link& operator=(const remote_link&) = delete;

  /// The stand-in for a remote actor, always the same one; null for null.
  /// `Localize` replaces the handles in a reply by stand-ins: it is called with
  /// this link and the reply, for every type of reply.
  template <class Fns, class Localize>
  iface<Fns> stand_in(const iface<Fns>& remote);

  /// Ends all stand-ins; what they owe is answered with `connection_lost`.
  void close();

  /// Why a remote actor that ended like this gives no answer.
  refusal lost(const caf::error& why) const;

  /// The same after `close`.
  refusal closed() const;

  /// For a stand-in that ends.
  void forget(const caf::actor_addr& remote);

private:
  caf::actor_system& system_;
  std::string where_;
  std::mutex mutex_;
  bool closed_ = false;
  // By the address of the remote actor.
  std::map<caf::actor_addr, caf::actor> stand_ins_;
};

namespace detail {

// Makes a handler for each signature and calls `make` with all of them.
template <class Behavior, class State, class... F>
Behavior handlers_of(State* state, fns<F...>) {
  return {State::template handler<F>::make(state)...};
}

/// Asks a remote actor in the place of one caller.
template <class Fns, class Localize>
class deputy {
public:
  using handle = iface<Fns>;

  static constexpr const char* name = "mcpool.deputy";

  deputy(typename handle::pointer self, std::shared_ptr<remote_link> link,
         handle remote)
    : self_(self),
      link_(std::move(link)),
      remote_(std::move(remote)),
      watches_(self),
      lost_(link_->closed()) {
    watches_.watch(remote_, [this](const caf::error& why) {
      lost_ = link_->lost(why);
      self_->quit();
    });
  }

  ~deputy() {
    for (auto& [id, fail] : std::exchange(owed_, {}))
      fail(lost_);
  }

  typename handle::behavior_type make_behavior() {
    return handlers_of<typename handle::behavior_type>(this, Fns{});
  }

  template <class F>
  struct handler;

private:
  template <class R>
  std::shared_ptr<reply<R>> owe(std::uint64_t id) {
    auto out = std::make_shared<reply<R>>(self_);
    owed_[id] = [out](const refusal& why) { out->fail(why); };
    return out;
  }

  // What was told and not asked. A reply that nobody waits for has no sender
  // to come back to.
  template <class R, class A>
  void pass_on(A& x) {
    if constexpr (std::is_void_v<R>)
      engine::tell(self_, remote_, std::move(x));
    else
      engine::post(remote_, std::move(x));
  }

  template <class R, class A>
  caf::result<R> forward(A& x) {
    auto is_request = self_->current_message_id().is_request();
    auto id = ++last_;
    auto answer = owe<R>(id);
    auto out = answer->result();
    if (!is_request) {
      owed_.erase(id);
      pass_on<R>(x);
      return out;
    }
    auto fail = [this, id, answer](const caf::error& why) {
      owed_.erase(id);
      answer->fail(why);
    };
    if constexpr (std::is_void_v<R>)
      engine::ask(self_, remote_, std::move(x))
        .then(
          [this, id, answer] {
            owed_.erase(id);
            answer->ok();
          },
          fail);
    else
      engine::ask(self_, remote_, std::move(x))
        .then(
          [this, id, answer](R& y) {
            owed_.erase(id);
            Localize{}(*link_, y);
            answer->ok(std::move(y));
          },
          fail);
    return out;
  }

  typename handle::pointer self_;
  std::shared_ptr<remote_link> link_;
  handle remote_;
  watch_list<typename handle::base> watches_;
  /// Why what is owed fails in the end.
  refusal lost_;
  std::uint64_t last_ = 0;
  /// What each caller is told if there is no answer.
  std::map<std::uint64_t, std::function<void(const refusal&)>> owed_;
};

template <class Fns, class Localize>
template <class R, class... A>
struct deputy<Fns, Localize>::handler<fn<R(A...)>> {
  static auto make(deputy* self) {
    return [self](A&... x) -> caf::result<R> {
      return self->template forward<R>(x...);
    };
  }
};

/// Stands for a remote actor: hands what it is asked to the deputy of the
/// caller. It ends with the remote actor.
template <class Fns, class Localize>
class stand_in {
public:
  using handle = iface<Fns>;

  static constexpr const char* name = "mcpool.stand_in";

  stand_in(typename handle::pointer self, std::shared_ptr<remote_link> link,
           handle remote)
    : self_(self),
      link_(std::move(link)),
      remote_(std::move(remote)),
      watches_(self) {
    // The deputies see it themselves, and tell their callers why.
    watches_.watch(remote_, [this](const caf::error& why) {
      deputies_.clear();
      self_->quit(why);
    });
  }

  ~stand_in() {
    link_->forget(remote_.address());
    for (const auto& [caller, x] : deputies_)
      engine::end(x);
  }

  typename handle::behavior_type make_behavior() {
    return handlers_of<typename handle::behavior_type>(this, Fns{});
  }

  template <class F>
  struct handler;

private:
  const handle& deputy_of_sender() {
    auto caller = caf::actor_cast<caf::actor_addr>(self_->current_sender());
    auto& out = deputies_[caller];
    if (out)
      return out;
    out = engine::spawn<deputy<Fns, Localize>>(*self_, link_, remote_);
    if (auto who = caf::actor_cast<caf::actor>(caller))
      watches_.watch(who, [this, caller](const caf::error&) {
        auto pos = deputies_.find(caller);
        if (pos == deputies_.end())
          return;
        engine::end(pos->second);
        deputies_.erase(pos);
      });
    return out;
  }

  typename handle::pointer self_;
  std::shared_ptr<remote_link> link_;
  handle remote_;
  watch_list<typename handle::base> watches_;
  /// By caller; one for all who are nobody.
  std::map<caf::actor_addr, handle> deputies_;
};

template <class Fns, class Localize>
template <class R, class... A>
struct stand_in<Fns, Localize>::handler<fn<R(A...)>> {
  static auto make(stand_in* self) {
    return [self](A&... x) -> caf::result<R> {
      const auto& to = self->deputy_of_sender();
      return engine::delegate(self->self_, to, std::move(x)...);
    };
  }
};

} // namespace detail

template <class Fns, class Localize>
iface<Fns> remote_link::stand_in(const iface<Fns>& remote) {
  if (!remote)
    return remote;
  std::lock_guard guard{mutex_};
  auto& known = stand_ins_[remote.address()];
  if (!known)
    known = caf::actor_cast<caf::actor>(
      engine::spawn<detail::stand_in<Fns, Localize>>(
        system_, shared_from_this(), remote));
  auto out = caf::actor_cast<iface<Fns>>(known);
  if (closed_)
    engine::end(out);
  return out;
}

} // namespace mcpool::engine
