// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/raw_child.hpp>

#include <mcpool/bench/raw_http.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>

namespace mcpool::bench {

raw_child::raw_child(const std::vector<std::string>& command) {
  int in[2];
  int out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
    throw std::runtime_error{"no more pipes"};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in[0], 0);
  posix_spawn_file_actions_adddup2(&files, out[1], 1);
  std::vector<char*> words;
  for (const auto& x : command)
    words.push_back(const_cast<char*>(x.c_str()));
  words.push_back(nullptr);
  auto failed
    = posix_spawnp(&pid_, words[0], &files, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  ::close(in[0]);
  ::close(out[1]);
  input_ = in[1];
  output_ = out[0];
  if (failed != 0)
    throw std::runtime_error{command.front() + ": " + std::strerror(failed)};
}

raw_child::~raw_child() {
  ::close(input_);
  ::close(output_);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void raw_child::send(std::string line) {
  line += '\n';
  if (::write(input_, line.data(), line.size())
      != static_cast<ssize_t>(line.size()))
    throw std::runtime_error{"the server does not read"};
}

void raw_child::shake_hands(std::function<void()> done) {
  on_line([this, done = std::move(done)](std::string_view) {
    send(raw_initialized());
    auto last = done; // it may set another handler
    last();
  });
  send(raw_initialize());
}

bool raw_child::read_some() {
  char bytes[64 * 1024];
  auto got = ::read(output_, bytes, sizeof(bytes));
  if (got <= 0)
    return false;
  unread_.append(bytes, static_cast<std::size_t>(got));
  std::size_t begin = 0;
  for (auto end = unread_.find('\n'); end != std::string::npos;
       end = unread_.find('\n', begin)) {
    auto handle = on_line_;
    handle(std::string_view{unread_}.substr(begin, end - begin));
    begin = end + 1;
  }
  unread_.erase(0, begin);
  return true;
}

void run_children(const std::function<std::vector<raw_child*>()>& all,
                  const std::function<bool()>& done) {
  while (!done()) {
    auto children = all();
    std::vector<pollfd> waits;
    for (auto* x : children)
      waits.push_back({x->output(), POLLIN, 0});
    if (::poll(waits.data(), waits.size(), 60'000) <= 0)
      throw std::runtime_error{"no server answered within a minute"};
    for (std::size_t i = 0; i < waits.size(); ++i)
      if (waits[i].revents != 0 && !children[i]->read_some())
        throw std::runtime_error{"a server ended"};
  }
}

} // namespace mcpool::bench
