// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/outbox.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/uio.h>

namespace mcpool::transport {

namespace {

/// Pieces in one system call: two for each message.
constexpr int max_pieces = 128;
/// System calls in one turn of the loop; a pipe holds 64 kB.
constexpr int max_rounds = 16;

std::size_t line_size(const outgoing& x) {
  return x.text.size() + 1;
}

/// Many tiny messages are not free.
std::size_t cost(const outgoing& x) {
  return line_size(x) + sizeof(outgoing);
}

iovec piece(std::string_view bytes) {
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

} // namespace

result<void> outbox::push(outgoing x) {
  auto size = cost(x);
  if (!queue_.empty() && bytes_ + size > max_bytes_)
    return make_refusal(errc::busy,
                        cat("busy: ", queue_.size(), " messages with ", bytes_,
                            " of at most ", max_bytes_,
                            " bytes wait to be read by the server"));
  bytes_ += size;
  queue_.push_back(std::move(x));
  return {};
}

void outbox::forget(std::int64_t request_id) {
  auto first = queue_.begin() + static_cast<std::ptrdiff_t>(first_whole());
  auto pos = std::find_if(first, queue_.end(), [=](const outgoing& x) {
    return x.request_id == request_id && x.kind != outgoing_kind::one_way;
  });
  if (pos == queue_.end())
    return;
  bytes_ -= cost(*pos);
  queue_.erase(pos);
}

outbox::progress outbox::write_to(int fd) {
  for (int round = 0; round < max_rounds; ++round) {
    if (queue_.empty())
      return progress::done;
    auto written = write_some(fd);
    if (written >= 0)
      advance(static_cast<std::size_t>(written));
    else if (errno == EAGAIN)
      return progress::full;
    else if (errno != EINTR)
      return progress::failed;
  }
  return queue_.empty() ? progress::done : progress::more;
}

std::vector<std::int64_t> outbox::unsent() const {
  std::vector<std::int64_t> out;
  for (auto i = first_whole(); i < queue_.size(); ++i)
    if (queue_[i].kind != outgoing_kind::one_way)
      out.push_back(queue_[i].request_id);
  return out;
}

void outbox::clear() {
  queue_.clear();
  bytes_ = 0;
  offset_ = 0;
}

// The message from which on nothing was written.
std::size_t outbox::first_whole() const noexcept {
  return offset_ > 0 ? 1 : 0;
}

long outbox::write_some(int fd) const {
  iovec pieces[max_pieces];
  int count = 0;
  auto skip = offset_;
  for (auto& x : queue_) {
    if (count == max_pieces)
      break;
    auto text = x.text.view();
    pieces[count++] = piece(text.substr(std::min(skip, text.size())));
    pieces[count++] = piece("\n");
    skip = 0;
  }
  return writev(fd, pieces, count);
}

void outbox::advance(std::size_t written) {
  offset_ += written;
  while (!queue_.empty() && offset_ >= line_size(queue_.front())) {
    offset_ -= line_size(queue_.front());
    bytes_ -= cost(queue_.front());
    queue_.pop_front();
  }
}

} // namespace mcpool::transport
