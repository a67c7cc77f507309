// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mcpool {
inline namespace core {

/// Immutable text that many hold without copying it: the payload of messages.
///
/// A slice shares the memory of the text it was cut from. Safe to copy and to
/// read from any thread.
class shared_text {
public:
  shared_text() = default;

  /// Takes over `text`.
  explicit shared_text(std::string text)
    : owner_(std::make_shared<const std::string>(std::move(text))),
      view_(*owner_) {}

  /// What it holds; lives as long as any copy of this object.
  std::string_view view() const noexcept { return view_; }

  /// True when there is nothing in it.
  bool empty() const noexcept { return view_.empty(); }

  /// Its length in bytes.
  std::size_t size() const noexcept { return view_.size(); }

  /// A copy as an ordinary string.
  std::string str() const { return std::string{view_}; }

  /// A part of this text, sharing its memory. `part` must lie inside `view()`.
  shared_text slice(std::string_view part) const {
    shared_text out;
    out.owner_ = owner_;
    out.view_ = part;
    return out;
  }

  friend bool operator==(const shared_text& a, const shared_text& b) {
    return a.view_ == b.view_;
  }

  friend bool operator!=(const shared_text& a, const shared_text& b) {
    return a.view_ != b.view_;
  }

private:
  std::shared_ptr<const std::string> owner_;
  std::string_view view_;
};

inline std::string to_string(const shared_text& x) {
  return x.str();
}

} // namespace core
} // namespace mcpool
