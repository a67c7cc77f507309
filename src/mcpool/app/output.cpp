// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/output.hpp>

#include <mcpool/app/exit_code.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/protocol/json_view.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace mcpool::app {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// Characters, not bytes; wide ones count as one.
std::size_t width_of(std::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), is_continuation);
}

char without_control(char c) {
  auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7f ? ' ' : c;
}

// The first error of standard output, an errno value; 0 for none.
std::atomic<int> lost_because{0};

void note_loss(int why) {
  auto none = 0;
  lost_because.compare_exchange_strong(none, why);
}

void put(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) < text.size())
    note_loss(errno);
}

void flush() {
  if (std::fflush(stdout) != 0)
    note_loss(errno);
}

// With other codes the time only says when the pool itself would try again.
bool tells_when_to_retry(const refusal& why) {
  auto is_bounded = why.code == errc::busy || why.code == errc::cooling_down;
  return is_bounded && *why.retry_after > duration::zero();
}

/// What `--json` prints of a refusal.
struct error_view {
  refusal error;
};

BOOST_DESCRIBE_STRUCT(error_view, (), (error))

} // namespace

void print_line(std::string_view text) {
  put(text);
  put("\n");
  flush();
}

void print_text(std::string_view text) {
  put(text);
  flush();
}

bool output_lost() {
  pollfd out{STDOUT_FILENO, 0, 0};
  if (poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0)
    note_loss(EPIPE);
  return lost_because != 0;
}

int code_after_output(int code) {
  auto why = lost_because.load();
  if (why == 0)
    return code;
  if (why != EPIPE)
    complain(cat("cannot write to standard output: ",
                 std::generic_category().message(why)));
  if (code > exit_code::negative)
    return code;
  return why == EPIPE ? exit_code::output_closed : exit_code::refused;
}

void complain(std::string_view text) {
  auto line = cat("mcpool: ", text, "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int print_refusal(const refusal& why, format how) {
  auto text = cat(name_of(why.code), ": ", why.text);
  if (why.retry_after && tells_when_to_retry(why))
    text += cat("; try again in ", format_duration(*why.retry_after));
  if (why.login_url)
    text += cat("; log in at ", *why.login_url);
  complain(text);
  if (how == format::json)
    print_line(protocol::to_json_text(error_view{why}));
  return exit_code::refused;
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.resize(std::max(widths.size(), i + 1));
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size())
        line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    print_line(line);
  }
}

std::string one_line(std::string_view text, std::size_t width) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), without_control);
  std::size_t count = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (is_continuation(out[i]))
      continue;
    if (++count > width)
      return out.erase(i).append("…");
  }
  return out;
}

} // namespace mcpool::app
