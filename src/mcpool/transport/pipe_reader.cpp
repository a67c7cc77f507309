// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/pipe_reader.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/transport/survives.hpp>

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace mcpool::transport {

namespace {

/// As much as a pipe holds.
constexpr std::size_t piece_size = 64 * 1024;

} // namespace

result<void>
pipe_reader::start(unique_fd pipe, std::shared_ptr<void> owner,
                   std::function<void(std::string_view)> on_bytes) {
  set_nonblocking(pipe.get());
  boost::system::error_code failed;
  pipe_.assign(pipe.get(), failed);
  if (failed)
    return make_refusal(errc::connect_failed,
                        cat("a pipe cannot be watched: ", failed.message()));
  pipe.release();
  on_bytes_ = std::move(on_bytes);
  wait(std::move(owner));
  return {};
}

void pipe_reader::stop() {
  boost::system::error_code ignored;
  pipe_.close(ignored);
}

void pipe_reader::wait(std::shared_ptr<void> owner) {
  pipe_.async_wait(pipe_.wait_read, [this, owner = std::move(owner)](
                                      const auto& cancelled) mutable {
    if (cancelled || !reading())
      return;
    survives([&] { read_some(); });
    if (reading())
      wait(std::move(owner));
  });
}

void pipe_reader::read_some() {
  char bytes[piece_size];
  auto got = ::read(pipe_.native_handle(), bytes, sizeof(bytes));
  if (got > 0)
    return on_bytes_({bytes, static_cast<std::size_t>(got)});
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  stop();
  on_bytes_({});
}

} // namespace mcpool::transport
