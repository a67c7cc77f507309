// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/outbox.hpp>

#include <mcpool/transport/unique_fd.hpp>

#include <gtest/gtest.h>

#include <csignal>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using namespace mcpool;
using namespace mcpool::transport;
using progress = outbox::progress;

namespace {

outgoing request(std::int64_t id, std::string text) {
  return {shared_text{std::move(text)}, outgoing_kind::request, id};
}

outgoing notification(std::string text) {
  return {shared_text{std::move(text)}, outgoing_kind::one_way, 0};
}

class OutboxTest : public ::testing::Test {
protected:
  OutboxTest() : pipe(std::move(*make_pipe())) {
    signal(SIGPIPE, SIG_IGN);
    set_nonblocking(pipe.read.get());
    set_nonblocking(pipe.write.get());
  }

  progress write() { return box.write_to(pipe.write.get()); }

  // What the pipe holds now.
  std::string read() {
    std::string out;
    char bytes[4096];
    for (ssize_t n; (n = ::read(pipe.read.get(), bytes, sizeof(bytes))) > 0;)
      out.append(bytes, static_cast<std::size_t>(n));
    return out;
  }

  pipe_ends pipe;
  outbox box{1024 * 1024};
};

} // namespace

TEST_F(OutboxTest, WritesALinePerMessageInOrder) {
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(box.push(notification(std::to_string(i))));
  EXPECT_EQ(write(), progress::done);
  std::string expected;
  for (int i = 0; i < 100; ++i)
    expected += std::to_string(i) + "\n";
  EXPECT_EQ(read(), expected);
  EXPECT_TRUE(box.empty());
  EXPECT_EQ(box.bytes(), 0u);
}

TEST_F(OutboxTest, GoesOnWhereAFullPipeStoppedIt) {
  fcntl(pipe.write.get(), F_SETPIPE_SZ, 4096);
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    auto text = std::string(static_cast<std::size_t>(997 + i),
                            static_cast<char>('a' + i % 26));
    ASSERT_TRUE(box.push(notification(text)));
    expected += text + "\n";
  }
  std::string got;
  for (;;) {
    auto state = write();
    got += read();
    if (state == progress::done)
      break;
    ASSERT_EQ(state, progress::full);
  }
  EXPECT_EQ(got, expected);
}

TEST_F(OutboxTest, RefusesWhatExceedsItsBound) {
  ASSERT_TRUE(box.push(notification(std::string(600 * 1024, 'x'))));
  auto refused = box.push(notification(std::string(600 * 1024, 'x')));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::busy);
  EXPECT_NE(refused.error().text.find("1048576"), std::string::npos);
  EXPECT_TRUE(box.push(notification("small")));
}

TEST_F(OutboxTest, TakesALoneMessageOfAnySize) {
  EXPECT_TRUE(box.push(notification(std::string(2 * 1024 * 1024, 'x'))));
}

TEST_F(OutboxTest, CountsTheKeepOfTinyMessages) {
  int taken = 0;
  while (box.push(notification("")))
    ++taken;
  EXPECT_LT(taken, 1024 * 1024 / 32);
}

TEST_F(OutboxTest, TakesBackAForgottenRequest) {
  ASSERT_TRUE(box.push(request(1, "one")));
  ASSERT_TRUE(box.push(request(2, "two")));
  ASSERT_TRUE(box.push(request(3, "three")));
  box.forget(2);
  box.forget(7);
  write();
  EXPECT_EQ(read(), "one\nthree\n");
  EXPECT_EQ(box.bytes(), 0u);
}

TEST_F(OutboxTest, FinishesAForgottenRequestThatHasBegun) {
  fcntl(pipe.write.get(), F_SETPIPE_SZ, 4096);
  auto text = std::string(5000, 'x');
  ASSERT_TRUE(box.push(request(1, text)));
  ASSERT_EQ(write(), progress::full);
  box.forget(1);
  auto got = read();
  EXPECT_EQ(write(), progress::done);
  EXPECT_EQ(got + read(), text + "\n");
}

TEST_F(OutboxTest, LetsOthersHaveTheirTurn) {
  box = outbox{64 * 1024 * 1024};
  fcntl(pipe.write.get(), F_SETPIPE_SZ, 1024 * 1024);
  for (int i = 0; i < 5000; ++i)
    ASSERT_TRUE(box.push(notification("x")));
  EXPECT_EQ(write(), progress::more);
  while (write() != progress::done) {
  }
  EXPECT_EQ(read().size(), 10000u);
}

TEST_F(OutboxTest, TellsThatNobodyReads) {
  pipe.read.reset();
  ASSERT_TRUE(box.push(notification("x")));
  EXPECT_EQ(write(), progress::failed);
  EXPECT_EQ(errno, EPIPE);
}

TEST_F(OutboxTest, KnowsTheRequestsThatWereNotBegun) {
  fcntl(pipe.write.get(), F_SETPIPE_SZ, 4096);
  ASSERT_TRUE(box.push(request(1, "one")));
  ASSERT_TRUE(box.push(request(2, std::string(5000, 'x'))));
  ASSERT_TRUE(box.push(request(3, "three")));
  ASSERT_TRUE(box.push(notification("none")));
  ASSERT_TRUE(box.push(request(4, "four")));
  EXPECT_EQ(box.unsent(), (std::vector<std::int64_t>{1, 2, 3, 4}));
  ASSERT_EQ(write(), progress::full);
  EXPECT_EQ(box.unsent(), (std::vector<std::int64_t>{3, 4}));
}
