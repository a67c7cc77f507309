// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/protocol/line_framing.hpp>

#include <mcpool/core/cat.hpp>

#include <utility>

namespace mcpool::protocol {

result<void> line_reader::feed(std::string_view bytes,
                               std::vector<shared_text>& lines) {
  if (failed_)
    return too_long();
  while (!bytes.empty()) {
    auto end = bytes.find('\n');
    if (!keep(bytes.substr(0, end)))
      return too_long();
    if (end == bytes.npos)
      break;
    finish(lines);
    bytes.remove_prefix(end + 1);
  }
  return {};
}

bool line_reader::keep(std::string_view part) {
  auto size = partial_.size() + part.size();
  // The `\r` of the end does not count.
  if (size > max_line_ && !part.empty()
      && !(size - 1 == max_line_ && part.back() == '\r')) {
    failed_ = true;
    partial_ = {};
    return false;
  }
  partial_ += part;
  return true;
}

void line_reader::finish(std::vector<shared_text>& lines) {
  auto line = std::exchange(partial_, {});
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  if (!line.empty())
    lines.emplace_back(std::move(line));
}

refusal line_reader::too_long() const {
  return make_refusal(errc::payload_too_large,
                      cat("a line has more than ", max_line_, " bytes"));
}

} // namespace mcpool::protocol
