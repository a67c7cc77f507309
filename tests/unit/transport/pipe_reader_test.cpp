// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/pipe_reader.hpp>

#include <mcpool/transport/unique_fd.hpp>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

using namespace mcpool;
using namespace mcpool::transport;

namespace {

class PipeReaderTest : public ::testing::Test {
protected:
  PipeReaderTest() : pipe(std::move(*make_pipe())) {
    auto ok = aut->start(std::move(pipe.read), aut,
                         [this](std::string_view x) { on_bytes(x); });
    EXPECT_TRUE(ok);
  }

  void on_bytes(std::string_view x) {
    if (std::exchange(fails_next, false))
      throw std::bad_alloc{};
    if (x.empty())
      ended = true;
    got += x;
  }

  // Runs what is ready; what throws costs its caller nothing else, as on an
  // io_loop.
  void run() {
    try {
      context.restart();
      context.poll();
    } catch (const std::bad_alloc&) {
    }
  }

  void write(std::string_view text) {
    EXPECT_EQ(::write(pipe.write.get(), text.data(), text.size()),
              static_cast<ssize_t>(text.size()));
    run();
  }

  boost::asio::io_context context;
  pipe_ends pipe;
  std::shared_ptr<pipe_reader> aut = std::make_shared<pipe_reader>(context);
  std::string got;
  bool fails_next = false;
  bool ended = false;
};

} // namespace

TEST_F(PipeReaderTest, ReadsToTheEndOfThePipe) {
  write("one ");
  write("two");
  EXPECT_EQ(got, "one two");
  pipe.write.reset();
  run();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(aut->reading());
}

TEST_F(PipeReaderTest, GoesOnAfterAPieceThatNobodyHadMemoryForRegression) {
  fails_next = true;
  write("lost");
  EXPECT_TRUE(aut->reading());
  write("kept");
  EXPECT_EQ(got, "kept");
  pipe.write.reset();
  run();
  EXPECT_TRUE(ended);
}
