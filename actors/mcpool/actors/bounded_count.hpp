// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/cat.hpp>
#include <mcpool/core/refusal.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace mcpool::actors {

/// A refusal of what would be one too many: `busy`, with the numbers, and when
/// to ask again. `what` begins the sentence.
inline refusal too_many(std::string_view what, std::size_t count,
                        std::size_t limit) {
  auto out = make_refusal(errc::busy, cat(what, ": ", count, " of ", limit));
  out.retry_after = std::chrono::seconds{1};
  return out;
}

/// Counts what is under way, up to a limit. For one actor.
class bounded_count {
public:
  /// One thing under way, as long as there is a copy of it; null for none.
  using token = std::shared_ptr<void>;

  explicit bounded_count(std::size_t limit) : limit_(limit) {}

  /// Another one, if there is room.
  token enter() {
    if (*count_ >= limit_)
      return nullptr;
    ++*count_;
    return {count_.get(), [count = count_](void*) { --*count; }};
  }

  std::size_t limit() const noexcept { return limit_; }

private:
  std::size_t limit_;
  std::shared_ptr<std::size_t> count_ = std::make_shared<std::size_t>(0);
};

} // namespace mcpool::actors
