// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/engine/error.hpp>

#include <caf/response_promise.hpp>
#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>
#include <caf/unit.hpp>

#include <type_traits>
#include <utility>

namespace mcpool::engine {

/// An answer that is owed and cannot be forgotten: whoever drops it answers
/// with `internal_error`, so that nobody waits for ever.
///
/// A handler makes it, keeps `result()`, moves it to where the answer will be
/// given, and returns the result. Belongs to its actor: not for other threads.
template <class T>
class reply {
public:
  /// Owes nothing.
  reply() = default;

  /// Takes over the request that `self` is handling now.
  template <class Self>
  explicit reply(Self* self) : promise_(take_request(self)),
                               open_(true) {}

  reply(reply&& other) noexcept
    : promise_(std::move(other.promise_)),
      open_(std::exchange(other.open_, false)) {}

  reply& operator=(reply&& other) noexcept {
    drop();
    promise_ = std::move(other.promise_);
    open_ = std::exchange(other.open_, false);
    return *this;
  }

  ~reply() { drop(); }

  /// What the handler returns.
  caf::result<T> result() const { return promise_; }

  /// Answers.
  template <class U>
  void ok(U&& x) {
    if (std::exchange(open_, false))
      promise_.deliver(std::forward<U>(x));
  }

  /// Answers a request whose reply is `void`.
  void ok() {
    static_assert(std::is_void_v<T>);
    if (!std::exchange(open_, false))
      return;
#if MCPOOL_CAF1
    promise_.deliver();
#else
    static_cast<caf::response_promise&>(promise_).deliver(caf::unit);
#endif
  }

  /// Answers with an error.
  void fail(caf::error why) {
    if (std::exchange(open_, false))
      promise_.deliver(std::move(why));
  }

  /// Answers with a refusal.
  void fail(refusal why) {
    fail(to_error(std::move(why)));
  }

  /// Hands the request on: `to` answers whoever asked.
  template <class Handle, class Message>
  void pass_on(const Handle& to, Message&& x) {
    if (std::exchange(open_, false))
      promise_.delegate(to, std::forward<Message>(x));
  }

private:
  // What was only told gets no answer. CAF would send one as an ordinary
  // message, and an error among those ends its receiver.
  template <class Self>
  static caf::typed_response_promise<T> take_request(Self* self) {
    if (!self->current_message_id().is_request())
      self->current_sender() = nullptr;
    return self->template make_response_promise<T>();
  }

  void drop() {
    if (open_)
      fail(make_refusal(errc::internal_error,
                        "the service dropped the request; this is a defect"));
  }

  caf::typed_response_promise<T> promise_;
  bool open_ = false;
};

} // namespace mcpool::engine
