// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/transport/transport.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mcpool::contract {

/// Keeps what a transport tells, and fails the test if that breaks a rule of
/// `transport::listener`: `on_open` first and once, nothing after `on_close`.
class recording_listener : public transport::listener {
public:
  struct failure {
    std::int64_t id;
    refusal why;
    transport::delivery sent;
  };

  // -- what the transport calls -----------------------------------------------

  void on_open() override {
    std::lock_guard guard{mutex_};
    EXPECT_FALSE(open_ || closed_) << "on_open comes once and first";
    open_ = true;
    changed_.notify_all();
  }

  void on_message(protocol::message x) override {
    record(messages_, std::move(x));
  }

  void on_unreachable() override {
    std::lock_guard guard{mutex_};
    unreachable_ = true;
  }

  void on_failure(std::int64_t id, refusal why,
                  transport::delivery sent) override {
    record(failures_, failure{id, std::move(why), sent});
  }

  void on_unsent(std::vector<std::int64_t> ids) override {
    record(unsent_, std::move(ids));
  }

  void on_session_lost() override { record(losses_, true); }

  void on_noise(std::string sample) override {
    EXPECT_LE(sample.size(), 200u);
    record(noise_, std::move(sample));
  }

  void on_close(refusal why) override {
    std::lock_guard guard{mutex_};
    EXPECT_FALSE(closed_) << "on_close comes once";
    closed_ = std::move(why);
    changed_.notify_all();
  }

  // -- what the test asks; each waits for up to 20 seconds
  // ---------------------

  bool wait_open() {
    return wait([this] { return open_ || closed_; }) && open_;
  }

  /// Waits for so many messages.
  std::vector<protocol::message> wait_messages(std::size_t count) {
    EXPECT_TRUE(wait([&] { return messages_.size() >= count || closed_; }));
    return messages();
  }

  std::vector<failure> wait_failures(std::size_t count) {
    EXPECT_TRUE(wait([&] { return failures_.size() >= count || closed_; }));
    std::lock_guard guard{mutex_};
    return failures_;
  }

  std::vector<std::string> wait_noise(std::size_t count) {
    EXPECT_TRUE(wait([&] { return noise_.size() >= count || closed_; }));
    std::lock_guard guard{mutex_};
    return noise_;
  }

  /// Waits for the end.
  refusal wait_closed() {
    EXPECT_TRUE(wait([this] { return closed_.has_value(); }));
    std::lock_guard guard{mutex_};
    return closed_.value_or(refusal{});
  }

  /// Of which requests nothing was written; after `wait_closed`.
  std::vector<std::int64_t> unsent() {
    std::lock_guard guard{mutex_};
    EXPECT_LE(unsent_.size(), 1u) << "on_unsent comes once";
    return unsent_.empty() ? std::vector<std::int64_t>{} : unsent_.front();
  }

  // -- what there is now ------------------------------------------------------

  std::vector<protocol::message> messages() {
    std::lock_guard guard{mutex_};
    return messages_;
  }

  bool was_opened() {
    std::lock_guard guard{mutex_};
    return open_;
  }

  bool was_unreachable() {
    std::lock_guard guard{mutex_};
    return unreachable_;
  }

  bool was_closed() {
    std::lock_guard guard{mutex_};
    return closed_.has_value();
  }

private:
  template <class T>
  void record(std::vector<T>& to, T x) {
    std::lock_guard guard{mutex_};
    EXPECT_TRUE(open_) << "nothing comes before on_open";
    EXPECT_FALSE(closed_) << "nothing comes after on_close";
    to.push_back(std::move(x));
    changed_.notify_all();
  }

  template <class F>
  bool wait(F done) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds{20}, done);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool unreachable_ = false;
  std::vector<protocol::message> messages_;
  std::vector<failure> failures_;
  std::vector<std::vector<std::int64_t>> unsent_;
  std::vector<bool> losses_;
  std::vector<std::string> noise_;
  std::optional<refusal> closed_;
};

} // namespace mcpool::contract
