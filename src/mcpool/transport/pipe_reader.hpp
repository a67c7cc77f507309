// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/result.hpp>
#include <mcpool/transport/unique_fd.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace mcpool::transport {

/// Reads a pipe to its end, one bounded piece in each turn of the loop. Keeps
/// no buffer while there is nothing to read. Belongs to the loop's thread.
class pipe_reader {
public:
  explicit pipe_reader(boost::asio::io_context& context) : pipe_(context) {}

  /// Begins; once. `on_bytes` gets each piece, an empty one at the end of the
  /// pipe, which is closed by then, and nothing after that or after `stop`,
  /// which it may call. When it throws, that piece is lost and the next one
  /// comes. `owner`, which holds this object, lives until then.
  result<void> start(unique_fd pipe, std::shared_ptr<void> owner,
                     std::function<void(std::string_view)> on_bytes);

  /// Closes the pipe.
  void stop();

  /// True between `start` and the end of the pipe or `stop`.
  bool reading() const noexcept { return pipe_.is_open(); }

private:
  void wait(std::shared_ptr<void> owner);
  void read_some();

  boost::asio::posix::stream_descriptor pipe_;
  std::function<void(std::string_view)> on_bytes_;
};

} // namespace mcpool::transport
